"""One job from its first step to its end."""

import logging
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from traceback import extract_tb

from petgen.case import InputError, Step
from petgen.jobs.patience import patiently
from petgen.jobs.submitter import Work, Write
from petgen.store import CaseRow, JobRow, Store, UnreachableError

_LOG = logging.getLogger("petgen.jobs")
_PLACES = 3


def run_job(
    store: Store, job: JobRow, case: CaseRow, work: Work, write: Write | None, stopping: Callable[[], bool]
) -> None:
    """Runs a claimed job; whatever the work raises ends as the state of the job. Waits for a store that is away.

    Args:
        store: Is told every step.
        job: Running, and this process's.
        case: Its case.
        work: What to run.
        write: Writes the outcome as the result of the case; None where the outcome is not kept.
        stopping: Asked before every step whether this process ends; the job is then left as it is.

    Raises:
        UnreachableError: The store's server is away, and the process ends.
        InputError: The store cannot be written.
    """
    try:
        _run(store, job, case, work, write, stopping)
    except _Stopped:
        return
    except InputError as error:
        if stopping() and isinstance(error, UnreachableError):
            raise
        told = str(error)
    except Exception as error:  # noqa: BLE001 - the message may hold patient data: neither shown nor logged
        _LOG.error("job %s failed: %s at %s", job.id, type(error).__name__, _where(error))
        told = f"Something went wrong inside petgen. Run the case again; if it stays, report job {job.id}."
    else:
        patiently(lambda: store.runs.end(job.id, "done"), stopping)
        return
    patiently(lambda: store.runs.end(job.id, "failed", told), stopping)


class _Stopped(Exception):  # noqa: N818 - not an error
    """Cancelled, deleted, or the process ends."""


def _run(
    store: Store, job: JobRow, case: CaseRow, work: Work, write: Write | None, stopping: Callable[[], bool]
) -> None:
    outcome = None
    events = work()
    try:
        for event in events:
            if not isinstance(event, Step):
                outcome = event
            elif stopping() or not patiently(partial(store.runs.progress, job.id, event), stopping):
                raise _Stopped
    finally:
        _close(events)
    if write is None:
        return
    if outcome is None:
        raise InputError("the pipeline ended without a result", mend="Run the case again; if it stays, report it.")

    def writer(folder: Path) -> None:
        write(outcome, folder)
        if not store.runs.is_running(job.id):
            raise _Stopped

    patiently(lambda: store.save_result(case.id, case.owner, writer), stopping)


def _close(events: Iterator[object]) -> None:
    if isinstance(events, Generator):
        events.close()


def _where(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)[-_PLACES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in reversed(frames))
