"""What SQLite needs: a private file, a log of its own, turns between those who write."""

import os
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event

from petgen.case import InputError
from petgen.store.mend import MEND

OPTIONS: dict[str, Any] = {"timeout": 30}
"""Of each connection: seconds to wait for another's writing."""


def make_private_file(url: URL) -> None:
    """Makes the file, where there is none, so that only its owner can read it.

    Raises:
        InputError: The address names no file, or it cannot be made.
    """
    if url.database in (None, "", ":memory:"):
        raise InputError(
            "the store needs a file, not SQLite in memory", where="PETGEN_STORE_URL", mend="Write sqlite:////a/path.db."
        )
    path = Path(str(url.database))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise InputError(f"the store cannot be opened ({error.strerror})", where=str(path), mend=MEND) from None


def prepare(engine: Engine) -> None:
    """Sets every connection of an engine up, and has a transaction that writes begin as such."""

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("petgen_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
