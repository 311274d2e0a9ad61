"""Tracers that can be simulated: florbetapir's uptake, scaled to others."""

from dataclasses import dataclass

from petgen.quantify.centiloid import INTERCEPT, SLOPE


@dataclass(frozen=True)
class Tracer:
    """A fluorine-18 amyloid tracer.

    Attributes:
        name: Non-proprietary name.
        slope: Centiloids per SUVR, Centiloid masks, whole cerebellum = 1.
        intercept: Centiloids at SUVR 0.
        white: White-matter uptake over florbetapir's (assumed for the others).
        source: Of the equation.
    """

    name: str
    slope: float
    intercept: float
    white: float
    source: str

    def suvr(self, centiloid: float) -> float:
        """Composite SUVR that measures a Centiloid value."""
        return (centiloid - self.intercept) / self.slope

    def centiloid(self, suvr: float) -> float:
        """Centiloids of a composite SUVR."""
        return self.slope * suvr + self.intercept


TRACERS = {
    tracer.name: tracer
    for tracer in (
        Tracer("florbetapir", SLOPE, INTERCEPT, 1.0, "Chin J Nucl Med 2024 (Huashan), SPM12"),
        Tracer("florbetaben", 153.4, -154.9, 1.0, "Rowe 2017, Eur J Nucl Med Mol Imaging 44:2053, SPM8"),
        Tracer("flutemetamol", 121.42, -121.16, 1.15, "Battle 2018, EJNMMI Res 8:107, SPM8"),
    )
}
