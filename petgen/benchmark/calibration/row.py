"""One line of the calibration table."""

from dataclasses import asdict, dataclass
from typing import Any

from petgen.cohort.evidence import Evidence


@dataclass(frozen=True)
class Row:
    """A published figure beside the simulated one.

    Attributes:
        quantity: What is compared, with its unit.
        group: Of whom.
        published: The published figure.
        simulated: What the simulated cohort measures.
        tolerance: Largest difference that counts as agreement.
        evidence: Of the published figure.
        source: Of the published figure.
        n: People (or scans) behind the simulated figure.
        note: What a reader should know, for example which published figure won.
    """

    quantity: str
    group: str
    published: float
    simulated: float
    tolerance: float
    evidence: Evidence
    source: str
    n: int
    note: str = ""

    @property
    def within_tolerance(self) -> bool:
        """Whether the simulated figure agrees with the published one."""
        return bool(abs(self.simulated - self.published) <= self.tolerance + 1e-9)

    def record(self) -> dict[str, Any]:
        """The row as JSON holds it."""
        rounded = {name: round(float(getattr(self, name)), 4) for name in ("published", "simulated", "tolerance")}
        return {**asdict(self), **rounded, "within_tolerance": self.within_tolerance}


def between(low: float, high: float) -> tuple[float, float]:
    """Published figure and tolerance of a published range."""
    return (low + high) / 2, (high - low) / 2
