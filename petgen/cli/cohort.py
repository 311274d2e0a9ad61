"""Simulated people: making them, and what the simulator is made of."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from petgen.case import InputError
from petgen.cli.app import app, console

if TYPE_CHECKING:
    from petgen.benchmark.calibration import Row


@app.command()
def simulate(
    out: Annotated[Path, typer.Option(help="folder of the BIDS dataset; people are added to what is there")] = Path(
        "simulated-cohort"
    ),
    anatomies: Annotated[
        list[Path] | None,
        typer.Option(help="folder of sub-*_T1w + sub-*_dseg, or of *_seg_* label maps; the template alone if none"),
    ] = None,
    n: Annotated[int | None, typer.Option(min=1, help="number of people; 100, or 1000 for a report")] = None,
    split: Annotated[str, typer.Option(help="train, validation, calibration or test")] = "train",
    seed: Annotated[int, typer.Option(min=0)] = 0,
    tracer: Annotated[str, typer.Option(help="florbetapir, florbetaben or flutemetamol")] = "florbetapir",
    scanner: Annotated[str, typer.Option(help="usual, or coarse: 10 mm and noisier, an old one")] = "usual",
    report: Annotated[bool, typer.Option("--report", help="also measure everybody against the literature")] = False,
    report_to: Annotated[Path, typer.Option(help="folder for calibration.json and calibration.md")] = Path(
        "assets/benchmark"
    ),
) -> None:
    """Simulates people with both scans as a BIDS dataset, for training and testing."""
    from rich.progress import track

    from petgen.cohort.dataset_tables import open_dataset, write_splits, write_tables
    from petgen.cohort.run import simulate_into
    from petgen.cohort.scanners import scanner_of
    from petgen.cohort.sources import prepare_all
    from petgen.cohort.splits import anatomies_of, split_anatomies
    from petgen.cohort.tracers import TRACERS

    if tracer not in TRACERS:
        raise InputError(f"no such tracer: {tracer}", mend=f"Choose one of {', '.join(TRACERS)}.")
    n = n or (1000 if report else 100)
    open_dataset(out, seed, tracer, scanner_of(scanner).name)
    with console.status("Bringing anatomies to the template"):
        splits = split_anatomies(prepare_all(anatomies or [], out / "sourcedata" / "anatomies"))
    files = anatomies_of(splits, split)
    write_splits(out, {name: [file.stem for file in members] for name, members in splits.items()})
    people = simulate_into(out, files, split, n, seed=seed, tracer=tracer, scanner=scanner)
    for _ in track(people, "Simulating", n, console=console):
        pass
    write_tables(out, seed=seed, tracer=tracer, scanner=scanner)
    console.print(f"{n} people of {len(files)} anatomies are in {out}, split {split}. SIMULATED.", soft_wrap=True)
    if report:
        from petgen.benchmark.calibration import summary, write_report

        real = [path for folder in anatomies or [] for path in sorted(folder.glob("sub-*_T1w.nii.gz"))][:3]
        rows = write_report(out, report_to, progress=console.print, real=real)
        console.print(_calibration_table(rows))
        console.print(f"{summary(rows)} The table is in {report_to}.", soft_wrap=True)


def _calibration_table(rows: "Sequence[Row]") -> Table:
    table = Table("quantity", "group", "published", "simulated", "within", "evidence")
    for row in rows:
        sign = "[green]yes[/]" if row.within_tolerance else "[red]no[/]"
        published = f"{row.published:.3g} ± {row.tolerance:.2g}"
        table.add_row(escape(row.quantity), row.group, published, f"{row.simulated:.3g}", sign, row.evidence)
    return table


@app.command(name="fit-uptake")
def fit_uptake(
    anatomies: Annotated[list[Path], typer.Option(help="folders of anatomies, as for `petgen simulate`")],
    work: Annotated[Path, typer.Option(help="folder for prepared anatomies")],
    out: Annotated[Path, typer.Option(help="CSV to write")],
) -> None:
    """Solves through the blur for the tissue uptake behind the public florbetapir group maps."""
    from petgen.cohort.sources import prepare_all
    from petgen.cohort.uptake_fit import fit_on_files, save_table

    with console.status("Fitting"):
        save_table(fit_on_files(prepare_all(anatomies, work)), out)
    console.print(str(out), soft_wrap=True)


@app.command(name="imaging-errors")
def imaging_errors(
    out: Annotated[Path, typer.Option(help="TSV to write")],
    label_maps: Annotated[Path | None, typer.Option(help="folder of SynthSeg whole-head label maps")] = None,
    segmented: Annotated[Path | None, typer.Option(help="folder of sub-*_T1w + sub-*_dseg")] = None,
    heads: Annotated[Path | None, typer.Option(help="folder of whole-head T1w")] = None,
    n: Annotated[int, typer.Option(min=1, help="runs in all")] = 111,
    seed: Annotated[int, typer.Option(min=0)] = 0,
) -> None:
    """Measures what strip, bias correction and registration do to scans; the simulator draws from the table."""
    from rich.progress import Progress

    from petgen.cohort.imaging_measure import find_heads, measure_all

    found = find_heads(label_maps, segmented, heads)
    with Progress(console=console) as bar:
        task = bar.add_task("Measuring", total=n)
        table = measure_all(found, n, seed=seed, progress=lambda done: bar.update(task, completed=done))
    table.to_csv(out, sep="\t", index=False)
    console.print(f"{len(table)} of {n} runs of {len(found)} heads are in {out}", soft_wrap=True)


@app.command(name="demo-cases")
def demo_cases(
    anatomies: Annotated[Path, typer.Option(help="folder of SynthSeg label maps")],
    work: Annotated[Path, typer.Option(help="folder for prepared anatomies")],
    out: Annotated[Path, typer.Option(help="folder for the cases")],
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Makes the bundled demo cases anew, on anatomies that training never saw."""
    from petgen.cohort.demo import make_demo_cases
    from petgen.cohort.sources import gather
    from petgen.cohort.splits import split_anatomies

    for folder in make_demo_cases(split_anatomies(gather(anatomies, work))["test"], out, seed):
        console.print(str(folder), soft_wrap=True)


@app.command(name="demo-results")
def demo_results() -> None:
    """Runs the bundled demo cases with the bundled models and keeps their results beside them."""
    from petgen.demo_results import make_demo_results
    from petgen.models import load_models

    with console.status("Loading the models") as status:
        for folder in make_demo_results(load_models(status.update), status.update):
            console.print(str(folder), soft_wrap=True)
