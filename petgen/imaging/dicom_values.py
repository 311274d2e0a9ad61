"""Values of DICOM tags as plain numbers and codes, looked up in the places where a frame may keep them."""

import math
from collections.abc import Sequence
from typing import Any


def first(places: Sequence[Any], name: str) -> Any:
    """The first value of a tag that is not empty, or None.

    Args:
        places: pydicom.Datasets, nearest to the frame first.
        name: Keyword of the tag.
    """
    return next((value for place in places if (value := place.get(name)) not in (None, "")), None)


def codes(value: Any) -> tuple[str, ...]:
    """One or several code strings in upper case."""
    values = [] if value is None else [value] if isinstance(value, str) else list(value)
    return tuple(str(code).strip().upper() for code in values)


def numbers(places: Sequence[Any], name: str, count: int = 0) -> tuple[float, ...]:
    """The numbers of a tag; none unless all are finite and there are `count` of them, where that is given.

    Raises:
        ValueError: What should be a number is not.
    """
    value = first(places, name)
    if isinstance(value, str):
        value = value.replace(":", "")
    several = hasattr(value, "__iter__") and not isinstance(value, str)
    found = tuple(float(n) for n in (value if several else [] if value is None else [value]))
    return found if all(math.isfinite(n) for n in found) and len(found) in (count or len(found),) else ()


def number(places: Sequence[Any], *names: str) -> float | None:
    """The first number that the tags hold, in the order of their names, or None."""
    return next((found[0] for name in names if (found := numbers(places, name))), None)
