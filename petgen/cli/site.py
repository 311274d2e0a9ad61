"""A site's own people: recalibrating and adapting a model to them."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from petgen.case import InputError
from petgen.cli.app import app, console


def adapt_to_site(
    data: Path,
    out: Path,
    work: Path,
    variant: str,
    start: Path | None,
    folds: int,
    split: str | None,
    wanted: dict[str, Any],
) -> None:
    """Adapts a model to a site's people, as `petgen train` asks for.

    Args:
        data: The site's dataset.
        out: Folder for the model.
        work: Keeps what is done.
        variant: Of the generator.
        start: Folder of weights.
        folds: Folds by person.
        split: People of a split alone.
        wanted: Of `TrainSettings`; what is None is as usual.

    Raises:
        InputError: There are no weights to start from, or they are of a variant that cannot be adapted.
    """
    from dataclasses import replace

    from petgen.benchmark.site.change import ADAPTING
    from petgen.benchmark.site.folder import change_model
    from petgen.benchmark.site.folds import VARIANT, Plan
    from petgen.cohort.people import open_people

    if start is None or variant != VARIANT:
        mend = "Give --from and a folder of weights of the variant petgen, for example assets/weights."
        raise InputError("a site's people are too few to begin with", where=str(data), mend=mend)
    settings = replace(ADAPTING, **{name: value for name, value in wanted.items() if value is not None})
    plan = Plan(data, start, tuple(open_people(data).names(split)), work, settings, folds)
    for file in change_model(plan, out, console.print):
        console.print(str(file), soft_wrap=True)


@app.command()
def recalibrate(
    data: Annotated[Path, typer.Option(help="BIDS dataset of a site, with T1w, amyloid PET and participants.tsv")],
    out: Annotated[Path, typer.Option(help="folder for the model, which can be installed")],
    weights: Annotated[Path | None, typer.Option(help="folder of the model; the bundled one when left out")] = None,
    work: Annotated[Path | None, typer.Option(help="keeps what was painted; running again is then quick")] = None,
    folds: Annotated[int, typer.Option(min=2, help="folds by person")] = 5,
    split: Annotated[str | None, typer.Option(help="people of a split alone; everybody when left out")] = None,
) -> None:
    """Fits the line of SUVR, the tracer's Centiloid and the intervals on a site's people, about 20; trains nothing."""
    from tempfile import TemporaryDirectory

    from petgen.assets import asset
    from petgen.benchmark.site.folder import change_model
    from petgen.benchmark.site.folds import Plan
    from petgen.cohort.people import open_people

    with TemporaryDirectory() as folder:
        names = tuple(open_people(data).names(split))
        plan = Plan(data, weights or asset("weights"), names, work or Path(folder), None, folds)
        for file in change_model(plan, out, console.print):
            console.print(str(file), soft_wrap=True)


@app.command()
def adaptation(
    data: Annotated[Path, typer.Option(help="dataset of a site, with people of the splits calibration and test")],
    work: Annotated[Path, typer.Option(help="keeps what is done; a run that was stopped goes on from there")],
    out: Annotated[Path, typer.Option(help="Markdown to write; the JSON goes beside it")],
    weights: Annotated[Path | None, typer.Option(help="folder of the model; the bundled one when left out")] = None,
    many: Annotated[int, typer.Option(min=41, help="people that stand for what could be reached")] = 300,
    held: Annotated[int, typer.Option(min=2, help="people to measure on")] = 120,
    steps: Annotated[int, typer.Option(min=1, help="optimiser steps with 40 people; twice as many with many")] = 300,
) -> None:
    """Shows what 20 and 40 people of a site give: how much of the gap to many is closed, on others of the site."""
    from dataclasses import replace

    from petgen.assets import asset
    from petgen.benchmark.site.change import ADAPTING
    from petgen.benchmark.site.demonstration import Sizes, demonstrate, demonstration_lines

    sizes = Sizes(many=many, held=held, many_steps=2 * steps)
    settings = replace(ADAPTING, steps=steps)
    found = demonstrate(data, weights or asset("weights"), work, settings, sizes, console.print)
    out.write_text("\n".join(demonstration_lines(found)) + "\n", encoding="utf-8")
    out.with_suffix(".json").write_text(json.dumps(found.plain(), indent=1) + "\n", encoding="utf-8")
    console.print(str(out), soft_wrap=True)
