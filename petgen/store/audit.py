"""Who did what to which case."""

from sqlmodel import Session, col, select

from petgen.store.database import Database
from petgen.store.tables import AuditRow, Deed


class Audit:
    """The table of deeds; lines are only ever added."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, who: str, deed: Deed, code: str) -> None:
        """Adds a line.

        Args:
            who: Owner or reader.
            deed: What was done.
            code: Code of the case.

        Raises:
            InputError: The store cannot be written.
        """
        with self._database.writing() as session:
            note(session, who, deed, code)

    def of(self, who: str) -> list[AuditRow]:
        """What one person did, the newest first."""
        with self._database.reading() as session:
            return list(session.exec(select(AuditRow).where(AuditRow.who == who).order_by(col(AuditRow.number).desc())))


def note(session: Session, who: str, deed: Deed, code: str) -> None:
    """Adds a line inside a transaction."""
    session.add(AuditRow(who=who, deed=deed, code=code))
