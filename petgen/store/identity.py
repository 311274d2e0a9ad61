"""Which database a folder of results belongs to, so that none sweeps away what is another's."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlmodel import select

from petgen.case import InputError
from petgen.store.database import Database
from petgen.store.tables import CaseRow, IdentityRow

_FILE = "store.id"
_MEND = "Set PETGEN_DATA to the folder of this database, or PETGEN_STORE_URL to the database of this folder."


def pair(database: Database, folder: Path, lying: Callable[[], set[str]]) -> None:
    """Makes sure that a folder is this database's; a folder that says nothing yet becomes so.

    Args:
        database: At this version.
        folder: Where results lie.
        lying: Gives the ids of the cases of which something lies there.

    Raises:
        InputError: The folder is another database's, or cannot be written.
    """
    with database.reading() as session:
        mine = session.exec(select(IdentityRow.id)).one()
    file = folder / _FILE
    try:
        if not file.exists() and not _is_anothers(database, lying()):
            _write(file, mine)
        if not file.exists() or file.read_text(encoding="utf-8").strip() != mine:
            raise InputError(f"holds the results of another store than {database.where}", where=str(folder), mend=_MEND)
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "no text"
        raise InputError(f"cannot be used ({reason})", where=str(file), mend=_MEND) from None


def _is_anothers(database: Database, lying: set[str]) -> bool:
    with database.reading() as session:
        known = set(session.exec(select(CaseRow.id)))
    return bool(lying) and not lying & known


def _write(file: Path, mine: str) -> None:
    """Writes the file whole; processes that do so together do not meet, and the last one stands."""
    part = file.with_name(f".{file.name}-{uuid4().hex}")
    part.write_text(mine + "\n", encoding="utf-8")
    part.chmod(0o600)
    part.replace(file)
