"""All variants at equal grid, data and processor time, with several seeds, and what unseen wording does to them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from petgen.benchmark.predictor import Predictor
from petgen.benchmark.rows import auc
from petgen.benchmark.wording import CONDITIONS, Condition
from petgen.case import InputError
from petgen.cohort.coarse import CoarsePeople
from petgen.cohort.people import open_people
from petgen.cohort.subject import Subject
from petgen.conditioning import Conditioning, load_encoder
from petgen.generator.config import PADDED_3MM, VARIANTS
from petgen.generator.objective import LossWeights
from petgen.generator.train import TrainSettings
from petgen.quantify import POSITIVE_CENTILOID, centiloid, composite_suvr, region_means
from petgen.training import aligned_generator, steps_taken, train_generator, values_model

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Change:
    """Ours with one thing changed.

    Attributes:
        settings: What differs in `TrainSettings`.
        config: What differs in `GeneratorConfig`.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=dict)


CHANGES = {
    "petgen, no structure": Change({"losses": LossWeights(structure=0.0)}),
    "petgen, no regional": Change({"losses": LossWeights(regional=0.0)}),
    "petgen, no composite": Change({"losses": LossWeights(composite=0.0)}),
    "petgen, adversarial": Change({"losses": LossWeights(adversarial=0.02)}),
    "petgen, no typical scans": Change({"typical": 0.0}),
    "petgen, no places": Change(config={"places": False}),
}
"""What is changed, by name."""


@dataclass(frozen=True)
class Plan:
    """What is compared.

    Attributes:
        data: Dataset with people of train and test.
        work: Keeps every finished run; those that are there are not run again.
        minutes: Processor minutes of training for each run, divided by torch's threads.
        seeds: Number of seeds.
        people: People without images for each alignment.
        tested: Test people.
        alignment_steps: Steps of the field head before images.
    """

    data: Path
    work: Path
    minutes: float = 12.0
    seeds: int = 3
    people: int = 40_000
    tested: int = 200
    alignment_steps: int = 800


def run_all(plan: Plan, names: Sequence[str], progress: Progress) -> dict[str, list[dict[str, dict[str, float]]]]:
    """Runs what has not been run and gathers everything, by name and seed.

    Args:
        plan: What is compared.
        names: Keys of `VARIANTS` or `CHANGES`.
        progress: Told what happens.

    Returns:
        For each name, one item a seed: figures by condition ("as trained", "no p-tau217" and so on).

    Raises:
        InputError: No such name, or no people.
    """
    for name in names:
        if name not in VARIANTS and name not in CHANGES:
            raise InputError(f"no such variant: {name}", mend=f"Choose among {', '.join((*VARIANTS, *CHANGES))}.")
    source = open_people(plan.data)
    people = CoarsePeople(source)
    found: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in names}
    for seed in range(plan.seeds):
        for name in names:
            file = plan.work / f"seed{seed}" / f"{name.replace(', ', '-').replace(' ', '-')}.json"
            if not file.exists():
                progress(f"{name}, seed {seed}")
                figures = _run(plan, people, name, seed, file, progress)
                file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            found[name].append(json.loads(file.read_text(encoding="utf-8")))
    return found


def _run(
    plan: Plan, people: CoarsePeople, name: str, seed: int, file: Path, progress: Progress
) -> dict[str, dict[str, float]]:
    change = CHANGES.get(name, Change())
    config = VARIANTS[name if name in VARIANTS else "petgen"].model_copy(update={"padded": PADDED_3MM, **change.config})
    settings = TrainSettings(
        seed=seed,
        minutes=plan.minutes,
        clock="processor",
        alignment_steps=plan.alignment_steps,
        **change.settings,
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    values = values_model(file.parent, plan.people, seed, progress)
    conditioning = Conditioning(config, values, load_encoder(config, plan.work, progress))
    generator, _ = aligned_generator(conditioning, plan.people, settings, progress)
    trained = train_generator(
        generator, conditioning, people, people.names("train"), settings, file.with_suffix(""), progress
    )
    steps = steps_taken(file.with_suffix(""))
    test = people.names("test")[: plan.tested]
    figures = {"training": {"steps": float(steps), "parameters": float(sum(p.numel() for p in trained.parameters()))}}
    for label, condition in CONDITIONS.items():
        reworded = Conditioning(config, values, conditioning.encoder, condition.wording)
        predictor = Predictor(trained, reworded, "")
        figures[label] = _figures([_one(predictor, people.read(k), condition) for k in test])
    return figures


def _one(predictor: Predictor, person: Subject, condition: Condition) -> tuple[float, float, np.ndarray]:
    """Centiloid made and measured, and the regions of both, of one person under a condition."""
    changed = replace(person, values=condition.change(person.values))
    with torch.inference_mode():
        made = predictor.predict_default(changed)
    regions = np.stack([region_means(volume, person.parcels) for volume in (made, person.pet)])
    return centiloid(composite_suvr(made, person.cortex, person.cerebellum)), person.centiloid, regions


def _figures(found: Sequence[tuple[float, float, np.ndarray]]) -> dict[str, float]:
    made, real = (np.array([item[k] for item in found]) for k in (0, 1))
    within = [np.corrcoef(*item[2][:, np.isfinite(item[2]).all(0)])[0, 1] for item in found]
    error = [np.nanmean(np.abs(item[2][0] - item[2][1])) for item in found]
    return {
        "centiloid_mae": float(np.abs(made - real).mean()),
        "auc_spet": auc(made, real >= POSITIVE_CENTILOID),
        "regional_r_within": float(np.mean(within)),
        "regional_mae": float(np.mean(error)),
    }


def ablation_lines(found: dict[str, list[dict[str, dict[str, float]]]], plan: Plan) -> list[str]:
    """The comparison as Markdown: mean over seeds and, in brackets, the range."""
    lines = [
        "# Variants at equal grid, data and processor time",
        "",
        f"Simulated cohort, 3 mm, {plan.minutes:g} processor minutes a run, {plan.seeds} seeds, {plan.tested} test "
        "people of held-out anatomies. Mean over seeds (lowest to highest).",
        "",
    ]
    for figure, words in (
        ("centiloid_mae", "Error of the Centiloid, CL"),
        ("auc_spet", "AUC of the synthetic PET"),
        ("regional_r_within", "r over regions, within a person"),
    ):
        lines += [f"## {words}", "", "| | steps | " + " | ".join(CONDITIONS) + " |"]
        lines.append("| --- | --- |" + " --- |" * len(CONDITIONS))
        for name, runs in found.items():
            steps = np.mean([run["training"]["steps"] for run in runs])
            cells = [_cell([run[label][figure] for run in runs]) for label in CONDITIONS]
            lines.append(f"| {name} | {steps:.0f} | " + " | ".join(cells) + " |")
        lines.append("")
    return lines


def _cell(values: Sequence[float]) -> str:
    digits = 1 if max(values) > 5 else 3
    return f"{np.mean(values):.{digits}f} ({min(values):.{digits}f} to {max(values):.{digits}f})"
