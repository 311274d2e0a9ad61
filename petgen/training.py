"""From a cohort to weights: people, prompts, the values model, the field head, the generator."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from petgen import __version__
from petgen.assets import asset
from petgen.benchmark.evaluate import evaluate
from petgen.case import Biomarkers, InputError
from petgen.cohort import biology
from petgen.cohort.dataset import read_record, read_subject, read_values, subjects
from petgen.diagnosis.values import POSITIVE_CENTILOID, ValuesModel, fit_values
from petgen.generator.align import align_fields
from petgen.generator.config import GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.train import Sample, TrainSettings, train
from petgen.generator.weights import load_weights, save_card, save_weights
from petgen.language import prompt_fields
from petgen.language.encoder import TextEncoder
from petgen.language.table import FeatureTable

Progress = Callable[[str], None]
NOISE_OF_CENTILOID = 3.5
"""What noise adds to a Centiloid measured on a simulated scan, standard deviation, for people without images."""


def draw_people(n: int, seed: int) -> tuple[list[Biomarkers], np.ndarray]:
    """People without images: their measured values and their Centiloid.

    Args:
        n: Number of people.
        seed: Seed; a stream of its own, apart from every split with images.
    """
    rng = np.random.default_rng([seed, 99])
    people = biology.draw(n, rng)
    centiloid = people["centiloid"].to_numpy() + rng.normal(0, NOISE_OF_CENTILOID, n)
    seen = biology.hide_missing(people, rng)
    return [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()], centiloid


def prompt_table(
    people: Sequence[Biomarkers], model: ValuesModel, encoder: TextEncoder, progress: Progress | None = None
) -> FeatureTable:
    """Features of everybody's prompt, the prediction field filled by the values model."""
    chances = model.probability(people)
    prompts = [prompt_fields(person, float(p)) for person, p in zip(people, chances, strict=True)]
    return FeatureTable(encoder, prompts, progress)


def prepare_conditioning(
    encoder: TextEncoder, config: GeneratorConfig, n: int, settings: TrainSettings, progress: Progress
) -> tuple[ValuesModel, Generator]:
    """Fits the values model and aligns the field head, on different people.

    Args:
        encoder: The language model.
        config: Sizes of the generator.
        n: People for each of the two.
        settings: How to train.
        progress: Told what happens.
    """
    seed = settings.seed
    people, centiloid = draw_people(n, seed)
    model = fit_values(people, centiloid >= POSITIVE_CENTILOID, seed=seed, progress=progress)
    people, centiloid = draw_people(n, seed + 1)
    table = prompt_table(people, model, encoder, progress)
    torch.manual_seed(seed)
    generator = Generator(config)
    steps = settings.alignment_steps
    align_fields(generator.fields, lambda chosen: table[chosen], centiloid, steps=steps, seed=seed, progress=progress)
    return model, generator


def train_generator(
    generator: Generator,
    values_model: ValuesModel,
    encoder: TextEncoder,
    data: Path,
    names: Sequence[str],
    settings: TrainSettings,
    folder: Path,
    progress: Progress,
) -> Generator:
    """Trains the generator on simulated people with images.

    Args:
        generator: With an aligned field head.
        values_model: Fills the prediction field.
        encoder: The language model.
        data: Folder of the dataset.
        names: Names of the people to train on.
        settings: How to train.
        folder: For checkpoint and log.
        progress: Told what happens.
    """
    people = [read_values(data, name) for name in names]
    table = prompt_table(people, values_model, encoder, progress)

    def draw(rng: np.random.Generator) -> Sample:
        chosen = int(rng.integers(len(names)))
        subject = read_subject(data, names[chosen])
        contrast = np.exp(rng.normal(0, 0.08))
        return Sample(np.power(subject.t1, contrast).astype(np.float32), subject.pet, table[chosen])

    def told(step: int, loss: float) -> None:
        if step % 50 == 0:
            progress(f"generator, step {step} of {settings.steps}: loss {loss:.4f}")

    return train(generator, draw, settings, folder, told)


def train_all(
    data: Path,
    out: Path,
    work: Path,
    *,
    settings: TrainSettings,
    people: int,
    progress: Progress,
    start: Path | None = None,
) -> None:
    """Everything from simulated people to weights on disk, going on where an earlier run stopped.

    Args:
        data: A dataset with people of the split `train`, as `petgen simulate` writes it.
        out: Gets `values.safetensors`, `petgen.safetensors` and `petgen.json`.
        work: Keeps the aligned field head and the checkpoint.
        settings: How to train.
        people: People without images for the values model and the field head.
        progress: Told what happens.
        start: Folder of weights to go on from: values model and field head stay as they are there.

    Raises:
        InputError: There are no simulated people, or `start` holds no weights.
    """
    names = people_of(data, "train")
    encoder = TextEncoder.load(progress)
    work.mkdir(parents=True, exist_ok=True)
    aligned, values_file = work / "aligned.pt", work / "values.safetensors"
    history: dict[str, Any] = {}
    if start:
        loaded = load_weights(start / "petgen.safetensors")
        values_model, generator = ValuesModel.load(start / "values.safetensors"), loaded.network
        history = {"from": {name: loaded.card[name] for name in ("data", "training", "sha256") if name in loaded.card}}
    elif aligned.exists():
        values_model, generator = ValuesModel.load(values_file), Generator(GeneratorConfig())
        generator.load_state_dict(torch.load(aligned, weights_only=True))
    else:
        values_model, generator = prepare_conditioning(encoder, GeneratorConfig(), people, settings, progress)
        values_model.save(values_file)
        torch.save(generator.state_dict(), aligned)
    trained = train_generator(generator, values_model, encoder, data, names, settings, work, progress)
    out.mkdir(parents=True, exist_ok=True)
    values_model.save(out / "values.safetensors")
    anatomies = sorted({read_record(data, name)["anatomy"] for name in names})
    card = {
        "version": __version__,
        "provenance": "simulated-cohort",
        "data": f"{len(names)} simulated people with images of {len(anatomies)} anatomies"
        + ("" if start else f", {people} more without"),
        "training": {"steps": settings.steps, "rate": settings.rate, "seed": settings.seed, "anatomies": anatomies},
        **history,
    }
    save_weights(trained, out / "petgen.safetensors", card)
    progress(f"weights are in {out}")


def evaluate_all(data: Path, weights: Path | None, progress: Progress) -> dict[str, Any]:
    """Metrics on held-out people, also written into the weights' JSON.

    Args:
        data: A dataset with people of the splits `test` and `train`, as `petgen simulate` writes it.
        weights: Folder of the weights; the bundled ones when None.
        progress: Told how far it is.
    """
    folder = weights or asset("weights")
    encoder, loaded = TextEncoder.load(progress), load_weights(folder / "petgen.safetensors")
    values_model = ValuesModel.load(folder / "values.safetensors")
    test, train_people = people_of(data, "test"), people_of(data, "train")
    figures = evaluate(loaded.network, values_model, encoder, data, test, train_people, progress)
    save_card(folder / "petgen.safetensors", {**loaded.card, "metrics": figures})
    return figures


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
