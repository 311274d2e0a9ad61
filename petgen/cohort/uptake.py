"""Tissue uptake: painted on a brain, blurred as a scanner does, and solved for through that blur."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from scipy.ndimage import distance_transform_edt, gaussian_filter

from petgen.assets import asset
from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy, template_anatomy
from petgen.imaging.grid import VOXEL_MM, template_mask
from petgen.quantify.atlas import parcellation

GROUP_CENTILOID = (-0.3, 82.8)
"""Centiloids that the negative and positive group maps measure with the Centiloid masks (Huashan line)."""
GROUP_FWHM_MM = 11.0
"""Blur of the group maps: averaging people adds to the 8 mm of one scan (fitted best at 10 to 12 mm)."""
CSF_UPTAKE = 0.15
DEEP_WHITE_GAIN = 0.25
"""Deep white matter (8 mm or more from cortex) takes up this much more than white matter at the cortex (assumed)."""
UPTAKE_RANGE = (0.55, 2.2)
"""Bounds of the solved uptake (assumed): group maps mix thin structures with ventricles and cannot tell them apart."""
_SIZE = 2036
_FIXED = (*codes.VENTRICLES, codes.CSF)


@dataclass(frozen=True)
class UptakeTable:
    """True uptake per label, whole cerebellum = 1 after blurring.

    Attributes:
        base: Non-specific uptake by label, shape (2036,).
        capacity: What amyloid adds at a load of 1 (the positive group map), shape (2036,).
    """

    base: np.ndarray
    capacity: np.ndarray


def depth_gain(parcels: np.ndarray) -> np.ndarray:
    """Factor on cerebral white-matter uptake by depth, float32, 1 elsewhere; same shape as `parcels`."""
    white = np.isin(parcels, (codes.LEFT_WHITE, codes.RIGHT_WHITE))
    depth = distance_transform_edt(white, sampling=VOXEL_MM)
    return np.where(white, 1 + DEEP_WHITE_GAIN * np.clip((depth - 2) / 6, 0, 1), 1).astype(np.float32)


def blur(volume: np.ndarray, fwhm_mm: float) -> np.ndarray:
    """Gaussian blur of a volume on the working grid; width as full width at half maximum in mm."""
    return np.asarray(gaussian_filter(volume, fwhm_mm / 2.3548 / VOXEL_MM, truncate=3.0))


def paint(parcels: np.ndarray, uptake: np.ndarray, gain: np.ndarray) -> np.ndarray:
    """Uptake by label on a brain, float32.

    Args:
        parcels: aparc+aseg labels, 0 outside.
        uptake: Uptake by label, shape (2036,).
        gain: Factor per voxel, as from `depth_gain`.
    """
    table = uptake.astype(np.float32)
    table[0] = 0
    return np.asarray(table[parcels] * gain)


@cache
def group_means() -> pd.DataFrame:
    """Regional SUVR of the public florbetapir group maps: label, name, negative, positive (whole cerebellum = 1)."""
    return pd.read_csv(asset("atlas", "florbetapir_regional_suvr.csv"))


def _target(column: str) -> dict[int, float]:
    rows = group_means()
    mapped = codes.from_freesurfer(rows["label"].to_numpy())
    values: dict[int, float] = {}
    for label, kin, value in zip(rows["label"], mapped, rows[column], strict=True):
        if (label >= 1000 and label % 1000 != 0) or (kin == label and kin not in _FIXED and kin != 0):
            values[int(label)] = float(value)
    return values


def solve(anatomy: Anatomy, target: dict[int, float], atlas: np.ndarray, iterations: int = 15) -> np.ndarray:
    """Uptake that reproduces regional means after painting, blurring and cerebellar normalisation.

    Multiplicative updates: each label's uptake is scaled by target over measured, so that means that were read
    off blurred images are not blurred twice.

    Args:
        anatomy: The brain that stands for the group.
        target: SUVR by atlas label as read off the group map.
        atlas: The atlas labels on which the means were read, (91, 109, 91).
        iterations: Number of updates.

    Returns:
        Uptake by label, shape (2036,), scaled so that the whole cerebellum measures 1.
    """
    gain = depth_gain(anatomy.parcels)
    uptake = np.full(_SIZE, CSF_UPTAKE)
    uptake[0] = 0
    for label, value in target.items():
        uptake[label] = value
    where = {label: atlas == label for label in target}
    for _ in range(iterations):
        image = blur(paint(anatomy.parcels, uptake, gain), GROUP_FWHM_MM)
        image /= image[anatomy.cerebellum].mean()
        for label, value in target.items():
            if where[label].any():
                ratio = value / max(float(image[where[label]].mean()), 1e-3)
                uptake[label] = np.clip(uptake[label] * ratio**0.8, *UPTAKE_RANGE)
    image = blur(paint(anatomy.parcels, uptake, gain), GROUP_FWHM_MM)
    return np.asarray(uptake / image[anatomy.cerebellum].mean())


@cache
def uptake_table() -> UptakeTable:
    """The fitted uptake of florbetapir, from the two public group maps on the template."""
    anatomy, atlas = template_anatomy(), np.where(template_mask(), parcellation(), 0)
    atlas = np.where(atlas >= 1000, atlas, codes.from_freesurfer(atlas))
    negative, positive = (solve(anatomy, _target(column), atlas) for column in ("negative", "positive"))
    both = _symmetric(np.stack([negative, positive]))
    capacity = both[1] - both[0]
    capacity[[*codes.CEREBELLUM, 16, *_FIXED]] = 0
    return UptakeTable(both[0], capacity)


_PAIRS = ((2, 41), (7, 46), (8, 47), (10, 49), (11, 50), (12, 51), (13, 52), (17, 53), (18, 54), (26, 58), (28, 60))


def _symmetric(uptake: np.ndarray) -> np.ndarray:
    """Means of left and right, since the two group maps' asymmetry is a few people's."""
    result = uptake.copy()
    cortical = tuple((1000 + k, 2000 + k) for k in range(1, 36))
    for left, right in (*_PAIRS, *cortical):
        result[..., [left, right]] = uptake[..., [left, right]].mean(-1, keepdims=True)
    return result
