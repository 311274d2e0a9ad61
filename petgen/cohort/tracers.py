"""Tracers that can be simulated: florbetapir's uptake, scaled to others."""

from dataclasses import dataclass

from petgen.quantify.centiloid import EQUATIONS, Equation


@dataclass(frozen=True)
class Tracer:
    """A fluorine-18 amyloid tracer.

    Attributes:
        equation: Its Centiloids.
        white: White-matter uptake over florbetapir's (assumed for the others).
    """

    equation: Equation
    white: float

    @property
    def name(self) -> str:
        """Non-proprietary name."""
        return self.equation.tracer

    def suvr(self, centiloid: float) -> float:
        """Composite SUVR that measures a Centiloid value."""
        return self.equation.suvr(centiloid)

    def centiloid(self, suvr: float) -> float:
        """Centiloids of a composite SUVR."""
        return self.equation.centiloid(suvr)


TRACERS = {
    name: Tracer(EQUATIONS[name], white)
    for name, white in (("florbetapir", 1.0), ("florbetaben", 1.0), ("flutemetamol", 1.15))
}
