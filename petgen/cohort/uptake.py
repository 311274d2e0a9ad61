"""Tissue uptake of florbetapir, painted on a brain and blurred as a scanner does."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.ndimage import distance_transform_edt, gaussian_filter

from petgen.assets import asset
from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.evidence import constant
from petgen.imaging.grid import VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA

SIZE = 2036
"""Length of a table by label; the highest is 2035."""
DEEP_WHITE_GAIN = constant(
    "uptake of white matter 8 mm or more below the cortex, above that at the cortex",
    0.25,
    "assumed",
    "deep white matter 1.5 to 1.8 of the cerebellum in A-",
)
JUXTACORTICAL = constant(
    "amyloid of white matter at the cortex, as a share of that cortex's, and the depth at which it has ended (mm)",
    (0.75, 6.0),
    "derived",
    "fitted: regional means and the Centiloid composite of the positive group map agree only with it",
)


@dataclass(frozen=True)
class UptakeTable:
    """True uptake per label, whole cerebellum = 1 after blurring.

    Attributes:
        base: Non-specific uptake by label, shape (2036,).
        capacity: What amyloid adds at a load of 1 (the positive group map), shape (2036,).
    """

    base: np.ndarray
    capacity: np.ndarray


@cache
def uptake_table() -> UptakeTable:
    """The bundled uptake of florbetapir, fitted by `petgen.cohort.uptake_fit`."""
    table = pd.read_csv(asset("cohort", "florbetapir_uptake.csv"))
    base, capacity = np.zeros(SIZE), np.zeros(SIZE)
    base[table["label"]], capacity[table["label"]] = table["base"], table["capacity"]
    return UptakeTable(base, capacity)


@dataclass(frozen=True)
class Depth:
    """What depends on depth in cerebral white matter, (91, 109, 91), float32.

    Attributes:
        gain: Factor on white-matter uptake, 1 outside cerebral white matter.
        juxtacortical: Share of the nearest cortex's amyloid that white matter shows, 0 elsewhere.
    """

    gain: np.ndarray
    juxtacortical: np.ndarray


def depth_of(anatomy: Anatomy) -> Depth:
    """Depth in the white matter of a brain, measured from its border."""
    white = np.isin(anatomy.tissue, (codes.LEFT_WHITE, codes.RIGHT_WHITE))
    depth = distance_transform_edt(white, sampling=VOXEL_MM)
    gain = np.where(white, 1 + DEEP_WHITE_GAIN * np.clip((depth - 2) / 6, 0, 1), 1)
    share, end = JUXTACORTICAL
    near = share * np.clip(1 - (depth - VOXEL_MM) / (end - VOXEL_MM), 0, 1) * white * (anatomy.grey_label >= 1000)
    return Depth(gain.astype(np.float32), (near * anatomy.white).astype(np.float32))


def blur(volume: np.ndarray, fwhm_mm: float) -> np.ndarray:
    """Gaussian blur of a volume on the working grid; width as full width at half maximum in mm."""
    return np.asarray(gaussian_filter(volume, fwhm_mm / FWHM_PER_SIGMA / VOXEL_MM, truncate=3.0))


def paint(anatomy: Anatomy, uptake: np.ndarray, depth: Depth) -> np.ndarray:
    """Uptake on a brain: every voxel's grey, white and CSF by their shares, (91, 109, 91), float32.

    Args:
        anatomy: The brain.
        uptake: Uptake by label, shape (2036,).
        depth: As from `depth_of`.
    """
    table = uptake.astype(np.float32)
    fluid = np.where(np.isin(anatomy.tissue, codes.VENTRICLES), table[anatomy.tissue], table[codes.CSF])
    grey, white = anatomy.grey * table[anatomy.grey_label], anatomy.white * table[anatomy.white_label]
    return np.asarray(grey + white * depth.gain + anatomy.csf * fluid, dtype=np.float32)


def paint_amyloid(anatomy: Anatomy, capacity: np.ndarray, depth: Depth) -> np.ndarray:
    """Amyloid on a brain at a load of 1: like `paint`, and on the white matter next to cortex, float32."""
    table = capacity.astype(np.float32)
    return np.asarray(paint(anatomy, capacity, depth) + depth.juxtacortical * table[anatomy.grey_label])
