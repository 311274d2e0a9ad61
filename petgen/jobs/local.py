"""Work on threads of this process; the embedded default."""

import atexit
import logging
from collections.abc import Iterator
from functools import partial
from threading import Condition, Event, Thread
from time import monotonic
from types import TracebackType
from typing import Self

from petgen.case import InputError
from petgen.imaging.scratch import sweep_scratch
from petgen.jobs.heart import heart
from petgen.jobs.patience import patiently
from petgen.jobs.run import run_job
from petgen.jobs.submitter import Rebuild, Work, Write
from petgen.store import LEASE_S, CaseRow, JobRow, Store, UnreachableError

_LOG = logging.getLogger("petgen.jobs")
_UNTOLD = "The store could not be written while this case ran; the disk may have been full. Run the case again."


class LocalPool:
    """Runs jobs in the order of coming; a `Submitter`. Uploads wait in its memory and nowhere else.

    Args:
        store: Holds the state of every job, so that a reloaded page finds it again.
        workers: How many jobs run at once.
        write: Writes an outcome as the result of its case; None where outcomes are not kept.
        rebuild: Makes the work of a job that a dead process left; None where this pool takes none over.
        beat_s: Seconds between two signs of life.
        lease_s: Seconds of silence after which another process is dead.

    Raises:
        InputError: The store cannot be written.
    """

    def __init__(
        self,
        store: Store,
        workers: int = 1,
        *,
        write: Write | None = None,
        rebuild: Rebuild | None = None,
        beat_s: float = 5.0,
        lease_s: float = LEASE_S,
    ) -> None:
        self._store, self._write, self._rebuild = store, write, rebuild
        self._beat_s = beat_s
        self._works: dict[str, Work] = {}
        self._in_hand: set[str] = set()
        self._unheard = False
        self._changed, self._changes, self._stopping = Condition(), 0, Event()
        sweep_scratch()
        store.processes.beat()
        store.processes.recover(lease_s)
        self._workers = [Thread(target=self._work, name=f"petgen job {n + 1}", daemon=True) for n in range(workers)]
        self._heart = heart(store, beat_s, lease_s, self._stopping, self._after_beat)
        for thread in (self._heart, *self._workers):
            thread.start()
        atexit.register(self.close)

    def submit(self, case: str, owner: str, work: Work) -> str:
        """Puts the work of a case at the end of the queue and returns the id of the job.

        Raises:
            InputError: There is no such case of this owner, or petgen is stopping.
        """
        with self._changed:
            if self._stopping.is_set():
                raise InputError("petgen is stopping", mend="Wait until it is back, then run the case again.")
            job = self._store.jobs.add(case, owner)
            self._works[job] = work
            self._wake()
        return job

    def status(self, job: str, owner: str) -> JobRow:
        """State, step and message of a job.

        Raises:
            InputError: There is no such job of this owner.
        """
        return self._store.jobs.get(job, owner)

    def position(self, job: str, owner: str) -> int | None:
        """1 for the job that begins next; None once it has left the queue.

        Raises:
            InputError: There is no such job of this owner.
        """
        return self._store.jobs.position(job, owner)

    def cancel(self, job: str, owner: str) -> bool:
        """Cancels a job; a running one stops before its next step. Returns whether there was anything to cancel.

        Raises:
            InputError: There is no such job of this owner.
        """
        cancelled = self._store.jobs.cancel(job, owner)
        with self._changed:
            self._works.pop(job, None)
        return cancelled

    def close(self, wait_s: float = 10.0) -> None:
        """Stops: running jobs end before their next step, and what has not ended is settled for the next process.

        Args:
            wait_s: Longest wait for running steps; a longer step is left behind and its outcome not kept.

        Raises:
            InputError: The store cannot be written.
        """
        with self._changed:
            if self._stopping.is_set():
                return
            self._stopping.set()
            self._works.clear()
            self._wake()
        atexit.unregister(self.close)
        end = monotonic() + wait_s
        for thread in (self._heart, *self._workers):
            thread.join(max(0.0, end - monotonic()))
        self._store.processes.leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _wake(self) -> None:
        self._changes += 1
        self._changed.notify_all()

    def _work(self) -> None:
        while not self._stopping.is_set():
            seen = self._changes
            try:
                if self._run_one():
                    continue
            except InputError as error:
                _LOG.error("the queue is held up: %s", error.what)
            with self._changed:
                if self._changes == seen:
                    self._changed.wait(self._beat_s)

    def _run_one(self) -> bool:
        with self._changed:
            job = None if self._stopping.is_set() else self._claim()
            if job is None:
                return False
            work = self._works.pop(job.id, None)
            self._in_hand.add(job.id)
        try:
            case = self._case_of(job)
            if case is None:
                return True
            if work is None and self._rebuild is not None:
                work = partial(_rebuilt, self._rebuild, case)
            if work is not None:
                run_job(self._store, job, case, work, self._write, self._stopping.is_set)
        finally:
            self._in_hand.discard(job.id)
        return True

    def _claim(self) -> JobRow | None:
        if self._unheard:
            self._store.runs.give_back(self._in_hand)
        self._unheard = True
        job = self._store.runs.claim(any_process=self._rebuild is not None)
        self._unheard = False
        return job

    def _case_of(self, job: JobRow) -> CaseRow | None:
        """The case of a job; None where it was deleted or its row is damaged, with which the job ends."""
        try:
            return patiently(partial(self._store.runs.case_of, job), self._stopping.is_set)
        except UnreachableError:
            raise
        except InputError as error:
            self._store.runs.end(job.id, "failed", str(error))
            return None

    def _after_beat(self, settled: int) -> None:
        with self._changed:
            active = self._store.runs.active()
            self._works = {job: work for job, work in self._works.items() if job in active}
            running = [] if self._unheard else [job for job, state in active.items() if state == "running"]
            left = [job for job in running if job not in self._in_hand]
            if settled:
                self._wake()
        if not self._stopping.is_set():
            for job in left:
                self._store.runs.end(job, "failed", _UNTOLD)


def _rebuilt(rebuild: Rebuild, case: CaseRow) -> Iterator[object]:
    return rebuild(case)()
