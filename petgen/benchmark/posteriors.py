"""What each way of giving the values to the network tells of the load, without images and under inputs never seen.

The field head alone decides the posterior of the load, and it learns on people without images: so the ways can be
compared on thousands of people, at equal data and steps, beside the exact posterior under the simulator's own model.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from petgen.benchmark.wording import CONDITIONS
from petgen.case import InputError, kept
from petgen.cohort.posterior import GRID, centiloid_posterior, load_posterior
from petgen.conditioning import Conditioning, load_encoder
from petgen.generator.config import VARIANTS
from petgen.generator.load import CLASSES, below, class_of, quantile
from petgen.generator.network import Generator
from petgen.generator.train import TrainSettings
from petgen.quantify import POSITIVE_CENTILOID
from petgen.training import WithoutImages, aligned_generator, draw_people, values_model

Progress = Callable[[str], None]
EXACT = "exact posterior"
"""Name of the posterior under the simulator's own model, given the true volumes: nothing can know more."""
WITH_POSTERIOR = tuple(name for name, config in VARIANTS.items() if config.network == "petgen")
"""Variants that can be compared: the paper's network has no posterior."""
_TESTED = 5000


@dataclass(frozen=True)
class Trial:
    """What is compared.

    Attributes:
        work: Keeps encoded texts and what was said; what is there is not run again.
        people: People to learn from.
        steps: Optimiser steps.
        tested: Other people.
        seeds: Number of seeds.
    """

    work: Path
    people: int = 40_000
    steps: int = 1500
    tested: int = 4000
    seeds: int = 3

    @property
    def words(self) -> str:
        """Data and budget."""
        return (
            f"Simulated people without images: {self.people} to learn from in {self.steps} steps, {self.tested} others "
            f"to test on, {self.seeds} seeds. The volumes are misread as the network misreads them from a T1w; the "
            "exact posterior has the true ones."
        )


@dataclass(frozen=True)
class Said:
    """What posteriors say of people; arrays (n,).

    Attributes:
        median: Median load, Centiloids.
        chance: Probability of 25 CL and above.
        nats: Minus the logarithm of the probability of the class that holds the true Centiloid.
        low: Load below which 5 % lie, Centiloids.
        high: Load above which 5 % lie, Centiloids.
    """

    median: np.ndarray
    chance: np.ndarray
    nats: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @classmethod
    def of(cls, chances: np.ndarray, centiloid: np.ndarray) -> "Said":
        """From distributions (n, classes) over the classes of load and the true Centiloids (n,)."""
        median, low, high = (np.array([quantile(row, share) for row in chances]) for share in (0.5, 0.05, 0.95))
        positive = np.array([1 - below(row, POSITIVE_CENTILOID) for row in chances])
        true = np.take_along_axis(chances, class_of(centiloid)[:, None], 1)[:, 0]
        return cls(median, positive, -np.log(np.maximum(true, 1e-9)), low, high)


def compare_posteriors(
    trial: Trial, names: Sequence[str], progress: Progress, *, jobs: int = 1
) -> dict[str, list[dict[str, Said]]]:
    """Learns and tests what is not in the work folder.

    Args:
        trial: What is compared.
        names: Of `WITH_POSTERIOR`.
        progress: Told what happens.
        jobs: Runs at a time, each in a process with its share of the cores.

    Returns:
        For each name and `EXACT`, one item a seed (the exact posterior has one): what was said, by condition of
        `petgen.benchmark.wording.CONDITIONS`.

    Raises:
        InputError: No such variant, or a file in the work folder is damaged.
    """
    from joblib import Parallel, delayed

    for name in names:
        if name not in WITH_POSTERIOR:
            mend = f"Choose among {', '.join(WITH_POSTERIOR)}."
            raise InputError(f"no such variant with a posterior: {name}", mend=mend)
    trial.work.mkdir(parents=True, exist_ok=True)
    wanted = [(name, seed) for seed in range(trial.seeds) for name in names] + [(EXACT, 0)]
    todo = [run for run in wanted if not _file(trial, *run).exists()]
    work = Parallel(n_jobs=min(jobs, max(len(todo), 1)), return_as="generator_unordered", pre_dispatch=jobs)
    inside = progress if jobs == 1 else None
    for done, words in enumerate(work(delayed(_run)(trial, *run, jobs, inside) for run in todo), 1):
        progress(f"{words}: done, {done} of {len(todo)}")
    found: dict[str, list[dict[str, Said]]] = {}
    for name, seed in wanted:
        found.setdefault(name, []).append(_read(_file(trial, name, seed)))
    return found


def held_out(trial: Trial) -> WithoutImages:
    """The people to test on."""
    return draw_people(trial.tested, _TESTED)


def _file(trial: Trial, name: str, seed: int) -> Path:
    size = f"{trial.people}-{trial.steps}-{trial.tested}"
    return trial.work / f"said-{name.replace(' ', '-')}-{seed}-{size}.npz"


def _read(file: Path) -> dict[str, Said]:
    with kept.reading(file, "Delete it; it is made again."), np.load(file) as found:
        return {name: Said(*found[name]) for name in CONDITIONS}


def _run(trial: Trial, name: str, seed: int, jobs: int, told: Progress | None) -> str:
    if jobs > 1:
        torch.set_num_threads(max((os.cpu_count() or 1) // jobs, 1))
    progress = told or (lambda _: None)
    people = held_out(trial)
    said = _exact(people) if name == EXACT else _learned(trial, name, seed, people, progress)
    arrays = {label: np.stack(list(asdict(item).values())) for label, item in said.items()}
    with kept.writing(_file(trial, name, seed)) as part:
        np.savez_compressed(part, allow_pickle=False, **arrays)
    return f"{name}, seed {seed}"


def _learned(trial: Trial, name: str, seed: int, people: WithoutImages, progress: Progress) -> dict[str, Said]:
    config = VARIANTS[name]
    folder = trial.work / name
    folder.mkdir(exist_ok=True)
    fitted = trial.work / f"seed{seed}-{trial.people}"
    fitted.mkdir(exist_ok=True)
    values = values_model(fitted, trial.people, seed, progress)
    encoder = load_encoder(config, folder, progress)
    settings = TrainSettings(seed=seed, alignment_steps=trial.steps)
    network, _ = aligned_generator(Conditioning(config, values, encoder), trial.people, settings, progress)
    assert isinstance(network, Generator)
    volumes, found = torch.from_numpy(people.volumes), {}
    for label, condition in CONDITIONS.items():
        reworded = Conditioning(config, values, encoder, condition.wording)
        table = reworded.table([condition.change(person) for person in people.values], progress)
        with torch.inference_mode():
            parts = [
                network.fields.load_logits(torch.from_numpy(np.asarray(table[chosen])), volumes[chosen]).softmax(1)
                for chosen in np.array_split(np.arange(trial.tested), trial.tested // 500 + 1)
            ]
        found[label] = Said.of(torch.cat(parts).double().numpy(), people.centiloid)
    return found


def _exact(people: WithoutImages) -> dict[str, Said]:
    classes = class_of(GRID)
    found: dict[str, Said] = {}
    for label, condition in CONDITIONS.items():
        if condition.wording:
            found[label] = found["as trained"]
            continue
        exact = [
            centiloid_posterior(load_posterior(condition.change(person), *volumes))
            for person, volumes in zip(people.values, people.true_volumes, strict=True)
        ]
        chances = np.array([np.bincount(classes, row, CLASSES) for row in exact])
        found[label] = Said.of(chances, people.centiloid)
    return found
