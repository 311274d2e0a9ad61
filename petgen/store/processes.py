"""Which processes live, and what becomes of the jobs of those that died."""

import os
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from petgen.store.database import Database
from petgen.store.liveness import has_ended, machine
from petgen.store.runs import change
from petgen.store.tables import ACTIVE, CaseRow, JobRow, ProcessRow, Source
from petgen.store.times import now

LEASE_S = 120.0
"""A process that has said nothing for this long is dead; a long step may keep a living one from speaking."""
_KEPT: tuple[Source, ...] = ("demo", "stripped")
_MOST_ATTEMPTS = 3
_LOST = "petgen was restarted before this case was finished, and uploads are never kept. Upload the scan again."
_FATAL = f"petgen stopped {_MOST_ATTEMPTS} times while it ran this case. It will not be tried again by itself."


class Processes:
    """The table of processes.

    Args:
        database: Where it is.
        process: Token of this process.
    """

    def __init__(self, database: Database, process: str) -> None:
        self._database, self._process = database, process

    def beat(self) -> None:
        """Says that this process lives.

        Raises:
            InputError: The store cannot be written.
        """
        mine = update(ProcessRow).where(col(ProcessRow.token) == self._process).values(beat=now())
        try:
            with self._database.writing() as session:
                if not session.exec(mine.execution_options(synchronize_session=False)).rowcount:
                    session.add(ProcessRow(token=self._process, machine=machine(), number=os.getpid(), beat=now()))
        except IntegrityError:
            return  # another thread of this process has just said so

    def alive(self, lease_s: float = LEASE_S) -> set[str]:
        """Tokens of the processes that live, this one among them."""
        with self._database.reading() as session:
            return _alive(session, lease_s) | {self._process}

    def recover(self, lease_s: float = LEASE_S) -> int:
        """Settles the jobs of dead processes: queued again where the scan is kept, else to be uploaded again.

        A sign of life from the future, as a clock that was set back leaves it, counts as one of now.

        Args:
            lease_s: Seconds of silence after which a process is dead.

        Returns:
            How many jobs were settled.

        Raises:
            InputError: The store cannot be written.
        """
        with self._database.writing() as session:
            time = now()
            ahead = update(ProcessRow).where(col(ProcessRow.beat) > time).values(beat=time)
            session.exec(ahead.execution_options(synchronize_session=False))
            alive = _alive(session, lease_s) | {self._process}
            settled = _settle(session, col(JobRow.process).not_in(alive), died=True)
            session.exec(delete(ProcessRow).where(col(ProcessRow.token).not_in(alive)))
            return settled

    def leave(self) -> None:
        """Ends this process in order: its jobs are settled at once, without waiting for its silence.

        Raises:
            InputError: The store cannot be written.
        """
        with self._database.writing() as session:
            _settle(session, col(JobRow.process) == self._process, died=False)
            session.exec(delete(ProcessRow).where(col(ProcessRow.token) == self._process))


def _alive(session: Session, lease_s: float) -> set[str]:
    known = select(ProcessRow.token, ProcessRow.machine, ProcessRow.number)
    heard = session.exec(known.where(col(ProcessRow.beat) >= now() - timedelta(seconds=lease_s)))
    return {token for token, where, number in heard if not has_ended(where, number)}


def _settle(session: Session, whose: ColumnElement[bool], *, died: bool) -> int:
    fatal = (col(JobRow.state) == "running") & (col(JobRow.attempts) >= _MOST_ATTEMPTS)
    theirs = select(JobRow.id, CaseRow.source, fatal).join(CaseRow).where(col(JobRow.state).in_(ACTIVE), whose)
    found = session.exec(theirs.with_for_update(of=JobRow, skip_locked=True)).all()
    for job, source, too_often in found:
        settled: dict[str, Any] = {"state": "queued", "started": None, "step": "", "step_index": 0, "step_total": 0}
        if source not in _KEPT:
            settled = {"state": "upload again", "message": _LOST, "ended": now()}
        elif died and too_often:
            settled = {"state": "failed", "message": _FATAL, "ended": now()}
        change(session, job, ACTIVE, process=None, **settled)
    return len(found)
