"""What no scan shows of a simulated brain: its PET without errors, and as it would typically look at a load."""

from dataclasses import dataclass

import numpy as np

from petgen.cohort.anatomy import Anatomy
from petgen.cohort.evidence import constant
from petgen.cohort.pet import Amyloid, perfect_scan, true_uptake
from petgen.cohort.scanners import USUAL, Scanner
from petgen.cohort.tracers import Tracer
from petgen.quantify.suvr import composite_suvr, regional_suvr

LOADS = (-20.0, 0.0, 25.0, 50.0, 100.0, 150.0)
"""Loads at which the typical regions are kept, Centiloids; straight lines between them."""
TYPICAL_LOADS = ((-15.0, 20.0), (20.0, 60.0), (60.0, 140.0))
"""Ranges that the loads of a brain's typical scans are drawn from, one scan from each, Centiloids."""

_NOISE = constant(
    "SD of a scan's Centiloid about the load, at no load and per Centiloid",
    (2.9, 0.02),
    "derived",
    "measured on 1,120 simulated scans: 2.9 below 10 CL, 3.6 from 40 to 80, 4.9 above; the published one is the "
    "test-retest row of the calibration table",
)


def centiloid_noise(load: np.ndarray) -> np.ndarray:
    """What scanner and registration add to a scan's Centiloid, standard deviation, by load in Centiloids."""
    least, more = _NOISE
    return np.asarray(least + more * np.maximum(load, 0))


@dataclass(frozen=True)
class Ideal:
    """What no scan shows.

    Attributes:
        noise_free: The person's own PET without the scanner's errors, SUVR, (91, 109, 91), float32.
        typical: SUVR of every region of the atlas on the person's brain in a typical pattern of uptake, by load:
            (len(LOADS), regions), in the order of `petgen.quantify.atlas.regions`; NaN where a region is lost.
    """

    noise_free: np.ndarray
    typical: np.ndarray


@dataclass(frozen=True)
class Typical:
    """A brain at a load, in the usual pattern of uptake and without a scanner's errors.

    Attributes:
        suvr: SUVR, whole cerebellum = 1, (91, 109, 91), float32, 0 outside the brain mask.
        centiloid: Measured on it.
    """

    suvr: np.ndarray
    centiloid: float


def typical_scans(
    brain: Anatomy, mask: np.ndarray, rng: np.random.Generator, tracer: Tracer, scanner: Scanner = USUAL
) -> tuple[Typical, ...]:
    """The brain at a load from each of `TYPICAL_LOADS`.

    Args:
        brain: The deformed brain.
        mask: Brain mask as the skull stripper leaves it.
        rng: Source of randomness, of the loads alone.
        tracer: What is injected.
        scanner: What the PET is taken with.
    """
    found = []
    for ends in TYPICAL_LOADS:
        uptake = true_uptake(brain, Amyloid(rng.uniform(*ends)), None, tracer)
        suvr = perfect_scan(uptake, brain, scanner.harmonised_mm) * mask
        measured = tracer.centiloid(composite_suvr(suvr, brain.cortex & mask, brain.cerebellum & mask))
        found.append(Typical(suvr, measured))
    return tuple(found)


def ideal_scan(brain: Anatomy, mask: np.ndarray, uptake: np.ndarray, tracer: Tracer, scanner: Scanner = USUAL) -> Ideal:
    """What could be known at best of a brain.

    Args:
        brain: The deformed brain.
        mask: Brain mask as the skull stripper leaves it.
        uptake: The person's own, as from `petgen.cohort.pet.true_uptake`.
        tracer: What was injected.
        scanner: What the PET was taken with.
    """
    fwhm = scanner.harmonised_mm
    labels = brain.parcels * mask
    rows = [
        regional_suvr(perfect_scan(true_uptake(brain, Amyloid(load), None, tracer), brain, fwhm), labels)["suvr"]
        for load in LOADS
    ]
    return Ideal(perfect_scan(uptake, brain, fwhm) * mask, np.array([row.to_numpy() for row in rows]))
