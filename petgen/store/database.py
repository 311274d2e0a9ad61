"""The connection: transactions that read, transactions that write, on SQLite or any other database."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, exc, make_url
from sqlmodel import Session

from petgen.case import InputError
from petgen.case.plain import shown

_WAIT_S = 30
_MEND = "Check PETGEN_STORE_URL, that the database can be reached and written, and that the disk is not full."

_RESTORE = "Restore the store from a backup, or set PETGEN_STORE_URL to another one."


class Database:
    """One database, shared by the threads of a process.

    Args:
        url: Any SQLAlchemy URL; SQLite must be a file.

    Raises:
        InputError: The URL is none, its driver is not installed, or the file cannot be made.
    """

    def __init__(self, url: str | URL) -> None:
        try:
            parsed = make_url(url)
            self.where = parsed.render_as_string(hide_password=True)
            self.is_sqlite = parsed.get_backend_name() == "sqlite"
            if self.is_sqlite:
                _private_file(parsed)
            waits = {"timeout": _WAIT_S} if self.is_sqlite else {}
            serializer = partial(dumps, allow_nan=False)
            self.engine = create_engine(parsed, connect_args=waits, json_serializer=serializer, pool_pre_ping=True)
        except (exc.SQLAlchemyError, ImportError) as error:
            what = "the store's address cannot be used" if isinstance(error, exc.SQLAlchemyError) else str(error)
            raise InputError(what, where="PETGEN_STORE_URL", mend=_MEND) from None
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that reads; sees one state of the store.

        Raises:
            InputError: The database cannot be reached.
        """
        with self.connected(write=False) as connection, Session(connection, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: all of it, or none when the block raises.

        Raises:
            InputError: The database cannot be reached or written.
        """
        with self.connected(write=True) as connection, Session(connection, expire_on_commit=False) as session:
            yield session
            session.flush()

    @contextmanager
    def connected(self, *, write: bool) -> Iterator[Connection]:
        """The connection of one transaction.

        Raises:
            InputError: The database cannot be reached or written, or a row holds what petgen never writes.
        """
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(petgen_write=write)
                with connection.begin():
                    yield connection
        except (exc.IntegrityError, exc.ProgrammingError):
            raise
        except (exc.DatabaseError, exc.InterfaceError, exc.TimeoutError, sqlite3.Error) as error:
            raise self._unusable(error) from None
        except InputError:
            raise
        except (ValueError, RecursionError) as error:
            reason = shown(str(error), 100)
            raise InputError(f"a row of the store is damaged ({reason})", where=self.where, mend=_RESTORE) from error

    def forget_deleted(self) -> None:
        """Empties SQLite's log, in which deleted values would live on; waits for those who read.

        Raises:
            InputError: The database cannot be reached.
        """
        if self.is_sqlite:
            connection = self.engine.raw_connection()
            try:
                cursor = connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.fetchall()
            except sqlite3.Error as error:
                raise self._unusable(error) from None
            finally:
                connection.close()

    def close(self) -> None:
        """Lets go of every connection."""
        self.engine.dispose()

    def _unusable(self, error: Exception) -> InputError:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return InputError(f"the store cannot be used ({reason})", where=self.where, mend=_MEND)


def _private_file(url: URL) -> None:
    if url.database in (None, "", ":memory:"):
        raise InputError(
            "the store needs a file, not SQLite in memory", where="PETGEN_STORE_URL", mend="Write sqlite:////a/path.db."
        )
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise InputError(f"the store cannot be opened ({error.strerror})", where=str(path), mend=_MEND) from None


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("petgen_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
