"""Folders for what a step writes to disk on its way; they do not outlive their process, however it ends."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

_PREFIX = "petgen-scratch-"


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A private folder that goes away; after a killed process, `sweep_scratch` of any later one takes it away.

    It is held by a lock on the folder, which the system lets go of when the process dies.

    Raises:
        OSError: It cannot be made.
    """
    sweep_scratch()
    folder, held = _held_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)


def sweep_scratch() -> int:
    """Deletes the scratch folders of processes that were killed; those of living ones stay.

    Returns:
        How many were deleted.
    """
    swept = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        held = _lock(folder, wait=False)
        if held is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(held)
            swept += 1
    return swept


def _held_folder() -> tuple[Path, int | None]:
    """A new folder and its lock; another try where a sweep took the folder before it was locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        held = _lock(folder, wait=True)
        if folder.exists():
            return folder, held


def _lock(folder: Path, *, wait: bool) -> int | None:
    """Descriptor that holds a folder of this user; None where another process holds it, or there are no locks."""
    try:
        import fcntl
    except ImportError:
        return None
    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        if os.fstat(held).st_uid == os.geteuid():
            fcntl.flock(held, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            return held
    except OSError:
        pass
    os.close(held)
    return None
