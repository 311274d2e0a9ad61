"""The one way to submit work, whoever runs it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from petgen.store import CaseRow, JobRow

Work = Callable[[], Iterator[object]]
"""Begins the work: yields a `petgen.case.Step` as each step begins, and last the outcome."""
Rebuild = Callable[[CaseRow], Work]
"""Makes the work of a case anew, from a bundled demo or a kept scan, in a process that did not submit it."""
Write = Callable[[Any, Path], object]
"""Writes an outcome into an empty folder, as `petgen.report.write_outputs` does."""


class Submitter(Protocol):
    """Runs work and tells how far it is; only the owner of a case can ask."""

    def submit(self, case: str, owner: str, work: Work) -> str:
        """Puts the work of a case at the end of the queue and returns the id of the job.

        Raises:
            InputError: There is no such case of this owner.
        """

    def status(self, job: str, owner: str) -> JobRow:
        """State, step and message of a job.

        Raises:
            InputError: There is no such job of this owner.
        """

    def position(self, job: str, owner: str) -> int | None:
        """1 for the job that begins next; None once it has left the queue.

        Raises:
            InputError: There is no such job of this owner.
        """

    def cancel(self, job: str, owner: str) -> bool:
        """Cancels a job; a running one stops before its next step. Returns whether there was anything to cancel.

        Raises:
            InputError: There is no such job of this owner.
        """
