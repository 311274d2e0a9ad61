"""Files that a long command keeps for its next run: written whole or not at all, and told where they are damaged."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from pickle import UnpicklingError
from tempfile import TemporaryDirectory
from zipfile import BadZipFile

from petgen.case.errors import InputError
from petgen.case.plain import shown

_DAMAGED = (
    AttributeError,
    BadZipFile,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    RuntimeError,
    TypeError,
    UnpicklingError,
    ValueError,
    zlib.error,
)


@contextmanager
def writing(file: Path) -> Iterator[Path]:
    """A file to write to, which takes the place of another once the block has ended well.

    Args:
        file: To be replaced, or new; its folder is made.

    Yields:
        A path of the same name in a folder of its own beside it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".part-", dir=file.parent) as folder:
        part = Path(folder) / file.name
        yield part
        part.replace(file)


@contextmanager
def reading(file: Path, mend: str, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """What is read in the block is a kept file; whatever it fails with is the file's fault.

    Args:
        file: Is named.
        mend: What to do.
        but: Errors that have another cause, and are passed on.

    Raises:
        InputError: The file is damaged, or of another petgen.
    """
    try:
        yield
    except InputError:
        raise
    except _DAMAGED as error:
        if isinstance(error, but):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise InputError(
            f"what was kept here is damaged, or of another petgen ({shown(reason, 100) or type(error).__name__})",
            where=str(file),
            mend=mend,
        ) from None
