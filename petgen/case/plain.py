"""Words and numbers from outside, made harmless before they are shown or trusted."""

import math
import re
from typing import Any

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:nan|inf(?:inity)?)", re.IGNORECASE)
LONGEST_NUMBER = 40


def plain_number(value: Any) -> float:
    """A number as a person or a table writes it; a whole number beyond every float is infinite.

    Raises:
        TypeError, ValueError: It is none: text with anything but a decimal number in it (`float` would take 7_4 for
            74), or bytes.
    """
    if isinstance(value, str):
        text = value.strip()
        if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise ValueError("not a number")
        return float(text)
    if isinstance(value, bytes | bytearray):
        raise TypeError("bytes are no number")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def shown(value: Any, most: int = 40) -> str:
    """A value as text for a message: one line, printable, of bounded length."""
    text = value if isinstance(value, str) else str(value)
    clipped = text[:most] + ("..." if len(text) > most else "")
    lines = " ".join(clipped.split())
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in lines)
