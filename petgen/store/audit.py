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

    def all(self, *, who: str | None = None, code: str | None = None) -> list[AuditRow]:
        """What everybody did, the oldest first; for who runs this petgen, not for its users.

        Args:
            who: One owner or reader alone.
            code: One case code alone.
        """
        lines = select(AuditRow).order_by(col(AuditRow.number))
        lines = lines if who is None else lines.where(AuditRow.who == who)
        with self._database.reading() as session:
            return list(session.exec(lines if code is None else lines.where(AuditRow.code == code)))


def note(session: Session, who: str, deed: Deed, code: str) -> None:
    """Adds a line inside a transaction."""
    session.add(AuditRow(who=who, deed=deed, code=code))
