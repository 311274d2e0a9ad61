"""All variants at equal grid, data and processor time, with several seeds."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from petgen.benchmark.ablation_figures import Figures, measured
from petgen.case import InputError
from petgen.cohort.in_memory import InMemory, coarser
from petgen.cohort.people import open_people
from petgen.conditioning import Conditioning, load_encoder
from petgen.generator.config import PADDED_3MM, VARIANTS
from petgen.generator.objective import LossWeights
from petgen.generator.train import TrainSettings
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

    @property
    def words(self) -> str:
        """Data, grid and budget."""
        return (
            f"Simulated cohort, 3 mm, {self.minutes:g} processor minutes a run, {self.seeds} seeds, {self.tested} test "
            "people of held-out anatomies. Mean over seeds (lowest to highest)."
        )


def run_all(plan: Plan, names: Sequence[str], progress: Progress) -> dict[str, list[Figures]]:
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
    people = InMemory(source, coarser)
    found: dict[str, list[Figures]] = {name: [] for name in names}
    for seed in range(plan.seeds):
        for name in names:
            file = plan.work / f"seed{seed}" / f"{name.replace(', ', '-').replace(' ', '-')}.json"
            if not file.exists():
                progress(f"{name}, seed {seed}")
                figures = _run(plan, people, name, seed, file, progress)
                file.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
            found[name].append(json.loads(file.read_text(encoding="utf-8")))
    return found


def _run(plan: Plan, people: InMemory, name: str, seed: int, file: Path, progress: Progress) -> Figures:
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
    figures = {"training": {"steps": float(steps), "parameters": float(sum(p.numel() for p in trained.parameters()))}}
    test = (people.read(key) for key in people.names("test")[: plan.tested])
    return figures | measured(trained, conditioning, test)
