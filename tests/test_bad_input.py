"""Bad input of every kind ends in an error or a warning in words, never in a traceback, a hang or a wrong answer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from corpus import KINDS
from corpus.kind import Kind
from corpus.told import told

from petgen.case import InputError
from petgen.imaging.grid import on_grid, template
from petgen.imaging.strip import strip

LEAST_KINDS = 60
MAX_SECONDS = 90
"""Whatever takes longer hangs; most kinds take less than one, those that reach the registration some ten."""
HEADROOM_BYTES = 3 << 29


@pytest.fixture(scope="module", autouse=True)
def stripper() -> None:
    """What the skull stripper takes once, whatever it is given, is not counted against the kind that comes first."""
    strip(on_grid(template()))


@contextmanager
def bounded_memory() -> Iterator[None]:
    """Lets the process grow by 1.5 GiB, where the system can count it; beyond that, what asks gets a MemoryError."""
    pages = Path("/proc/self/statm")
    if not pages.exists():
        yield
        return
    import resource

    limits = resource.getrlimit(resource.RLIMIT_AS)
    now = int(pages.read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + HEADROOM_BYTES, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)


def warnings_of(found: Any) -> str:
    said = found.warnings() if callable(found.warnings) else found.warnings
    return " ".join(said)


def test_there_are_enough_kinds_and_no_name_twice():
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names) >= LEAST_KINDS


@pytest.mark.timeout(MAX_SECONDS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_must_happen_happens(kind: Kind, tmp_path: Path):
    made = kind.make(tmp_path)
    with bounded_memory():
        if kind.refused:
            with pytest.raises(InputError) as caught:
                kind.door(made)
            assert re.search(kind.refused, told(caught.value)), caught.value
            return
        found = kind.door(made)
    if kind.warned:
        assert re.search(kind.warned, warnings_of(found)), warnings_of(found)
    if kind.right:
        kind.right(found)
