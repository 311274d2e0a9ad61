"""The store: rows in a database, results in folders."""

from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import URL

from petgen.case import InputError
from petgen.store.audit import Audit
from petgen.store.cases import Cases
from petgen.store.database import Database, UnreachableError
from petgen.store.identity import pair
from petgen.store.jobs import Jobs
from petgen.store.migrate import migrate
from petgen.store.processes import Processes
from petgen.store.reads import Reads
from petgen.store.runs import Runs
from petgen.store.seal import make_private
from petgen.store.series import Series
from petgen.store.shelf import Shelf, Writer
from petgen.store.tables import new_id


class Store:
    """Where cases live. Safe to use from several threads; several processes may share one.

    Args:
        url: Any SQLAlchemy URL.
        folder: Folder of the results, made when it is not there.
        process: Token of this process, letters and digits; a new one when not given.

    Attributes:
        cases: The cases.
        jobs: Their jobs, as owners see them.
        runs: The same, as this process runs them.
        reads: What readers said of them.
        series: Blinded series, and what was read in them.
        audit: Who did what.
        processes: Who uses the store.

    Raises:
        InputError: Database or folder cannot be used, do not belong together, or a newer petgen wrote them.
    """

    def __init__(self, url: str | URL, folder: Path, *, process: str | None = None) -> None:
        self.process = process or new_id()
        try:
            make_private(folder)
        except OSError as error:
            raise InputError(
                f"cannot be made ({error.strerror})", where=str(folder), mend="Set PETGEN_DATA to another folder."
            ) from None
        self._database = Database(url)
        migrate(self._database)
        self.cases, self.audit, self.reads = Cases(self._database), Audit(self._database), Reads(self._database)
        self.series = Series(self._database)
        self.jobs, self.runs = Jobs(self._database, self.process), Runs(self._database, self.process)
        self.processes = Processes(self._database, self.process)
        self._results = Shelf(folder / "results", "result")
        self._stripped = Shelf(folder / "stripped", "stripped scan")
        pair(self._database, folder, lambda: self._results.cases() | self._stripped.cases())
        self.processes.beat()
        self._sweep()

    def save_result(self, case: str, owner: str, writer: Writer) -> Path:
        """Keeps the result of a case, whole or not at all; an earlier one is replaced.

        Args:
            case: Id of the case.
            owner: Whose it is.
            writer: Writes the files into the empty folder it is given; of a scan only what has no skull.

        Raises:
            InputError: There is no such case of this owner, or the folder cannot be written.
        """
        return self._save(self._results, case, owner, writer)

    def open_result(self, case: str, owner: str) -> Path:
        """The folder of a case's result, every file as it was written.

        Raises:
            InputError: There is no such case or no result, or a file is damaged, which is named.
        """
        return self._results.open(case, self.cases.get(case, owner).code)

    def has_result(self, case: str, owner: str) -> bool:
        """Whether a case has a result; it is not verified.

        Raises:
            InputError: There is no such case of this owner.
        """
        return self._results.has(self.cases.get(case, owner).id)

    def save_stripped(self, case: str, owner: str, writer: Writer) -> Path:
        """Keeps the scan of an uploaded case without its skull; from then on its job survives a restart.

        Raises:
            InputError: There is no such case of this owner, or the folder cannot be written.
        """
        place = self._save(self._stripped, case, owner, writer)
        self.cases.set_source(case, owner, "stripped")
        return place

    def open_stripped(self, case: str, owner: str) -> Path:
        """The folder of a case's stripped scan, every file as it was written.

        Raises:
            InputError: There is no such case or no such scan, or a file is damaged, which is named.
        """
        return self._stripped.open(case, self.cases.get(case, owner).code)

    def delete_case(self, case: str, owner: str) -> None:
        """Deletes a case: rows, results, stripped scan; one line of the audit stays, with the code alone.

        Raises:
            InputError: There is no such case of this owner, or a file cannot be deleted.
        """
        self.cases.delete(case, owner)
        for shelf in (self._results, self._stripped):
            shelf.remove(case)
        self._database.forget_deleted()

    def close(self) -> None:
        """Leaves the store; jobs of this process that have not ended are settled.

        Raises:
            InputError: The store cannot be written.
        """
        try:
            self.processes.leave()
        finally:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _save(self, shelf: Shelf, case: str, owner: str, writer: Writer) -> Path:
        self.cases.get(case, owner)
        self.processes.beat()
        place = shelf.save(case, self.process, writer)
        try:
            self.cases.get(case, owner)
        except UnreachableError:
            raise
        except InputError:
            shelf.remove(case)
            raise
        return place

    def _sweep(self) -> None:
        for shelf in (self._results, self._stripped):
            shelf.sweep(self.processes.alive())
            lying = shelf.cases()
            for orphan in lying - self.cases.ids():
                shelf.remove(orphan)
