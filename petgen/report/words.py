"""Numbers and names as a report writes them."""

import re

from petgen.case import Reference


def centiloids(value: float) -> str:
    """A Centiloid with its unit: "64 CL", "−3 CL"."""
    return f"{_whole(value)} CL"


def centiloid_span(interval: tuple[float, float]) -> str:
    """An interval of Centiloids: "−3 to 42 CL"."""
    return f"{_whole(interval[0])} to {_whole(interval[1])} CL"


def suvr_span(interval: tuple[float, float]) -> str:
    """An interval of SUVR: "1.15 to 1.54"."""
    return f"{interval[0]:.2f} to {interval[1]:.2f}"


def change(value: float) -> str:
    """A change in whole units with its sign: "+7", "−2", "0"."""
    return "0" if abs(value) < 0.5 else f"{value:+.0f}".replace("-", "−")


def signed(value: float) -> str:
    """A figure with two decimals: "0.93", "−0.06"."""
    return f"{value:z.2f}".replace("-", "−")


def sentence(words: str) -> str:
    """Words with a sign of print before negative numbers; hyphens within names and between numbers stay."""
    return re.sub(r"(?<![\w-])-(?=\d)", "−", words)


def equation(words: str) -> str:
    """A Centiloid equation with signs of print."""
    return words.replace(" x ", " × ").replace(" - ", " − ")


def whose(reference: Reference) -> str:
    """What a reference PET is: "simulated reference PET", "own PET (flutemetamol)"."""
    return "simulated reference PET" if reference.simulated else f"own PET ({reference.tracer})"


def _whole(value: float) -> str:
    return f"{round(value):d}".replace("-", "−")
