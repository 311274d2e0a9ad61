"""A person's folder comes to its place complete or not at all."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from petgen.case import InputError


@contextmanager
def put_in_place(folder: Path) -> Iterator[Path]:
    """An empty folder beside a person's, which takes its place when the block ends well.

    What a killed process left of the same person is deleted first; a process that was only believed dead finds its
    own folder gone, and ends without having touched the results.

    Args:
        folder: Of the person; what is there is replaced.

    Raises:
        InputError: The folder cannot be written.
    """
    begun = f".{folder.name}."
    unfinished = folder.with_name(f"{begun}{uuid4().hex}")
    with writing(folder):
        for left in folder.parent.glob(f"{begun}*"):
            shutil.rmtree(left)
        unfinished.mkdir(parents=True)
    try:
        yield unfinished
        with writing(folder):
            if folder.exists():
                shutil.rmtree(folder)
            unfinished.rename(folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Tells what the system says of a place that cannot be written.

    Raises:
        InputError: It cannot.
    """
    try:
        yield
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(place), mend="Choose another --out.") from None
