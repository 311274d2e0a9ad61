"""The generator and the mean map on held-out simulated people."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from petgen.benchmark.metrics import Agreement, agreement, summarise
from petgen.cohort.dataset import read_subject
from petgen.diagnosis.values import ValuesModel
from petgen.generator.network import Generator
from petgen.generator.synthesise import synthesise_suvr
from petgen.imaging.grid import SHAPE
from petgen.language import prompt_fields
from petgen.language.encoder import TextEncoder


def mean_map(data: Path, names: Sequence[str]) -> np.ndarray:
    """Average SUVR of simulated people, (91, 109, 91): the baseline that never saw the patient."""
    total, count = np.zeros(SHAPE, np.float64), np.zeros(SHAPE, np.float64)
    for name in names:
        subject = read_subject(data, name)
        total += subject.pet
        count += subject.mask
    return np.asarray(total / np.maximum(count, 1), dtype=np.float32)


def evaluate(
    network: Generator,
    values: ValuesModel,
    encoder: TextEncoder,
    data: Path,
    test: Sequence[str],
    train: Sequence[str],
    progress: Callable[[str], None],
) -> dict[str, Any]:
    """Metrics on people of anatomies that training never saw.

    Args:
        network: The generator.
        values: Fills the prediction field.
        encoder: The language model.
        data: Folder of the dataset.
        test: Names of the test people.
        train: Names of training people, for the mean map.
        progress: Told how far it is.

    Returns:
        n, n_anatomies, the generator's metrics and the mean map's.
    """
    average = mean_map(data, train[:200])
    ours: list[Agreement] = []
    floor: list[Agreement] = []
    anatomies = set()
    for done, name in enumerate(test, 1):
        subject = read_subject(data, name)
        anatomies.add(subject.anatomy)
        chance = float(values.probability([subject.values])[0])
        features = encoder.encode([field.text for field in prompt_fields(subject.values, chance)])
        made = synthesise_suvr(network, subject.t1, features)
        where = (subject.parcels, subject.mask, subject.cortex, subject.cerebellum)
        ours.append(agreement(made, subject.pet, *where))
        floor.append(agreement(average * subject.mask, subject.pet, *where))
        if done % 20 == 0:
            progress(f"test people: {done} of {len(test)}")
    return {
        "n": len(test),
        "n_anatomies": len(anatomies),
        "provenance": "simulated-cohort",
        "petgen": summarise(ours),
        "mean_map": summarise(floor),
    }
