"""What PostgreSQL needs: its driver, waits that end, one state of the store for who reads."""

from typing import Any

from sqlalchemy import URL, Connection, text

_OPTIONS: dict[str, Any] = {
    "application_name": "petgen",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "options": "-c lock_timeout=30s",
}
_MIGRATING = 7384106


def with_driver(url: URL) -> URL:
    """The address with the driver of `petgen[postgres]`, where it names PostgreSQL and no driver."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def options_of(url: URL) -> dict[str, Any]:
    """Options of libpq for each connection, where the driver is built on it and the address does not say otherwise.

    They bound how long a server that is gone, or a lock that is held, is waited for.
    """
    if url.drivername not in ("postgresql+psycopg", "postgresql+psycopg2"):
        return {}
    return {name: value for name, value in _OPTIONS.items() if name not in url.query}


def transaction(*, write: bool) -> dict[str, Any]:
    """Execution options of a transaction.

    One that reads sees one state of the store. One that writes sees what is committed at each statement, and locks the
    rows that it relies on, so that it waits where a stricter level would have to be tried again.

    Args:
        write: Whether it writes.
    """
    if write:
        return {"isolation_level": "READ COMMITTED"}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def take_turns(connection: Connection) -> None:
    """Waits until no other process migrates this database; the turn ends with the transaction."""
    connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATING})"))
