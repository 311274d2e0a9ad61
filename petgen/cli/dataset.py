"""A whole dataset: looked through, synthesised, put into one table."""

import os
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from petgen.case import InputError
from petgen.cli.app import app, console
from petgen.installed import BUNDLED

if TYPE_CHECKING:
    from petgen.batch import Outcome


class Level(StrEnum):
    """A level of analysis, as BIDS apps call it."""

    PARTICIPANT = "participant"
    GROUP = "group"


@app.command()
def check(dataset: Annotated[Path, typer.Argument(help="folder of a BIDS dataset")]) -> None:
    """Lists every problem of a dataset by person and how to mend it; exit code 1 when somebody cannot be used."""
    from petgen.cohort.site_check import check_dataset

    fatal: set[str] = set()
    count = 0
    with console.status("Looking") as status:
        for problem in check_dataset(dataset, status.update):
            count += 1
            who = f"sub-{problem.person}" if problem.person else "dataset"
            sign = "[red]error[/]  " if problem.fatal else "[yellow]warning[/]"
            console.print(f"{sign} {who}: {escape(problem.what)}. {escape(problem.mend)}", soft_wrap=True)
            if problem.fatal:
                fatal.add(who)
    console.print(f"{count} problems; {len(fatal)} people cannot be used.")
    if fatal:
        raise typer.Exit(1)


@app.command()
def batch(
    dataset: Annotated[Path, typer.Argument(help="folder of a BIDS dataset")],
    out: Annotated[Path, typer.Option(help="folder of the derivatives; what is done there is kept")],
    pet: Annotated[bool, typer.Option(help="compare with the people's own PET where there is one")] = True,
    seed: Annotated[int, typer.Option(help="same seed, same results")] = 0,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="people at once, with Ray; one a device when only RAY_ADDRESS is set"),
    ] = None,
    cores: Annotated[int, typer.Option(min=1, help="cores of a worker")] = 1,
    model: Annotated[str, typer.Option(help="an installed model, see `petgen models`")] = BUNDLED,
) -> None:
    """Synthesises everybody in a dataset, goes on where it stopped; exit code 1 when somebody failed."""
    with console.status("Starting") as status:
        if workers or os.environ.get("RAY_ADDRESS"):
            from petgen.batch import run_batch_on_workers

            outcomes = run_batch_on_workers(
                dataset, out, status.update, workers=workers, cores=cores, pet=pet, seed=seed, model=model
            )
        else:
            from petgen.batch import run_batch
            from petgen.models import load_models

            status.update("Loading the models")
            models = load_models(status.update, model)
            outcomes = run_batch(dataset, out, models, status.update, pet=pet, seed=seed)
    _tell(outcomes, out)


@app.command()
def bids(
    dataset: Annotated[Path, typer.Argument(metavar="INPUT", help="folder of a BIDS dataset")],
    out: Annotated[Path, typer.Argument(metavar="OUTPUT", help="folder of the derivatives; what is there is kept")],
    level: Annotated[Level, typer.Argument(help="participant: synthesise; group: one table of all results")],
    participant_label: Annotated[
        list[str] | None,
        typer.Option(
            "--participant-label",
            "--participant_label",
            help="a person, with or without sub-; may be repeated; everybody when left out",
        ),
    ] = None,
    pet: Annotated[bool, typer.Option(help="compare with the people's own PET where there is one")] = True,
    seed: Annotated[int, typer.Option(help="same seed, same results")] = 0,
    model: Annotated[str, typer.Option(help="an installed model, see `petgen models`")] = BUNDLED,
) -> None:
    """Runs as a BIDS app; exit code 1 when somebody failed."""
    if level is Level.GROUP:
        from petgen.batch import write_group

        if participant_label:
            raise InputError("the level group takes everybody", where="--participant-label", mend="Leave it out.")
        for file in write_group(out):
            console.print(str(file), soft_wrap=True)
        return
    from petgen.batch import run_batch
    from petgen.models import load_models

    people = {label.removeprefix("sub-") for label in participant_label or ()}
    with console.status("Loading the models") as status:
        models = load_models(status.update, model)
        outcomes = run_batch(dataset, out, models, status.update, pet=pet, seed=seed, only=people or None)
    _tell(outcomes, out)


def _tell(outcomes: "Sequence[Outcome]", out: Path) -> None:
    """Says what became of everybody; exit code 1 when somebody failed."""
    for outcome in outcomes:
        if outcome.state == "failed":
            console.print(f"[red]failed[/] sub-{escape(outcome.name)}: {escape(outcome.message)}", soft_wrap=True)
    done, kept = (sum(outcome.state == state for outcome in outcomes) for state in ("done", "kept"))
    console.print(f"{done} done, {kept} kept from an earlier run, {len(outcomes) - done - kept} failed. SYNTHETIC.")
    console.print(f"Results are in {out}", soft_wrap=True)
    if done + kept < len(outcomes):
        raise typer.Exit(1)
