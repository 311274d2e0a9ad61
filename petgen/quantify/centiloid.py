"""Centiloid of a composite SUVR by tracer, and its zone."""

from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE, InputError

POSITIVE_CENTILOID = 25.0
"""Centiloid from which a PET counts as positive in every figure of petgen's; between the zones' limits."""
Measure = TypeVar("Measure", float, np.ndarray)


@dataclass(frozen=True)
class Equation:
    """Centiloid = slope x SUVR + intercept, for the Centiloid masks and the whole cerebellum as reference.

    An equation belongs to the pipeline it was made with; none was made with petgen's.

    Attributes:
        tracer: Non-proprietary name.
        slope: Centiloids per SUVR.
        intercept: Centiloids at SUVR 0.
        pipeline: What it was made with.
        source: Where it was published.
    """

    tracer: str
    slope: float
    intercept: float
    pipeline: str
    source: str

    def centiloid(self, suvr: Measure) -> Measure:
        """Centiloids of a composite SUVR."""
        return self.slope * suvr + self.intercept

    def suvr(self, centiloid: Measure) -> Measure:
        """Composite SUVR that measures a Centiloid value; the inverse of `centiloid`."""
        return (centiloid - self.intercept) / self.slope

    @property
    def words(self) -> str:
        """The equation as it is shown beside every Centiloid."""
        sign = "-" if self.intercept < 0 else "+"
        line = f"CL = {self.slope:g} x SUVR {sign} {abs(self.intercept):g}"
        return f"{line} ({self.tracer}, {self.pipeline}; not validated for this pipeline)"


EQUATIONS = {
    equation.tracer: equation
    for equation in (
        Equation(
            "florbetapir",
            179.64,
            -186.95,
            "Huashan cohort, GAAIN pipeline",
            "Chin J Nucl Med 2024, C-PAS series, n = 942",
        ),
        Equation("florbetaben", 153.4, -154.9, "SPM8", "Rowe 2017, Eur J Nucl Med Mol Imaging 44:2053"),
        Equation("flutemetamol", 121.42, -121.16, "SPM8", "Battle 2018, EJNMMI Res 8:107"),
        Equation("PiB", 93.72, -94.56, "Klunk's standard", "Klunk 2015, 0 and 100 CL at SUVR 1.009 and 2.076"),
        Equation("NAV4694", 85.18, -87.56, "Rowe's standard", "Rowe 2016, 0 and 100 CL at SUVR 1.028 and 2.202"),
    )
}
"""One equation a tracer. Those of other masks, references or pipelines (FreeSurfer, PET-only, direct conversion) do not
hold here and are left out."""
FLORBETAPIR = EQUATIONS["florbetapir"]


def equation_of(tracer: str) -> Equation:
    """The equation of a tracer.

    Raises:
        InputError: There is none.
    """
    for name, equation in EQUATIONS.items():
        if name.lower() == tracer.strip().lower():
            return equation
    raise InputError(
        f"no Centiloid equation for the tracer {tracer[:40]!r}", mend=f"Choose one of {', '.join(EQUATIONS)}."
    )


def centiloid(suvr: float) -> float:
    """Centiloids of a florbetapir composite SUVR measured with the Centiloid masks."""
    return FLORBETAPIR.centiloid(suvr)


def zone(
    value: float, cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE)
) -> Literal["negative", "intermediate", "positive"]:
    """Zone of a Centiloid value: below, between or above the cut-offs, 10 and 30 (Collij 2024, alz.14336)."""
    if value < cutoffs[0]:
        return "negative"
    return "positive" if value > cutoffs[1] else "intermediate"
