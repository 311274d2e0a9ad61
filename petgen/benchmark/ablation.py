"""All variants at equal grid, data and processor time, with several seeds."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict
from safetensors.torch import load_file, save_file

from petgen.benchmark.ablation_figures import Figures, measured
from petgen.case import InputError, kept
from petgen.cohort.in_memory import InMemory, coarser
from petgen.cohort.people import open_people
from petgen.conditioning import Conditioning, load_encoder
from petgen.generator.config import PADDED_3MM, VARIANTS
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator, LossWeights
from petgen.generator.train import MEND, TrainSettings
from petgen.generator.weights import make_generator
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
        work: Keeps checkpoints and encoded texts.
        minutes: Processor minutes of training for each run, divided by torch's threads.
        people: People without images for each alignment.
        tested: Test people.
        alignment_steps: Steps of the field head before images.
    """

    data: Path
    work: Path
    minutes: float = 12.0
    people: int = 40_000
    tested: int = 200
    alignment_steps: int = 800


class Comparison(BaseModel):
    """Finished runs of one setting, as kept beside the table.

    Attributes:
        setting: Data, grid and budget in words.
        runs: Figures of every finished run, by name and seed.
    """

    model_config = ConfigDict(ser_json_inf_nan="constants")

    setting: str
    runs: dict[str, dict[int, Figures]] = {}

    def save(self, file: Path) -> None:
        """Writes all of it, whole or not at all."""
        with kept.writing(file) as part:
            part.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def of(cls, file: Path, setting: str) -> "Comparison":
        """What is in a file, or nothing yet.

        Raises:
            InputError: The file is damaged, or holds runs of another setting.
        """
        if not file.exists():
            return cls(setting=setting)
        with kept.reading(file, "Give another --out."):
            found = cls.model_validate_json(file.read_text(encoding="utf-8"))
        if found.setting != setting:
            raise InputError(
                f"these runs are of another setting: {found.setting}",
                where=str(file),
                mend=f"Give another --out, or the options and people of before. Now: {setting}",
            )
        return found


def run_all(
    plan: Plan, names: Sequence[str], seeds: int, file: Path, progress: Progress, *, jobs: int = 1
) -> Comparison:
    """Runs what has not been run, all names with one seed before the next.

    Args:
        plan: What is compared.
        names: Keys of `VARIANTS` or `CHANGES`.
        seeds: Number of seeds.
        file: Keeps every finished run as JSON; those that are there are not run again.
        progress: Told what happens.
        jobs: Runs at a time, each in a process with its share of the cores.

    Returns:
        Every run in the file: figures by condition ("as trained", "no p-tau217" and so on).

    Raises:
        InputError: No such name, no people, or the file holds runs of another setting.
    """
    from joblib import Parallel, delayed

    for name in names:
        if name not in VARIANTS and name not in CHANGES:
            raise InputError(f"no such variant: {name}", mend=f"Choose among {', '.join((*VARIANTS, *CHANGES))}.")
    found = Comparison.of(file, _setting(plan, _threads(jobs)))
    todo = [(name, seed) for seed in range(seeds) for name in names if seed not in found.runs.get(name, {})]
    work = Parallel(
        n_jobs=min(jobs, max(len(todo), 1)), return_as="generator_unordered", batch_size=1, pre_dispatch=jobs
    )
    inside = progress if jobs == 1 else None
    for done, (name, seed, figures) in enumerate(work(delayed(_run)(plan, *run, jobs, inside) for run in todo), 1):
        found.runs.setdefault(name, {})[seed] = figures
        found.save(file)
        progress(f"{name}, seed {seed}: done, {done} of {len(todo)}")
    return found


@cache
def _people(data: Path) -> InMemory:
    return InMemory(open_people(data), coarser)


def _threads(jobs: int) -> int:
    """Of torch in each run."""
    return torch.get_num_threads() if jobs == 1 else max((os.cpu_count() or 1) // jobs, 1)


def _setting(plan: Plan, threads: int) -> str:
    people = _people(plan.data)
    train, test = people.names("train"), people.names("test")[: plan.tested]
    return (
        f"Simulated cohort, 3 mm, {len(train)} people to train on and {len(test)} of held-out anatomies to test on, "
        f"{plan.minutes:g} processor minutes a run on each of its threads ({threads}); prompts aligned on "
        f"{plan.people} people without images, {plan.alignment_steps} steps."
    )


def _run(plan: Plan, name: str, seed: int, jobs: int, told: Progress | None) -> tuple[str, int, Figures]:
    torch.set_num_threads(_threads(jobs))
    people, progress = _people(plan.data), told or (lambda _: None)
    progress(f"{name}, seed {seed}")
    folder = plan.work / f"seed{seed}"
    folder.mkdir(parents=True, exist_ok=True)
    own = folder / name.replace(", ", "-").replace(" ", "-")
    variant, change = (name, Change()) if name in VARIANTS else ("petgen", CHANGES[name])
    config = VARIANTS[variant].model_copy(update={"padded": PADDED_3MM, **change.config})
    settings = TrainSettings(
        seed=seed,
        minutes=plan.minutes,
        clock="processor",
        size=2,  # PyTorch leaves oneDNN's convolutions for much slower ones where one image of float32 is small
        averaging=0.98,  # as a run has hundreds of steps only
        alignment_steps=plan.alignment_steps,
        **change.settings,
    )
    values = values_model(folder, plan.people, seed, progress)
    conditioning = Conditioning(config, values, load_encoder(config, plan.work, progress))
    head = folder / f"aligned-{variant}-{plan.people}-{plan.alignment_steps}.safetensors"
    generator = _aligned(conditioning, plan, settings, head, progress)
    trained = train_generator(generator, conditioning, people, people.names("train"), settings, own, progress)
    steps = steps_taken(own)
    figures = {"training": {"steps": float(steps), "parameters": float(sum(p.numel() for p in trained.parameters()))}}
    test = (people.read(key) for key in people.names("test")[: plan.tested])
    return name, seed, figures | measured(trained, conditioning, test)


def _aligned(
    conditioning: Conditioning, plan: Plan, settings: TrainSettings, file: Path, progress: Progress
) -> AnyGenerator:
    """A generator that has seen no image; all changes of a variant begin with the same field head."""
    if not file.exists():
        generator, _ = aligned_generator(conditioning, plan.people, settings, progress)
        if isinstance(generator, Generator):
            with kept.writing(file) as part:
                save_file(generator.fields.state_dict(), part)
        return generator
    torch.manual_seed(settings.seed)
    generator = make_generator(conditioning.config)
    assert isinstance(generator, Generator)
    with kept.reading(file, MEND):
        generator.fields.load_state_dict(load_file(file))
    return generator
