"""The connection: transactions that read, transactions that write, on SQLite, PostgreSQL or any other database."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from json import dumps

from sqlalchemy import URL, Connection, create_engine, exc, make_url
from sqlmodel import Session

from petgen.case import InputError
from petgen.case.plain import shown
from petgen.store import postgres, sqlite
from petgen.store.mend import MEND

_RESTORE = "Restore the store from a backup, or set PETGEN_STORE_URL to another one."
_WAIT = "Check that the database server runs, and PETGEN_STORE_URL; petgen goes on by itself once it is back."


class UnreachableError(InputError):
    """The database server cannot be reached, or lost the connection: nothing was kept, and trying again may help."""


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
                sqlite.make_private_file(parsed)
            parsed = postgres.with_driver(parsed)
            options = sqlite.OPTIONS if self.is_sqlite else postgres.options_of(parsed)
            serializer = partial(dumps, allow_nan=False)
            self.engine = create_engine(parsed, connect_args=options, json_serializer=serializer, pool_pre_ping=True)
        except (exc.SQLAlchemyError, ImportError) as error:
            what = "the store's address cannot be used" if isinstance(error, exc.SQLAlchemyError) else str(error)
            raise InputError(what, where="PETGEN_STORE_URL", mend=MEND) from None
        if self.is_sqlite:
            sqlite.prepare(self.engine)

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
            UnreachableError: The database server cannot be reached.
            InputError: The database cannot be written, or a row holds what petgen never writes.
        """
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(petgen_write=write)
                if connection.dialect.name == "postgresql":
                    connection = connection.execution_options(**postgres.transaction(write=write))
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
        if isinstance(error, exc.OperationalError | exc.InterfaceError) and not self.is_sqlite:
            return UnreachableError(f"the store cannot be reached ({reason})", where=self.where, mend=_WAIT)
        return InputError(f"the store cannot be used ({reason})", where=self.where, mend=MEND)
