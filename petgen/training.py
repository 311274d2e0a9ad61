"""From a cohort to weights: people, prompts, the values model, the field head, the generator."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort.pool import read_subject
from petgen.diagnosis.values import POSITIVE_CENTILOID, ValuesModel, fit_values
from petgen.generator.align import align_fields
from petgen.generator.config import GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.train import Sample, TrainSettings, train
from petgen.language import prompt_fields
from petgen.language.encoder import TextEncoder
from petgen.language.table import FeatureTable

Progress = Callable[[str], None]
NOISE_OF_CENTILOID = 2.0
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
    encoder: TextEncoder, config: GeneratorConfig, n: int, seed: int, progress: Progress
) -> tuple[ValuesModel, Generator]:
    """Fits the values model and aligns the field head, on different people.

    Args:
        encoder: The language model.
        config: Sizes of the generator.
        n: People for each of the two.
        seed: Seed of everything.
        progress: Told what happens.
    """
    people, centiloid = draw_people(n, seed)
    model = fit_values(people, centiloid >= POSITIVE_CENTILOID, seed=seed, progress=progress)
    people, centiloid = draw_people(n, seed + 1)
    table = prompt_table(people, model, encoder, progress)
    torch.manual_seed(seed)
    generator = Generator(config)
    align_fields(generator.fields, lambda chosen: table[chosen], centiloid, seed=seed, progress=progress)
    return model, generator


def train_generator(
    generator: Generator,
    values_model: ValuesModel,
    encoder: TextEncoder,
    pool: Sequence[Path],
    settings: TrainSettings,
    folder: Path,
    progress: Progress,
) -> Generator:
    """Trains the generator on simulated people with images.

    Args:
        generator: With an aligned field head.
        values_model: Fills the prediction field.
        encoder: The language model.
        pool: Files of people as `petgen.cohort.pool` writes them.
        settings: How to train.
        folder: For checkpoint and log.
        progress: Told what happens.
    """
    people = [read_subject(path).values for path in pool]
    table = prompt_table(people, values_model, encoder, progress)

    def draw(rng: np.random.Generator) -> Sample:
        chosen = int(rng.integers(len(pool)))
        subject = read_subject(pool[chosen])
        contrast, scale = np.exp(rng.normal(0, 0.08)), np.exp(rng.normal(0, 0.03))
        t1 = (np.power(subject.t1, contrast) * scale).astype(np.float32)
        return Sample(t1, subject.pet, table[chosen])

    def told(step: int, loss: float) -> None:
        if step % 50 == 0:
            progress(f"generator, step {step} of {settings.steps}: loss {loss:.4f}")

    return train(generator, draw, settings, folder, told)
