"""Folders of files that are there whole or not at all."""

import json
import shutil
from collections.abc import Callable, Collection
from pathlib import Path
from tempfile import mkdtemp

from petgen.case import InputError
from petgen.case.plain import shown
from petgen.store.seal import CHECKSUMS, checksums, make_private, seal, sync

_OLD = "old"
Writer = Callable[[Path], object]
"""Writes files into the empty folder that it is given."""


class Shelf:
    """One folder a case.

    Args:
        folder: The shelf, made when it is not there.
        what: What lies on it, for messages.
    """

    def __init__(self, folder: Path, what: str) -> None:
        self._folder, self._what = folder, what
        self._unfinished = folder / "unfinished"

    def save(self, case: str, token: str, writer: Writer) -> Path:
        """Puts what the writer writes on the shelf, in place of what lay there.

        Args:
            case: Id of the case.
            token: Token of this process, which marks the folder until it is whole.
            writer: Whatever it raises is passed on, and nothing is kept.

        Raises:
            InputError: The folder cannot be written.
        """
        try:
            make_private(self._folder)
            make_private(self._unfinished)
            temporary = Path(mkdtemp(prefix=f"{token}-{case}-", dir=self._unfinished))
            try:
                return self._put(case, temporary, writer)
            finally:
                self._clear(temporary)
        except OSError as error:
            raise InputError(
                f"{self._what} cannot be kept ({error.strerror or shown(str(error), 100)})",
                where=str(self._folder),
                mend="Check that the disk is not full, or set PETGEN_DATA to another folder.",
            ) from None

    def has(self, case: str) -> bool:
        """Whether something whole lies there for the case; its checksums are not looked at."""
        return (self._folder / case / CHECKSUMS).is_file()

    def open(self, case: str, code: str) -> Path:
        """The folder of a case, every file as it was written.

        Args:
            case: Id of the case.
            code: Its code, for messages.

        Raises:
            InputError: Nothing is there, or a file is damaged, missing or not of petgen's writing.
        """
        place = self._folder / case
        if not self.has(case):
            raise InputError(f"there is no {self._what} of this case", where=code, mend="Run the case.")
        try:
            listed = json.loads((place / CHECKSUMS).read_text(encoding="utf-8"))
            found = checksums(place)
        except (OSError, ValueError, RecursionError):
            raise self._damaged(code, CHECKSUMS) from None
        if not isinstance(listed, dict):
            raise self._damaged(code, CHECKSUMS)
        for name in sorted(listed.keys() | found.keys()):
            if listed.get(name) != found.get(name):
                raise self._damaged(code, name)
        return place

    def remove(self, case: str) -> None:
        """Deletes what lies there for a case.

        Raises:
            InputError: It cannot be deleted.
        """
        try:
            shutil.rmtree(self._folder / case)
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(f"cannot be deleted ({error.strerror})", where=str(self._folder / case)) from None

    def cases(self) -> set[str]:
        """Ids of the cases of which something lies here."""
        return _names(self._folder) - {self._unfinished.name}

    def sweep(self, alive: Collection[str]) -> None:
        """Deletes what processes that are no longer alive left unfinished.

        Raises:
            InputError: An earlier result that such a process had taken down cannot be put back.
        """
        for name in _names(self._unfinished):
            if name.partition("-")[0] not in alive:
                try:
                    self._clear(self._unfinished / name)
                except OSError as error:
                    raise InputError(f"cannot be put back ({error.strerror})", where=str(self._unfinished)) from None

    def _put(self, case: str, temporary: Path, writer: Writer) -> Path:
        new, place = temporary / "new", self._folder / case
        new.mkdir()
        writer(new)
        seal(new)
        if place.exists():
            place.rename(temporary / _OLD)
        new.rename(place)
        sync(self._folder)
        return place

    def _clear(self, temporary: Path) -> None:
        """Deletes an unfinished folder; an earlier result in it, which the new one did not replace, goes back first."""
        place = self._folder / temporary.name.partition("-")[2].partition("-")[0]
        if (temporary / _OLD).exists() and not place.exists():
            (temporary / _OLD).rename(place)
            sync(self._folder)
        shutil.rmtree(temporary, ignore_errors=True)

    def _damaged(self, code: str, name: str) -> InputError:
        return InputError(f"the {self._what} is damaged: {name}", where=code, mend="Run the case again.")


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
