"""From a cohort to weights: people, prompts, the values model, the field head, the generator."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from torch.nn import functional

from petgen import __version__
from petgen.case import Biomarkers, InputError, kept
from petgen.checksums import list_checksums
from petgen.cohort import biology
from petgen.cohort.dataset import read_record, subjects
from petgen.cohort.ideal import TYPICAL_LOADS, centiloid_noise
from petgen.cohort.in_memory import InMemory
from petgen.cohort.labels import HIPPOCAMPI, LATERAL_VENTRICLES
from petgen.cohort.people import People, open_people
from petgen.cohort.subject import Subject
from petgen.conditioning import Conditioning, load_encoder
from petgen.diagnosis.values import ValuesModel, fit_values
from petgen.generator.align import align_fields
from petgen.generator.config import VARIANTS, GeneratorConfig
from petgen.generator.fields import scaled_volumes
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.sample import Sample
from petgen.generator.train import MEND, TrainSettings, train
from petgen.generator.weights import load_weights, make_generator, save_weights
from petgen.quantify import POSITIVE_CENTILOID

Progress = Callable[[str], None]
VOLUME_ERROR = (0.45, 0.15)
"""SD of what the network misreads of the volumes, in `scaled_volumes`' units, for people without images."""


class WithoutImages(NamedTuple):
    """Simulated people without images; arrays have one row a person.

    Attributes:
        values: Measured values.
        centiloid: That a scan measures.
        volumes: (n, 2), as from `scaled_volumes`, misread as the network misreads them.
        true_volumes: (n, 2), hippocampi and lateral ventricles, shares of the brain mask.
    """

    values: list[Biomarkers]
    centiloid: np.ndarray
    volumes: np.ndarray
    true_volumes: np.ndarray


def draw_people(n: int, seed: int) -> WithoutImages:
    """People without images.

    Args:
        n: Number of people.
        seed: Seed; a stream of its own, apart from every split with images.
    """
    rng = np.random.default_rng([seed, 99])
    people = biology.draw(n, rng)
    load = people["centiloid"].to_numpy()
    centiloid = load + rng.normal(size=n) * centiloid_noise(load)
    seen = biology.hide_missing(people, rng)
    true = people[["hippocampus", "ventricles"]].to_numpy()
    volumes = scaled_volumes(true)
    volumes += (rng.normal(size=volumes.shape) * VOLUME_ERROR).astype(np.float32)
    values = [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()]
    return WithoutImages(values, centiloid, volumes, true)


def values_model(work: Path, n: int, seed: int, progress: Progress) -> ValuesModel:
    """The values model in a work folder, fitted on n people without images when it is not there."""
    file = work / "values.safetensors"
    if not file.exists():
        people, centiloid, *_ = draw_people(n, seed)
        fitted = fit_values(people, centiloid >= POSITIVE_CENTILOID, seed=seed, progress=progress)
        with kept.writing(file) as part:
            fitted.save(part)
    return ValuesModel.load(file, MEND)


def aligned_generator(
    conditioning: Conditioning, n: int, settings: TrainSettings, progress: Progress
) -> tuple[AnyGenerator, float | None]:
    """A generator that has read many prompts and seen no image.

    Args:
        conditioning: Gives the features.
        n: People without images.
        settings: How to train.
        progress: Told what happens.

    Returns:
        The generator and the cross-entropy of its posterior on people kept back, nats; None for the paper's network,
        which has no posterior.
    """
    people, centiloid, volumes, _ = draw_people(n, settings.seed + 1)
    table = conditioning.table(people, progress)
    torch.manual_seed(settings.seed)
    generator = make_generator(conditioning.config)
    if not isinstance(generator, Generator):
        generator.standardise(torch.from_numpy(np.asarray(table[np.arange(min(n, 4000))])))
        return generator, None
    steps, seed = settings.alignment_steps, settings.seed
    entropy = align_fields(
        generator.fields, table.__getitem__, volumes, centiloid, steps=steps, seed=seed, progress=progress
    )
    return generator, entropy


def sample_of(subject: Subject, features: np.ndarray, config: GeneratorConfig, rng: np.random.Generator) -> Sample:
    """A training pair of a person, the T1w's contrast changed a little, left and right swapped half the time.

    The network sees the atlas a voxel off in a third of the samples on either side of each axis: on a patient it lies
    where the registration puts it, not where the uptake changes.

    The volumes of a person without truth are NaN. The template space is symmetric. Parcels keep their numbers when
    swapped: the losses compare them label by label.

    Args:
        subject: The person.
        features: (fields, features).
        config: Names the padded grid.
        rng: Source of randomness.
    """
    contrast = np.exp(rng.normal(0, 0.08))
    side = slice(None, None, -1 if rng.random() < 0.5 else 1)
    parcels = subject.parcels[side]
    moved = np.roll(parcels, rng.integers(-1, 2, 3), (0, 1, 2))
    known = [subject.truth.get(name, np.nan) for name in ("hippocampus", "ventricles")]
    return Sample(
        np.power(subject.t1, contrast).astype(np.float32)[side],
        subject.pet[side],
        features,
        subject.centiloid,
        subject.cortex[side],
        subject.cerebellum[side],
        parcels,
        moved,
        scaled_volumes(np.array(known, dtype=float)),
        structures_of(subject.tissue[side], config.padded),
    )


def structures_of(tissue: np.ndarray, padded: tuple[int, int, int]) -> np.ndarray:
    """Shares of hippocampi and lateral ventricles in blocks of 2 x 2 x 2 voxels of the padded grid, float32."""
    masks = torch.from_numpy(np.stack([np.isin(tissue, HIPPOCAMPI), np.isin(tissue, LATERAL_VENTRICLES)]))
    missing = [size - have for size, have in zip(padded, tissue.shape, strict=True)]
    whole = functional.pad(masks.float(), (0, missing[2], 0, missing[1], 0, missing[0]))
    return np.asarray(functional.avg_pool3d(whole, 2).numpy())


def train_generator(
    generator: AnyGenerator,
    conditioning: Conditioning,
    people: People,
    names: Sequence[str],
    settings: TrainSettings,
    folder: Path,
    progress: Progress,
) -> AnyGenerator:
    """Trains the generator on people with images.

    Args:
        generator: With an aligned field head.
        conditioning: Gives the features.
        people: The cohort.
        names: Names of the people to train on.
        settings: How to train.
        folder: For checkpoint and log.
        progress: Told what happens.
    """
    table = conditioning.table([people.values(name) for name in names], progress)

    def draw(rng: np.random.Generator) -> Sample:
        chosen = int(rng.integers(len(names)))
        person = people.read(names[chosen])
        number = int(rng.integers(len(TYPICAL_LOADS)))
        typical = people.typical(names[chosen], number) if rng.random() < settings.typical else None
        if typical:
            person = replace(person, pet=typical.suvr, centiloid=typical.centiloid)
        return sample_of(person, table[chosen], conditioning.config, rng)

    def told(step: int, loss: float, done: float) -> None:
        if step % 50 == 0:
            progress(f"generator, step {step}, {done:.1%}: loss {loss:.4f}")

    return train(generator, draw, settings, folder, told)


def train_all(
    data: Path,
    out: Path,
    work: Path,
    *,
    settings: TrainSettings,
    people: int,
    progress: Progress,
    variant: str = "petgen",
    start: Path | None = None,
    memory_gb: float = 4.0,
) -> None:
    """Everything from simulated people to weights on disk, going on where an earlier run stopped.

    Args:
        data: A dataset with people of the split `train`, as `petgen simulate` writes it.
        out: Gets `values.safetensors`, `<variant>.safetensors`, `<variant>.json` and `checksums.json`.
        work: Keeps encoded texts, the aligned field head and the checkpoint.
        settings: How to train.
        people: People without images for the values model and the field head.
        progress: Told what happens.
        variant: A key of `petgen.generator.config.VARIANTS`.
        start: Folder of weights to go on from: values model and field head stay as they are there; a decoder that knows
            nothing of places learns them, where the variant does.
        memory_gb: How much of the people may be kept in memory, in place of reading them again at every step.

    Raises:
        InputError: There is no such variant, there are no simulated people, `start` holds no weights, or a file in
            `work` is damaged.
    """
    if variant not in VARIANTS:
        raise InputError(f"no such variant: {variant}", mend=f"Choose one of {', '.join(VARIANTS)}.")
    cohort, names = InMemory(open_people(data), limit_gb=memory_gb), people_of(data, "train")
    work.mkdir(parents=True, exist_ok=True)
    aligned = work / f"{variant}-aligned.pt"
    history: dict[str, Any] = {}
    if start:
        loaded = load_weights(start / f"{variant}.safetensors")
        model, generator = ValuesModel.load(start / "values.safetensors"), loaded.network
        if isinstance(generator, Generator) and VARIANTS[variant].places:
            generator = generator.with_places()
        told = ("data", "training", "alignment", "sha256", "from")
        history = {"from": {name: loaded.card[name] for name in told if name in loaded.card}}
    else:
        model, generator = values_model(work, people, settings.seed, progress), make_generator(VARIANTS[variant])
    conditioning = Conditioning(generator.config, model, load_encoder(generator.config, work, progress))
    if aligned.exists() and not start:
        with kept.reading(aligned, MEND):
            earlier = torch.load(aligned, weights_only=True)
            generator.load_state_dict(earlier["state"])
            history = {"alignment": earlier["entropy"]}
    elif not start:
        generator, entropy = aligned_generator(conditioning, people, settings, progress)
        with kept.writing(aligned) as part:
            torch.save({"state": generator.state_dict(), "entropy": entropy}, part)
        history = {"alignment": entropy}
    trained = train_generator(generator, conditioning, cohort, names, settings, work / variant, progress)
    out.mkdir(parents=True, exist_ok=True)
    model.save(out / "values.safetensors")
    list_checksums(out / "values.safetensors")
    anatomies = sorted({read_record(data, name)["anatomy"] for name in names})
    card = {
        "version": __version__,
        "variant": variant,
        "provenance": "simulated-cohort",
        "data": f"{len(names)} simulated people with images of {len(anatomies)} anatomies"
        + ("" if start else f", {people} more without"),
        "training": {
            "steps": steps_taken(work / variant),
            "minutes": settings.minutes,
            "rate": settings.rate,
            "seed": settings.seed,
            "typical": settings.typical,
            "losses": settings.losses.model_dump(),
            "anatomies": anatomies,
        },
        **history,
    }
    save_weights(trained, out / f"{variant}.safetensors", card)
    progress(f"weights are in {out}")


def steps_taken(folder: Path) -> int:
    """Optimiser steps of a finished training, from its log.

    Raises:
        InputError: The log is damaged.
    """
    log = folder / "log.csv"
    with kept.reading(log, f"Delete the folder {folder}; training then begins anew."):
        return int(log.read_text(encoding="utf-8").split()[-1].split(",")[0])


def people_of(data: Path, split: str) -> list[str]:
    """Names of the simulated people of a split.

    Raises:
        InputError: There are none.
    """
    found = subjects(data, split)
    if not found:
        raise InputError(
            f"no simulated people of the split {split}", where=str(data), mend="Run `petgen simulate` first."
        )
    return found
