"""Tissue uptake solved for through the blur: what must be painted so that the public group maps come out."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.deform import Atrophy, deform
from petgen.cohort.evidence import constant
from petgen.cohort.uptake import SIZE, Depth, UptakeTable, blur, depth_of, paint, paint_amyloid
from petgen.quantify.groups import group_means

GROUP_CENTILOID = constant(
    "Centiloids of the negative and the positive group map",
    (-0.3, 82.8),
    "derived",
    "composites 1.041 and 1.505 with the Centiloid masks on the two public florbetapir group averages, Huashan line",
)
FWHM_MM = 8.0
_TISSUE_RANGE = constant(
    "bounds of the solved uptake of tissue", (0.45, 2.6), "assumed", "group maps cannot tell thin structures apart"
)
_FLUID_RANGE = constant(
    "bounds of the solved uptake of CSF and ventricles", (0.1, 0.8), "assumed", "choroid plexus and blood included"
)
_FLUID = (*codes.VENTRICLES, codes.CSF)


def comparable(rows: pd.DataFrame) -> np.ndarray:
    """Which rows of `group_means` name tissue that the simulator paints as such, bool.

    Left out are vessels, choroid plexus, hypointensities, optic chiasm, corpus callosum and "unknown" cortex: labels
    of a few voxels that anatomies of other origins merge with their surroundings.
    """
    label = rows["label"].to_numpy()
    merged = codes.from_freesurfer(label)
    return np.asarray(((label >= 1000) & (label % 1000 != 0)) | ((merged == label) & (label < 1000)))


def fit_on_files(files: Sequence[Path], every: int = 2) -> UptakeTable:
    """`fit_uptake` on brains of the groups' age: prepared anatomies, each deformed to typical volumes.

    Args:
        files: Prepared anatomies.
        every: Of so many files one is used.
    """
    brains = [
        deform(Anatomy.load(file), Atrophy(0.0048, 0.03, {}), np.random.default_rng(number))
        for number, file in enumerate(sorted(files)[::every])
    ]
    return fit_uptake(brains)


def fit_uptake(anatomies: Sequence[Anatomy], iterations: int = 15) -> UptakeTable:
    """Solves for the uptake of both groups.

    Multiplicative updates: each label's uptake is scaled by the group's mean over the mean that the painted, blurred
    and cerebellum-normalised brains measure on the warped atlas, so that means that were read off blurred images are
    not blurred twice, and so that errors of the atlas are in both.

    Args:
        anatomies: Brains that stand for the groups.
        iterations: Number of updates.

    Returns:
        Uptake, the same on both sides, since the asymmetry of the two group maps is a few people's.
    """
    rows = group_means()[lambda t: comparable(t)]
    depths = [depth_of(anatomy) for anatomy in anatomies]
    target = {}
    for group in ("negative", "positive"):
        target[group] = np.zeros(SIZE)
        target[group][rows["label"]] = rows[group]
        target[group] = _symmetric(target[group])
    base = target["negative"].copy()
    base[list(_FLUID)] = 0.3
    for _ in range(iterations):
        images = _images(anatomies, depths, base)
        base = _bounded(base * _ratio(target["negative"], _means(anatomies, images)), target["negative"] > 0)
    base /= float(np.mean([image[a.cerebellum].mean() for a, image in zip(anatomies, images, strict=True)]))
    capacity = target["positive"] - target["negative"]
    for _ in range(iterations):
        capacity[[*codes.CEREBELLUM, 16, *_FLUID]] = 0
        images = _images(anatomies, depths, base, capacity)
        whole = _bounded((base + capacity) * _ratio(target["positive"], _means(anatomies, images)), base > 0)
        capacity = np.maximum(whole - base, 0)
    capacity[[*codes.CEREBELLUM, 16, *_FLUID]] = 0
    return UptakeTable(base, capacity)


def save_table(table: UptakeTable, path: Path) -> None:
    """Writes label, base and capacity of every label that has an uptake as CSV."""
    labels = np.flatnonzero(table.base)
    pd.DataFrame(
        {"label": labels, "base": table.base[labels].round(4), "capacity": table.capacity[labels].round(4)}
    ).to_csv(path, index=False)


def _images(
    anatomies: Sequence[Anatomy], depths: Sequence[Depth], base: np.ndarray, capacity: np.ndarray | None = None
) -> list[np.ndarray]:
    """Painted and blurred brains, not normalised."""
    painted = [paint(anatomy, base, depth) for anatomy, depth in zip(anatomies, depths, strict=True)]
    if capacity is not None:
        for volume, anatomy, depth in zip(painted, anatomies, depths, strict=True):
            volume += paint_amyloid(anatomy, capacity, depth)
    return [blur(volume, FWHM_MM) for volume in painted]


def _means(anatomies: Sequence[Anatomy], images: Sequence[np.ndarray]) -> np.ndarray:
    """Mean by atlas label over all brains, whole cerebellum = 1, left and right together, shape (2036,)."""
    total, count = np.zeros(SIZE), np.zeros(SIZE)
    for anatomy, image in zip(anatomies, images, strict=True):
        suvr = image / image[anatomy.cerebellum].mean()
        number = np.bincount(anatomy.parcels.ravel(), minlength=SIZE)[:SIZE]
        sums = np.bincount(anatomy.parcels.ravel(), weights=suvr.ravel(), minlength=SIZE)[:SIZE]
        total[number > 0] += sums[number > 0] / number[number > 0]
        count += number > 0
    return _symmetric(np.divide(total, count, out=np.zeros(SIZE), where=count > 0))


def _ratio(target: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Damped factor by label; 1 where either is unknown."""
    known = (seen > 0) & (target > 0)
    return np.where(known, (target / np.where(known, seen, 1)) ** 0.8, 1) if known.any() else np.ones(SIZE)


def _bounded(uptake: np.ndarray, known: np.ndarray) -> np.ndarray:
    fluid = np.zeros(SIZE, bool)
    fluid[list(_FLUID)] = True
    uptake = _symmetric(uptake)
    bounded = np.where(fluid, np.clip(uptake, *_FLUID_RANGE), np.clip(uptake, *_TISSUE_RANGE))
    return np.where(known, bounded, 0)


def _symmetric(values: np.ndarray) -> np.ndarray:
    """Means of left and right, shape (2036,)."""
    result = values.copy()
    for left, right in codes.PAIRS:
        result[[left, right]] = values[[left, right]].mean()
    return result
