"""Where DICOM comes from: a folder, a zip or loose files, all given as numbered parts without their names."""

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, BinaryIO

from petgen.case import InputError
from petgen.imaging.dicom_zip import MAX_ENTRIES, MAX_FILE_BYTES, PACK_AGAIN, WHERE, check_zip

Source = Path | str | bytes | Sequence[tuple[str, bytes]]
"""A folder, zip or single file by its path; the bytes of a zip or of a single file; or uploads with their names."""

Opens = Callable[..., BinaryIO | IO[bytes]]

MAX_FOLDER_FILES = 100_000
START_BYTES = 264
ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
ARCHIVES = ((0, (*ZIP_MAGIC, b"7z\xbc\xaf\x27\x1c", b"Rar!")), (257, (b"ustar",)))
EXAMINATION = "Give a folder, a zip or the DICOM files of one examination."
NOT_DICOM = f"{EXAMINATION} A NIfTI file is given by itself, unzipped."
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
"""What `zipfile` raises on a damaged, locked (RuntimeError) or oddly packed (NotImplementedError, of its kind) zip."""


@dataclass(frozen=True)
class Part:
    """One file, known by its number only.

    Attributes:
        number: From 1, in the order given (for a folder: by path).
        total: How many files there are.
        in_folder: Whether it lies in a folder, where archives are passed over rather than refused.
    """

    number: int
    total: int
    _open: Opens = field(repr=False)
    in_folder: bool = False

    @property
    def where(self) -> str:
        """The file in words, for messages."""
        return f"file {self.number} of {self.total}"

    def read(self, size: int = MAX_FILE_BYTES + 1) -> bytes:
        """At most `size` bytes from the start of the file.

        Raises:
            InputError: The file cannot be read, or is larger than 1 GiB.
        """
        try:
            with self._open() as stream:
                data = stream.read(size)
        except (OSError, *BROKEN_ZIP):
            raise InputError(
                "the file is damaged or cannot be read", where=self.where, mend="Export or pack it again."
            ) from None
        if len(data) > MAX_FILE_BYTES:
            raise InputError(f"the file is larger than {MAX_FILE_BYTES >> 30} GiB", where=self.where, mend=EXAMINATION)
        return data


def parts(source: Source, stack: ExitStack) -> list[Part]:
    """The files of a source, unread.

    Args:
        source: See `Source`.
        stack: Closes the archive when the reading is over.

    Raises:
        InputError: Nothing is there, there is too much, or the archive is not one that petgen opens.
    """
    if isinstance(source, bytes):
        return _one(partial(io.BytesIO, source), stack)
    if isinstance(source, (str, Path)):
        return _from_path(Path(source), stack)
    if len(source) == 1:
        return _one(partial(io.BytesIO, source[0][1]), stack)
    if len(source) > MAX_ENTRIES:
        raise InputError(
            f"{len(source):,} files were given, more than {MAX_ENTRIES:,}", where="DICOM", mend=EXAMINATION
        )
    return _numbered([partial(io.BytesIO, data) for _, data in source])


def is_archive(start: bytes) -> bool:
    """Whether the first 264 bytes are those of a zip, 7z, rar or tar."""
    return any(start[offset:].startswith(magic) for offset, magic in ARCHIVES)


def _from_path(path: Path, stack: ExitStack) -> list[Part]:
    try:
        file, folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):
        file, folder = False, False
    if file:
        return _one(_opens(path), stack)
    if not folder:
        raise InputError(
            "there is no such file or folder, or it cannot be opened", where="DICOM", mend="Check the path."
        )
    found = []
    for inner, _, names in os.walk(path):
        found += [each for name in names if (each := Path(inner, name)).is_file()]
        if len(found) > MAX_FOLDER_FILES:
            raise InputError(f"the folder holds more than {MAX_FOLDER_FILES:,} files", where="DICOM", mend=EXAMINATION)
    return _numbered([_opens(each) for each in sorted(found)], in_folder=True)


def _opens(path: Path) -> Opens:
    return lambda: path.open("rb")


def _one(opened: Opens, stack: ExitStack) -> list[Part]:
    part = _numbered([opened])[0]
    if not part.read(START_BYTES).startswith(ZIP_MAGIC):
        return [part]
    try:
        archive = stack.enter_context(zipfile.ZipFile(stack.enter_context(opened())))
    except (OSError, *BROKEN_ZIP):
        raise InputError("the archive is cut short or damaged", where=WHERE, mend=PACK_AGAIN) from None
    return _numbered([partial(archive.open, entry) for entry in check_zip(archive)])


def _numbered(opens: Sequence[Opens], *, in_folder: bool = False) -> list[Part]:
    if not opens:
        raise InputError("no file was given", where="DICOM", mend=EXAMINATION)
    return [Part(number, len(opens), opened, in_folder) for number, opened in enumerate(opens, 1)]
