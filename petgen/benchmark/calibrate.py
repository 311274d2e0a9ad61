"""Conformal intervals of a variant, from the people of the calibration split."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from petgen.benchmark.predictor import load_predictor
from petgen.case import InputError
from petgen.cohort.people import People, open_people
from petgen.diagnosis.intervals import Intervals, fit_intervals, load_ranks, region_ranks
from petgen.generator.load import CENTRES, EDGES
from petgen.quantify.suvr import normalise_to_cerebellum, region_means

LEAST_SPREAD = 0.01
"""SD of the logarithm that a region varies at least beyond its load."""


def calibrate(data: Path, weights: Path, variant: str, progress: Callable[[str], None]) -> Intervals:
    """Fits the intervals; nothing of the calibration people was seen in training.

    Args:
        data: Dataset with people of the split `calibration`.
        weights: Folder of the weights.
        variant: Name of a variant with a posterior.
        progress: Told how far it is.

    Raises:
        InputError: There are no calibration people, or the variant has no posterior.
    """
    from joblib import Parallel, delayed

    people = open_people(data)
    names = people.names("calibration")
    if not names:
        mend = "Run `petgen simulate --split calibration` first."
        raise InputError("no people of the split calibration", where=str(data), mend=mend)
    work = Parallel(n_jobs=-1, return_as="generator", batch_size=1)
    found = []
    for item in work(delayed(_seen)(data, weights, variant, name) for name in names):
        found.append(item)
        if len(found) % 50 == 0:
            progress(f"calibration people: {len(found)} of {len(names)}")
    cells = [item[0] for item in found]
    chances, lines = np.array([item[1] for item in found]), np.array([item[2] for item in found])
    centiloid, regions = np.array([item[3] for item in found]), np.array([item[4] for item in found])
    at_load = np.array([_at(line, load) for line, load in zip(lines, centiloid, strict=True)])
    spread = np.maximum(np.nanstd(np.log(regions / np.maximum(at_load, 0.05)), axis=0), LEAST_SPREAD)
    load = np.array([load_ranks(p, EDGES, value) for p, value in zip(chances, centiloid, strict=True)])
    ranks = np.array(
        [region_ranks(p, line, spread, seen) for p, line, seen in zip(chances, lines, regions, strict=True)]
    )
    words = f"{len(names)} people of the split calibration, {people.provenance}"
    return fit_intervals(cells, load, ranks, np.nan_to_num(spread, nan=LEAST_SPREAD), words)


def _seen(data: Path, weights: Path, variant: str, name: str) -> tuple[str, np.ndarray, np.ndarray, float, np.ndarray]:
    """Cell, posterior, lines of the regions, and what the scan measured, of one person."""
    import torch

    torch.set_num_threads(1)
    people: People = open_people(data)
    person = people.read(name)
    seen = load_predictor(weights, variant).predict(person).assessment
    if seen is None or seen.lines is None:
        raise InputError(f"{variant} has no posterior to calibrate", mend="Choose another variant.")
    measured = region_means(normalise_to_cerebellum(person.pet * person.mask, person.cerebellum), person.parcels)
    return seen.cell, seen.outlook.chances, seen.lines, person.centiloid, measured


def _at(line: np.ndarray, load: float) -> np.ndarray:
    """SUVR of the regions at a load, (regions,), from their lines at the classes' centres."""
    return np.array([np.interp(load, CENTRES, region) for region in line.T])
