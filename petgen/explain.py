"""Why a case came out as it did, and what would change it, by running the model again with other values."""

from dataclasses import dataclass

import numpy as np

from petgen.case import ANALYTES, Biomarkers, Effect, Point
from petgen.conditioning import Conditioning
from petgen.diagnosis.intervals import Intervals, cell_of
from petgen.generator.load import EDGES
from petgen.generator.network import Generator
from petgen.generator.synthesise import Encoded, Outlook, outlook
from petgen.quantify import POSITIVE_CENTILOID

RANGES = {
    "age": (48.0, 86.0),
    "education": (2.0, 19.0),
    "mmse": (9.0, 30.0),
    "moca": (3.0, 30.0),
    "avlt": (0.0, 9.0),
    "abeta40": (53.0, 340.0),
    "abeta42": (2.1, 11.3),
    "abeta42_40": (0.019, 0.069),
    "t_tau": (0.16, 4.0),
    "p_tau181": (0.48, 4.3),
    "p_tau217": (0.14, 1.6),
    "nfl": (4.8, 41.0),
    "gfap": (46.0, 330.0),
}
"""Range of each value in a what-if, in its unit: the 1st to the 99th percentile of 50,000 simulated people."""


@dataclass(frozen=True)
class Explainer:
    """A scan inside the generator, asked with one set of values after another.

    Attributes:
        network: The generator.
        encoded: The T1w.
        conditioning: Gives the features of values.
        intervals: Calibration of the intervals.
    """

    network: Generator
    encoded: Encoded
    conditioning: Conditioning
    intervals: Intervals

    def effects(self, values: Biomarkers, found: Outlook) -> list[Effect]:
        """What each measured value does: the result with it, minus the result had it not been measured.

        Args:
            values: The patient's values.
            found: What the generator says of them.

        Returns:
            One effect a value, the largest change of probability first.
        """
        effects = []
        for name in values.measured():
            if getattr(values, name) is None:
                continue
            without = self._ask(values.model_copy(update={name: None}))
            effects.append(
                Effect(
                    name=name,
                    centiloid=found.median - without.median,
                    probability=found.positive[0] - without.positive[0],
                )
            )
        return sorted(effects, key=lambda effect: -abs(effect.probability))

    def curve(self, values: Biomarkers, name: str, points: int = 13) -> list[Point]:
        """Centiloid and probability over the range of one value, the others as they are.

        The ratio Aβ42/40 goes with its parts: it is left out while one of them varies, and they while it does.

        Args:
            values: The patient's values.
            name: A key of `RANGES`.
            points: Number of points.
        """
        low, high = RANGES[name]
        grid = np.geomspace(low, high, points) if ANALYTES[name].assay else np.linspace(low, high, points)
        if not ANALYTES[name].assay:
            grid = np.unique(np.rint(grid))
        return [self._point(with_value(values, name, float(value)), float(value)) for value in grid]

    def _point(self, values: Biomarkers, value: float) -> Point:
        found = self._ask(values)
        interval = self.intervals.centiloid(found.chances, EDGES, cell_of(found.median, values))
        return Point(value, found.median, interval, found.positive[0])

    def _ask(self, values: Biomarkers) -> Outlook:
        return outlook(self.network, self.encoded, self.conditioning.features(values), POSITIVE_CENTILOID)


def with_value(values: Biomarkers, name: str, value: float) -> Biomarkers:
    """Values with one of them changed.

    The ratio Aβ42/40 goes with its parts: it is left out while one of them changes, and they while it does.
    """
    changed: dict[str, float | None] = {name: value}
    if name in ("abeta40", "abeta42"):
        changed["abeta42_40"] = None
    elif name == "abeta42_40":
        changed |= {"abeta40": None, "abeta42": None}
    return values.model_copy(update=changed)
