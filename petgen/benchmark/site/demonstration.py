"""How much of what a site's own data can give is reached with few people, on others of the same site."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from petgen import __version__
from petgen.benchmark.bootstrap import Figure
from petgen.benchmark.site.change import adapted, tracer_of
from petgen.benchmark.site.figures import GAPS, WORDS, Figures, closed, columns, shown, table_lines, tables
from petgen.benchmark.site.folder import ADAPTED, AS_IT_IS, INTERVALS, RECALIBRATED, change_model
from petgen.benchmark.site.folds import VARIANT, Plan, Progress, seen_before
from petgen.case import InputError
from petgen.cohort.at_site import AtSite
from petgen.cohort.people import open_people
from petgen.diagnosis.intervals import Intervals
from petgen.generator.train import TrainSettings
from petgen.generator.weights import load_card, save_weights
from petgen.models import WEIGHTS

FITTED, HELD = "calibration", "test"
"""Splits of the people that models are changed on, and of those that they are measured on; no anatomy is in both."""


@dataclass(frozen=True)
class Sizes:
    """Numbers of people.

    Attributes:
        few: For recalibration.
        some: For adaptation.
        many: For what could be reached.
        held: To measure on.
        many_steps: Optimiser steps with many people.
    """

    few: int = 20
    some: int = 40
    many: int = 300
    held: int = 120
    many_steps: int = 600


@dataclass(frozen=True)
class Demonstration:
    """What came of it.

    Attributes:
        tracer: Of the site.
        simulated: Whether the site is.
        sizes: Numbers of people, as far as there were so many.
        settings: How the decoder was adapted to some people.
        methods: Figures by model.
        differences: From the model as it is, paired.
        closed: Share of the gap that is closed, by model.
    """

    tracer: str
    simulated: bool
    sizes: Sizes
    settings: TrainSettings
    methods: dict[str, Figures]
    differences: dict[str, Figures]
    closed: dict[str, Figures]

    def plain(self) -> dict[str, Any]:
        """Everything as JSON takes it."""
        return {
            "tracer": self.tracer,
            "simulated": self.simulated,
            "people": vars(self.sizes),
            "steps": self.settings.steps,
            "petgen": __version__,
            **{name: _plain(getattr(self, name)) for name in ("methods", "differences", "closed")},
        }


def demonstrate(
    data: Path, weights: Path, work: Path, settings: TrainSettings, sizes: Sizes, progress: Progress
) -> Demonstration:
    """Recalibrates with few people, adapts with some and with many, and measures all on others of the same site.

    Args:
        data: The site's dataset, with people of the splits calibration and test.
        weights: Folder of the model to start from.
        work: Keeps what is done; a run that was stopped goes on from there.
        settings: How to adapt.
        sizes: Numbers of people.
        progress: Told how far it is.

    Raises:
        InputError: There are too few people, or what `petgen.benchmark.site.folder.change_model` raises.
    """
    people = open_people(data)
    pool, held = tuple(people.names(FITTED)[: sizes.many]), tuple(people.names(HELD)[: sizes.held])
    if len(pool) <= sizes.some or len(held) < 2:
        mend = f"More than {sizes.some} people of the split {FITTED} and some of {HELD} are needed."
        raise InputError("too few people to compare", where=str(data), mend=mend)
    folders = {AS_IT_IS: weights, RECALIBRATED: work / RECALIBRATED, ADAPTED: work / ADAPTED}
    plans = {
        RECALIBRATED: Plan(data, weights, pool[: sizes.few], work / "few", None),
        ADAPTED: Plan(data, weights, pool[: sizes.some], work / "some", settings),
    }
    for name, plan in plans.items():
        progress(name)
        change_model(plan, folders[name], progress)
    best = f"adapted, {len(pool)} people"
    folders[best] = work / f"many-{len(pool)}-{sizes.many_steps}"
    progress(best)
    _reach(plans[ADAPTED], pool, replace(settings, steps=sizes.many_steps), folders[best], progress)
    found = {}
    for name, folder in folders.items():
        progress(f"held-out people, {name}")
        checksum = load_card(folder / f"{VARIANT}.safetensors")["sha256"][:12]
        kept = work / "held" / f"{checksum}-{folder.name}"
        seen = seen_before(Plan(data, folder, held, work, None), kept, progress)
        intervals = None if name == best else Intervals.read(folder / INTERVALS)
        found[name], groups = columns(seen, intervals), list(seen.anatomy)
    titles = {RECALIBRATED: f"recalibrated, {sizes.few} people", ADAPTED: f"adapted, {sizes.some} people"}
    named = {titles.get(name, name): values for name, values in found.items()}
    methods, differences = tables(named, groups, AS_IT_IS)
    shares = {title: closed(found[AS_IT_IS], named[title], found[best], groups) for title in titles.values()}
    counted = replace(sizes, many=len(pool), held=len(held))
    simulated = people.provenance == "simulated-cohort"
    tracer = tracer_of(people, (*pool, *held))
    return Demonstration(tracer, simulated, counted, settings, methods, differences, shares)


def _reach(plan: Plan, names: tuple[str, ...], settings: TrainSettings, out: Path, progress: Progress) -> None:
    """A model adapted to many people, without folds or intervals of its own."""
    made = adapted(plan.start(), AtSite(open_people(plan.data)), names, settings, out / "run", progress)
    for name in WEIGHTS:
        shutil.copyfile(plan.weights / name, out / name)
    save_weights(made.network, out / f"{VARIANT}.safetensors", {"version": __version__})


def demonstration_lines(found: Demonstration) -> list[str]:
    """The tables in Markdown."""
    sizes, whose = found.sizes, "SIMULATED people" if found.simulated else "people"
    kind = "A SIMULATED site" if found.simulated else "A site"
    lines = [
        "# A site's own data",
        "",
        f"{kind} that the bundled model has not seen: {found.tracer}, scanners and anatomies of its own. Models are "
        f"changed on people of its split {FITTED} and measured on {sizes.held} {whose} of its split {HELD}; no anatomy "
        f"is in both. Recalibration fits blur and slope of SUVR on {sizes.few} people. Adaptation trains the decoder: "
        f"{found.settings.steps} steps on {sizes.some} people; {sizes.many_steps} steps on {sizes.many} people stand "
        f"for what could be reached. petgen {__version__}; 95 % intervals by bootstrap over anatomies and people.",
        "",
        "“At the own load” is the image painted at the Centiloid that the person's PET measures: what remains there is "
        "not the unknown load. The load's posterior stays as it was, so most of the Centiloid's error remains.",
        "",
        *table_lines(found.methods, {}),
        "",
        f"## Share of the gap between the model as it is and the one of {sizes.many} people that is closed",
        "",
        "| | " + " | ".join(found.closed) + " |",
        "| --- |" + " --- |" * len(found.closed),
    ]
    lines += [f"| {WORDS[key]} | " + _cells(found.closed, key) + " |" for key in GAPS]
    lines += [
        "",
        "A gap that is hardly there gives a share that means nothing: read it beside the figures above.",
        "",
        "## Difference from the model as it is, paired",
        "",
        "| | " + " | ".join(found.differences) + " |",
        "| --- |" + " --- |" * len(found.differences),
    ]
    lines += [f"| {words} | {_cells(found.differences, key)} |" for key, words in WORDS.items()]
    return lines


def _cells(figures: Mapping[str, Figures], key: str) -> str:
    return " | ".join(shown(values.get(key)) for values in figures.values())


def _plain(figures: Mapping[str, Mapping[str, Figure]]) -> dict[str, dict[str, Any]]:
    return {name: {key: value.model_dump() for key, value in values.items()} for name, values in figures.items()}
