"""What is ordinary: the encoder's features on simulated people, and the values of people without images."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from petgen.benchmark.predictor import load_predictor
from petgen.case import Biomarkers, InputError
from petgen.cohort import biology
from petgen.cohort.people import open_people
from petgen.diagnosis.familiarity import Familiarity, fit_familiarity
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode, encoder_features
from petgen.imaging.grid import template_mask

ROOM = 8
"""Voxels of the working grid along each edge of a place."""


def brain_places(shape: tuple[int, int, int]) -> np.ndarray:
    """Places at an eighth of the padded grid that lie mostly in the template's brain, bool."""
    padded = np.zeros([n * ROOM for n in shape])
    padded[tuple(slice(0, n) for n in template_mask().shape)] = template_mask()
    return _means(padded) > 0.5


def _means(volume: np.ndarray) -> np.ndarray:
    x, y, z = (n // ROOM for n in volume.shape)
    return np.asarray(volume.reshape(x, ROOM, y, ROOM, z, ROOM).mean((1, 3, 5)))


def learn_familiarity(
    data: Path, weights: Path, variant: str, progress: Callable[[str], None], *, n: int = 400, people: int = 20_000
) -> Familiarity:
    """Fits what is ordinary.

    Args:
        data: Dataset with people of the splits train (for the mean) and calibration (for the limits).
        weights: Folder of the weights.
        variant: Name of a variant with an encoder of its own.
        progress: Told how far it is.
        n: People of each split, at most.
        people: People without images.

    Raises:
        InputError: A split has no people, or the variant is the paper's.
    """
    cohort, network = open_people(data), load_predictor(weights, variant).network
    if not isinstance(network, Generator):
        raise InputError(f"{variant} has no encoder that can be asked", mend="Choose another variant.")

    def features(split: str) -> Iterator[np.ndarray]:
        names = cohort.names(split)[:n]
        if not names:
            mend = f"Run `petgen simulate --split {split}` first."
            raise InputError(f"no people of the split {split}", where=str(data), mend=mend)
        for number, name in enumerate(names, 1):
            if number % 100 == 0:
                progress(f"ordinary scans, {split}: {number} of {len(names)}")
            yield encoder_features(encode(network, cohort.read(name).t1, None))

    first = next(features("train"))
    shape = (first.shape[1], first.shape[2], first.shape[3])
    rng = np.random.default_rng(77)
    complete = [Biomarkers(**biology.values_of(row)) for _, row in biology.draw(people, rng).iterrows()]
    seen = biology.hide_missing(biology.draw(people, rng), rng)
    ordinary = [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()]
    return fit_familiarity(features("train"), features("calibration"), brain_places(shape), complete, ordinary)
