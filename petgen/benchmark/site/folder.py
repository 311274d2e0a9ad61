"""A model changed for a site as a folder that `petgen install-model` takes."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from petgen import __version__
from petgen.benchmark.calibrate import intervals_of
from petgen.benchmark.site.figures import Figures, columns, tables
from petgen.benchmark.site.folds import VARIANT, Outcome, Plan, Progress, run
from petgen.benchmark.site.model_card import card_lines
from petgen.case import InputError
from petgen.checksums import list_checksums, verified
from petgen.cohort.people import open_people
from petgen.diagnosis.intervals import Intervals
from petgen.generator.network import Generator
from petgen.generator.weights import load_card, save_weights
from petgen.installed import CARD
from petgen.models import WEIGHTS

FIGURES = "site.json"
AS_IT_IS, RECALIBRATED, ADAPTED = "as it is", "recalibrated", "adapted"
INTERVALS = f"{VARIANT}-intervals.json"
_CHANGED = (f"{VARIANT}.safetensors", INTERVALS)
"""Files of a model that a site changes; the others are copied."""


def change_model(plan: Plan, out: Path, progress: Progress) -> list[Path]:
    """Changes a model for a site and writes it.

    Args:
        plan: What is to be done.
        out: Folder for the model.
        progress: Told how far it is.

    Returns:
        The files.

    Raises:
        InputError: The model to start from is not whole, the people are too few or of several tracers, or a folder
            cannot be used.
    """
    check_start(plan.weights)
    return write_model(plan, run(plan, progress), out)


def check_start(weights: Path) -> None:
    """That a folder holds a whole model to start from.

    Raises:
        InputError: A file is missing or damaged, or the model was changed for a site already.
    """
    for name in WEIGHTS:
        if not (weights / name).exists():
            mend = "Start from the bundled weights, or from a folder that `petgen calibrate` has completed."
            raise InputError("a file of the model is missing", where=str(weights / name), mend=mend)
        verified(weights / name)
    if "site" in load_card(weights / f"{VARIANT}.safetensors"):
        what = "this model was changed for a site already"
        raise InputError(what, where=str(weights), mend="Start from the model that it was made from.")


def write_model(plan: Plan, outcome: Outcome, out: Path) -> list[Path]:
    """Writes the model, its intervals, its figures and its card, and copies what stays as it was.

    Args:
        plan: What was done.
        outcome: As from `petgen.benchmark.site.folds.run`.
        out: Folder; files of the same names are replaced.

    Returns:
        The files.

    Raises:
        InputError: The folder cannot be written, or there are too few people for intervals.
    """
    simulated = open_people(plan.data).provenance == "simulated-cohort"
    people = f"{len(plan.names)} {'SIMULATED ' * simulated}people of one site, {outcome.tracer}"
    intervals = intervals_of(outcome.last, f"{people}; each painted by a model of the other folds")
    methods, differences = fold_tables(outcome, Intervals.read(plan.weights / INTERVALS))
    start = load_card(plan.weights / f"{VARIANT}.safetensors")
    site: dict[str, Any] = {
        "n": len(plan.names),
        "tracer": outcome.tracer,
        "simulated": simulated,
        "folds": plan.folds,
        "kind": RECALIBRATED if plan.settings is None else ADAPTED,
        "line": asdict(outcome.line),
        "from": {key: start[key] for key in ("version", "data", "sha256")},
    }
    card = {
        "version": __version__,
        "variant": VARIANT,
        "provenance": "simulated-cohort" if simulated else "site-cohort",
        "data": f"{people}, {site['kind']} from {start['data']}",
        "site": site,
        **({} if plan.settings is None else {"training": {"steps": plan.settings.steps, "rate": plan.settings.rate}}),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name in set(WEIGHTS) - set(_CHANGED):
            shutil.copyfile(plan.weights / name, out / name)
        assert isinstance(outcome.model.network, Generator)
        save_weights(outcome.model.network, out / f"{VARIANT}.safetensors", card)
        intervals.save(out / INTERVALS)
        told = {"site": site, "figures": _plain(methods), "differences": _plain(differences)}
        (out / FIGURES).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
        config = outcome.model.network.config
        lines = card_lines(site, config, methods, differences, intervals, plan.settings)
        (out / CARD).write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(out), mend="Choose another --out.") from None
    files = [out / name for name in (*WEIGHTS, FIGURES, CARD)]
    list_checksums(*files)
    return files


def fold_tables(outcome: Outcome, before: Intervals) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Figures of people that no model was fitted on, and differences from the model as it is.

    Args:
        outcome: Of the folds.
        before: Intervals of the model as it is, whose coverage is told.
    """
    methods = {AS_IT_IS: columns(outcome.before, before), RECALIBRATED: columns(outcome.recalibrated)}
    if outcome.adapted:
        methods[ADAPTED] = columns(outcome.adapted)
    groups = [str(number) for number in np.arange(len(outcome.before.centiloid))]
    return tables(methods, groups, AS_IT_IS)


def _plain(methods: dict[str, Figures]) -> dict[str, dict[str, Any]]:
    return {name: {key: value.model_dump() for key, value in figures.items()} for name, figures in methods.items()}
