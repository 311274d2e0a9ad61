"""Numbers and names as a report writes them."""

import re

from petgen.case import Reference
from petgen.case.words import number


def centiloids(value: float) -> str:
    """A Centiloid with its unit: "64 CL", "−3 CL"."""
    return f"{number(value)} CL"


def centiloid_span(interval: tuple[float, float]) -> str:
    """An interval of Centiloids: "−3 to 42 CL"."""
    return f"{number(interval[0])} to {number(interval[1])} CL"


def suvr_span(interval: tuple[float, float]) -> str:
    """An interval of SUVR: "1.15 to 1.54"."""
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def sentence(words: str) -> str:
    """Words with a sign of print before negative numbers; hyphens within names and between numbers stay."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", words)


def equation(words: str) -> str:
    """A Centiloid equation with signs of print."""
    return words.replace(" x ", " × ").replace(" - ", " − ")


def whose(reference: Reference) -> str:
    """What a reference PET is: "simulated reference PET", "own PET (flutemetamol)"."""
    return "simulated reference PET" if reference.simulated else f"own PET ({reference.tracer})"
