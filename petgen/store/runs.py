"""The queue as a process sees it: jobs are claimed, told of and ended; nothing is run twice."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from petgen.case import InputError, Step
from petgen.store.database import Database
from petgen.store.readable import DAMAGED
from petgen.store.tables import ACTIVE, CaseRow, JobRow, State
from petgen.store.times import now

_HARMED = "What the store knows of this job is damaged. Run the case again."


class Runs:
    """The table of jobs, as the process that runs them sees it.

    Args:
        database: Where it is.
        process: Token of this process.
    """

    def __init__(self, database: Database, process: str) -> None:
        self._database, self._process = database, process

    def claim(self, *, any_process: bool) -> JobRow | None:
        """Takes the oldest job that is queued for this process and marks it running.

        Args:
            any_process: Also those that wait for whichever process comes first.

        Returns:
            The job, or None when there is none; no other thread or process gets the same. A damaged job is ended.
        """
        mine = col(JobRow.process) == self._process
        waiting = select(JobRow.id).where(JobRow.state == "queued")
        waiting = waiting.where(mine | col(JobRow.process).is_(None) if any_process else mine)
        waiting = waiting.order_by(col(JobRow.number)).limit(1).with_for_update(skip_locked=True)
        taken: dict[str, Any] = {"state": "running", "process": self._process, "attempts": col(JobRow.attempts) + 1}
        while True:
            with self._database.writing() as session:
                job = session.exec(waiting).one_or_none()
                if job is None or not change(session, job, ["queued"], started=now(), **taken):
                    return None
                try:
                    return session.exec(select(JobRow).where(JobRow.id == job)).one()
                except DAMAGED:
                    change(session, job, ["running"], state="failed", message=_HARMED, ended=now())

    def give_back(self, but: Collection[str]) -> None:
        """Queues again what was claimed without this process hearing of it, because the connection broke off.

        Args:
            but: Jobs that this process does run.
        """
        unheard = update(JobRow).where(col(JobRow.process) == self._process, col(JobRow.state) == "running")
        unheard = unheard.where(col(JobRow.id).not_in(but))
        changed = unheard.values(state="queued", started=None, attempts=JobRow.attempts - 1)
        with self._database.writing() as session:
            session.exec(changed.execution_options(synchronize_session=False))

    def case_of(self, job: JobRow) -> CaseRow:
        """The case of a claimed job, for who runs it and not for showing.

        Raises:
            InputError: It was deleted.
        """
        with self._database.reading() as session:
            row = session.get(CaseRow, job.case_id)
            if row is None:
                raise InputError("the case was deleted", where="Job")
            return row

    def progress(self, job: str, step: Step) -> bool:
        """Keeps the step that a running job has begun.

        Returns:
            False when it is no longer this process's to run: cancelled, deleted, or given to another.
        """
        with self._database.writing() as session:
            told = {"step": step.name, "step_index": step.index, "step_total": step.total}
            return change(session, job, ["running"], by=self._process, **told)

    def is_running(self, job: str) -> bool:
        """Whether a job is still this process's to run."""
        with self._database.reading() as session:
            mine = select(JobRow.id).where(JobRow.id == job, JobRow.state == "running")
            return session.exec(mine.where(JobRow.process == self._process)).one_or_none() is not None

    def end(self, job: str, state: State, message: str = "") -> bool:
        """Ends a running job.

        Returns:
            False when it was no longer this process's to end.
        """
        with self._database.writing() as session:
            return change(session, job, ["running"], by=self._process, state=state, message=message, ended=now())

    def active(self) -> dict[str, str]:
        """The jobs that this process has queued or running: state by id."""
        with self._database.reading() as session:
            mine = select(JobRow.id, JobRow.state).where(JobRow.process == self._process)
            return dict(session.exec(mine.where(col(JobRow.state).in_(ACTIVE))).all())


def change(session: Session, job: str, states: Sequence[State], *, by: str | None = None, **changes: Any) -> bool:
    """Changes a job inside a transaction if it is in one of some states, and run by one process where that is given.

    Returns:
        Whether it was.
    """
    changed = update(JobRow).where(col(JobRow.id) == job, col(JobRow.state).in_(states)).values(**changes)
    if by is not None:
        changed = changed.where(col(JobRow.process) == by)
    return bool(session.exec(changed.execution_options(synchronize_session=False)).rowcount)
