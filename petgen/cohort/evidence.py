"""Where the simulator's constants come from."""

from typing import Literal, NamedTuple, TypeVar

Evidence = Literal["read", "derived", "assumed"]
T = TypeVar("T")

HUASHAN = "C-PAS series of 942 florbetapir scans, Chin J Nucl Med 2024 (010zhhyx202405004)"
SIMOA = "193 cognitively unimpaired Chinese adults, Simoa: Alzheimers Res Ther 2023;15:100"
MONTE_CARLO = "set in a Monte-Carlo so that the published AUCs and correlations of the calibration table come out"


class Constant(NamedTuple):
    """One constant of the simulator.

    Attributes:
        name: What it is.
        value: Its value or values.
        evidence: "read" in a source, "derived" from one by arithmetic or fitting, or "assumed".
        source: The source, or how it was derived.
    """

    name: str
    value: object
    evidence: Evidence
    source: str


CONSTANTS: list[Constant] = []
"""Every constant that a module of the cohort has declared, in the order of declaration."""


def constant(name: str, value: T, evidence: Evidence, source: str) -> T:
    """Declares a constant with its evidence and returns its value."""
    CONSTANTS.append(Constant(name, value, evidence, source))
    return value
