"""Brings a database to the tables of this version."""

from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection

from petgen.case import InputError
from petgen.store.database import Database
from petgen.store.postgres import take_turns

_ALEMBIC = Lock()
"""Alembic keeps its context in a global."""


def migrate(database: Database, to: str = "head") -> None:
    """Applies the revisions that the database lacks, all or none; processes that open it together take turns.

    Args:
        database: Empty, older, or of this version.
        to: Last revision to apply.

    Raises:
        InputError: The database was made by a newer petgen, or cannot be written.
    """
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration()
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    with _ALEMBIC, database.connected(write=True) as connection:
        if connection.dialect.name == "postgresql":
            take_turns(connection)
        found = revision_of(connection)
        if found and found not in known:
            raise InputError(
                f"the store was written by a newer petgen (revision {found}; this one knows up to "
                f"{script.get_current_head()})",
                where=database.where,
                mend="Update petgen, or set PETGEN_STORE_URL to another store.",
            )
        if found != (script.get_current_head() if to == "head" else to):
            config.attributes["connection"] = connection
            command.upgrade(config, to)


def revision_of(connection: Connection) -> str | None:
    """The revision that a database is at; None when it is empty."""
    from alembic.migration import MigrationContext

    found: str | None = MigrationContext.configure(connection).get_current_revision()
    return found


def configuration() -> Any:
    """Alembic's configuration, pointing at the revisions inside the package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
