"""One kind of bad input: how it is made, the door it goes through, and what must happen there."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Kind:
    """Bad, or strange but acceptable, input.

    Attributes:
        name: Unlike that of any other kind.
        make: Makes the input, in an empty folder where it is a file, and gives what the door takes.
        door: petgen's own way in.
        refused: Pattern in the `InputError` that must come; none where the input is acceptable.
        warned: Pattern in a warning of what was read.
        right: Asserts that what was read is right.
    """

    name: str
    make: Callable[[Path], Any]
    door: Callable[[Any], Any]
    refused: str = ""
    warned: str = ""
    right: Callable[[Any], object] | None = None

    def __post_init__(self) -> None:
        assert bool(self.refused) != bool(self.warned or self.right), self.name


def given(thing: Any) -> Callable[[Path], Any]:
    """The same thing whatever the folder."""
    return lambda folder: thing


def file(name: str, content: Callable[[], bytes] | bytes) -> Callable[[Path], Path]:
    """A file of some bytes in the folder."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content if isinstance(content, bytes) else content())
        return path

    return make
