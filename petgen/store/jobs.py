"""The jobs of an owner: put into the queue, looked at, cancelled."""

from sqlalchemy import func
from sqlmodel import Session, col, select

from petgen.case import InputError
from petgen.store.audit import note
from petgen.store.cases import owned
from petgen.store.database import Database
from petgen.store.locks import shared
from petgen.store.readable import readable
from petgen.store.runs import change
from petgen.store.tables import ACTIVE, CaseRow, JobRow, new_id
from petgen.store.times import now


class Jobs:
    """The table of jobs, as owners see it.

    Args:
        database: Where it is.
        process: Token of this process.
    """

    def __init__(self, database: Database, process: str) -> None:
        self._database, self._process = database, process

    def add(self, case: str, owner: str, *, job: str | None = None) -> str:
        """Puts a job of this process at the end of the queue.

        Args:
            case: Id of the case.
            owner: Whose case it is.
            job: Id of the job; a new one when not given.

        Returns:
            The id of the job.

        Raises:
            InputError: There is no such case of this owner.
        """
        row = JobRow(id=job or new_id(), case_id=case, process=self._process)
        with self._database.writing() as session:
            note(session, owner, "ran", owned(session, case, owner, lock=shared).code)
            session.add(row)
        return row.id

    def get(self, job: str, owner: str) -> JobRow:
        """A job by its id.

        Raises:
            InputError: There is none of this owner.
        """
        with self._database.reading() as session:
            return _owned(session, job, owner)

    def of(self, owner: str, case: str | None = None) -> list[JobRow]:
        """The jobs of an owner, or of one of their cases, but the damaged ones, the newest first."""
        mine = select(JobRow).join(CaseRow).where(CaseRow.owner == owner).order_by(col(JobRow.number).desc())
        with self._database.reading() as session:
            return readable(session, JobRow, mine if case is None else mine.where(JobRow.case_id == case))

    def position(self, job: str, owner: str) -> int | None:
        """1 for the job that begins next, 2 for the one after it; None once it has left the queue.

        Raises:
            InputError: There is no such job of this owner.
        """
        with self._database.reading() as session:
            row = _owned(session, job, owner)
            if row.state != "queued":
                return None
            ahead = select(func.count()).select_from(JobRow)
            ahead = ahead.where(col(JobRow.state) == "queued", col(JobRow.number) < row.number)
            if row.process is not None:
                ahead = ahead.where((col(JobRow.process) == row.process) | col(JobRow.process).is_(None))
            return session.exec(ahead).one() + 1

    def cancel(self, job: str, owner: str) -> bool:
        """Takes a job out of the queue, or has it stop before its next step.

        Returns:
            Whether it was still queued or running.

        Raises:
            InputError: There is no such job of this owner.
        """
        with self._database.writing() as session:
            _owned(session, job, owner)
            return change(session, job, ACTIVE, state="cancelled", ended=now())


def _owned(session: Session, job: str, owner: str) -> JobRow:
    mine = select(JobRow).join(CaseRow).where(JobRow.id == job, CaseRow.owner == owner)
    row = session.exec(mine).one_or_none()
    if row is None:
        raise InputError("there is no such job, or its case was deleted", where="Job")
    return row
