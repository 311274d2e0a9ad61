"""The best that any model could do on simulated people, from the exact posterior of their load."""

from dataclasses import dataclass

import numpy as np

from petgen.case import Biomarkers
from petgen.cohort.ideal import LOADS, Ideal
from petgen.cohort.posterior import GRID, centiloid_posterior, grid_quantile, load_posterior
from petgen.quantify import POSITIVE_CENTILOID


@dataclass(frozen=True)
class Knowable:
    """What a perfect model would say of one person.

    Attributes:
        centiloid: Median of the Centiloid that the scan will measure.
        chance: Probability that it measures 25 CL or more.
        regions: Expected SUVR by region on the person's brain, (regions,).
        default: SUVR by region at the median of the load, (regions,), which is what a default image shows.
    """

    centiloid: float
    chance: float
    regions: np.ndarray
    default: np.ndarray


def knowable(values: Biomarkers, hippocampus: float, ventricles: float, ideal: Ideal) -> Knowable:
    """What the exact posterior says.

    Args:
        values: Measured values.
        hippocampus: True volume of both hippocampi, share of the brain mask.
        ventricles: True volume of both lateral ventricles, share of the brain mask.
        ideal: Typical regions by load on the person's brain.
    """
    chances = load_posterior(values, hippocampus, ventricles)
    measured = centiloid_posterior(chances)
    typical = np.stack([np.interp(GRID, LOADS, region) for region in ideal.typical.T], 1)
    return Knowable(
        grid_quantile(measured, 0.5),
        float(measured[GRID >= POSITIVE_CENTILOID].sum()),
        chances @ typical,
        np.array([np.interp(grid_quantile(chances, 0.5), GRID, region) for region in typical.T]),
    )
