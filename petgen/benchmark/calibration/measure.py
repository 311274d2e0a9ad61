"""What simulated people measure: values as a site has them, PET through masks and atlas."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.ndimage import binary_erosion

from petgen.cohort import labels as codes
from petgen.cohort.dataset import read_record, read_subject
from petgen.cohort.subject import Subject
from petgen.imaging.grid import AFFINE
from petgen.quantify import POSITIVE_CENTILOID
from petgen.quantify.atlas import regions
from petgen.quantify.suvr import composite_suvr

PONS_MM = ((-14, 14), (-38, -14), (-42, -20))
"""Box in template space that cuts the pons out of the brainstem label (x, y, z)."""


@dataclass(frozen=True)
class Measured:
    """A measured cohort.

    Attributes:
        people: One row a person: values (as drawn, before any went missing), diagnosis, anatomy, centiloid, composite,
            hippocampus (share of the brain mask) and what else was read off the images.
        regions: Mean SUVR, one row a person in the same order, one column an atlas label.
    """

    people: pd.DataFrame
    regions: pd.DataFrame

    @property
    def positive(self) -> np.ndarray:
        """Amyloid status: Centiloid of 25 or more on the simulated PET, bool."""
        return self.people["centiloid"].to_numpy() >= POSITIVE_CENTILOID


def measure(root: Path, names: Sequence[str], progress: Callable[[int], None] | None = None) -> Measured:
    """Measures people of a simulated dataset, on all cores.

    Args:
        root: Folder of the dataset.
        names: Who.
        progress: Told how many are done.
    """
    from joblib import Parallel, delayed

    rows = []
    work = Parallel(n_jobs=os.cpu_count(), return_as="generator")
    for done, row in enumerate(work(delayed(_measure_one)(root, name) for name in names), 1):
        rows.append(row)
        if progress:
            progress(done)
    return Measured(
        pd.DataFrame([person for person, _ in rows], index=list(names)),
        pd.DataFrame([region for _, region in rows], index=list(names)),
    )


def _measure_one(root: Path, name: str) -> tuple[dict[str, Any], dict[int, float]]:
    subject, record = read_subject(root, name), read_record(root, name)
    truth = record["truth"]
    person = {
        **{name.removeprefix("drawn_"): value for name, value in truth.items() if name.startswith("drawn_")},
        "diagnosis": subject.diagnosis,
        "anatomy": subject.anatomy,
        **readings(subject),
        "hippocampus": truth["hippocampus"],
    }
    return person, _regional(subject)


def readings(subject: Subject) -> dict[str, float]:
    """What is read off one simulated PET besides its regions."""
    pet = subject.pet
    white = np.isin(subject.tissue, (codes.LEFT_WHITE, codes.RIGHT_WHITE)) & subject.mask
    deep = binary_erosion(white, iterations=3)
    cerebellar_grey = np.isin(subject.tissue, (8, 47)) & subject.cerebellum
    cortical = np.isin(subject.parcels, _ASSOCIATION)
    values = {
        "composite": composite_suvr(pet, subject.cortex, subject.cerebellum),
        "centiloid": subject.centiloid,
        "cerebellar_grey": _mean(pet, cerebellar_grey),
        "cerebellar_white": _mean(pet, np.isin(subject.tissue, (7, 46)) & subject.cerebellum),
        "pons": _mean(pet, (subject.parcels == 16) & _pons_box()),
        "brainstem": _mean(pet, subject.parcels == 16),
        "cerebellum_and_brainstem": _mean(pet, subject.cerebellum | (subject.parcels == 16)),
        "deep_white": _mean(pet, deep if deep.sum() > 50 else white),
        "white_over_grey": _mean(pet, white) / _mean(pet, cortical),
    }
    left, right = (_mean(pet, cortical & (subject.parcels // 1000 == side)) for side in (1, 2))
    values["asymmetry"] = 2 * (left - right) / (left + right)
    return values


_ASSOCIATION = tuple(
    first + n for first in (1000, 2000) for n in (3, 8, 9, 10, 12, 14, 15, 18, 19, 20, 23, 25, 26, 27, 28, 29, 30, 31)
)


def _mean(pet: np.ndarray, where: np.ndarray) -> float:
    return float(pet[where].mean()) if where.any() else float("nan")


@cache
def _pons_box() -> np.ndarray:
    shape = (91, 109, 91)
    box = np.ones(shape, bool)
    for axis, (low, high) in enumerate(PONS_MM):
        place = AFFINE[axis, axis] * np.arange(shape[axis]) + AFFINE[axis, 3]
        index = [None, None, None]
        inside: np.ndarray = (place >= low) & (place <= high)
        box &= inside.reshape([-1 if k == axis else 1 for k in range(len(index))])
    return box


def _regional(subject: Subject) -> dict[int, float]:
    wanted = {region.index for region in regions()} | {*codes.VENTRICLES, codes.CSF, 28, 60}
    counts = np.bincount(subject.parcels.ravel(), minlength=2036)
    sums = np.bincount(subject.parcels.ravel(), weights=subject.pet.ravel(), minlength=2036)
    return {label: float(sums[label] / counts[label]) for label in sorted(wanted) if counts[label]}
