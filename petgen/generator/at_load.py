"""The image of a brain that measures a load: painted once, then moved along what one Centiloid more adds to it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from petgen.generator.network import Generator
from petgen.generator.synthesise import Encoded, paint
from petgen.quantify import composite_suvr, normalise_to_cerebellum
from petgen.quantify.suvr import blurred, on_line

NEAR_CL = 0.5
"""An image that measures its load this closely, in Centiloids, is left as it is."""
FAR_CL = 20.0
"""Paintings at loads at least this far apart, in Centiloids, tell what one Centiloid more adds."""
ENDS = (0.0, 100.0)
"""Loads that stand for amyloid negative and positive, Centiloids: the anchors of the scale (Klunk 2015)."""
LEAST_ANSWER = 0.45
"""A network whose image gains less than this for every Centiloid asked is not pushed further."""


@dataclass(frozen=True)
class OnSubject:
    """The atlas on a brain; arrays are (91, 109, 91).

    Attributes:
        mask: Brain mask, bool.
        parcels: Atlas labels, int32.
        cortex: Centiloid cortex mask, bool.
        cerebellum: Whole-cerebellum mask, bool.
    """

    mask: np.ndarray
    parcels: np.ndarray
    cortex: np.ndarray
    cerebellum: np.ndarray


class Painted(NamedTuple):
    """What the network painted.

    Attributes:
        load: That was asked for, Centiloids.
        suvr: (91, 109, 91), whole cerebellum = 1.
        centiloid: That the image measures.
    """

    load: float
    suvr: np.ndarray
    centiloid: float


def painting(network: Generator, encoded: Encoded, on: OnSubject, features: np.ndarray, load: float) -> Painted:
    """What the network paints when it is asked for a load; the image measures a few Centiloids more or less.

    Args:
        network: The generator.
        encoded: The T1w.
        on: The atlas on it.
        features: (fields, features), as `Conditioning.features` gives them.
        load: Centiloids.
    """
    image = blurred(paint(network, encoded, features, load) * on.mask, network.config.blur_mm, on.mask)
    image = on_line(normalise_to_cerebellum(image, on.cerebellum), network.config.gain, on.mask)
    return Painted(load, image, network.config.equation.centiloid(composite_suvr(image, on.cortex, on.cerebellum)))


def slope_between(one: Painted, other: Painted) -> np.ndarray:
    """What one Centiloid more adds to the image, SUVR (91, 109, 91).

    Zero where the network does not follow the load.
    """
    low, high = sorted((one, other), key=lambda painted: painted.load)
    gained = high.centiloid - low.centiloid
    if gained <= 0:
        return np.zeros_like(low.suvr)
    return np.asarray((high.suvr - low.suvr) / max(gained, LEAST_ANSWER * (high.load - low.load)), np.float32)


def slope_among(painted: Collection[Painted]) -> np.ndarray | None:
    """`slope_between` the lowest and the highest load; None where they lie too near each other to tell."""
    low, high = (end(painted, key=lambda each: each.load) for end in (min, max))
    return slope_between(low, high) if high.load - low.load >= FAR_CL else None


def slope_of(network: Generator, encoded: Encoded, on: OnSubject, features: np.ndarray) -> np.ndarray:
    """`slope_between` two paintings of their own; see `painting` for the arguments."""
    low, high = (painting(network, encoded, on, features, load) for load in ENDS)
    return slope_between(low, high)


def moved(painted: Painted, slope: np.ndarray) -> np.ndarray:
    """The image moved along a slope until it measures the load that was asked for, SUVR (91, 109, 91)."""
    return np.maximum(painted.suvr + np.float32(painted.load - painted.centiloid) * slope, 0)


def at_load(
    network: Generator,
    encoded: Encoded,
    on: OnSubject,
    features: np.ndarray,
    load: float,
    slope: np.ndarray | None = None,
) -> np.ndarray:
    """The image that measures a load, SUVR (91, 109, 91), whole cerebellum = 1; see `painting` for the arguments.

    Args:
        slope: Of this brain, as from `slope_among` or `slope_of`; a second painting beyond the load tells it when None.
    """
    first = painting(network, encoded, on, features, load)
    if slope is None:
        missed = load - first.centiloid
        if abs(missed) < NEAR_CL:
            return first.suvr
        slope = slope_between(first, painting(network, encoded, on, features, load + 1.5 * missed))
    return moved(first, slope)
