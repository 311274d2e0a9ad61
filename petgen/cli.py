"""The same doors from a terminal."""

import json
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from typer.exceptions import Abort, TyperException

from petgen.case import InputError

if TYPE_CHECKING:
    from petgen.benchmark.calibration import Row

app = typer.Typer(
    help="Synthetic amyloid PET from a T1w MRI and blood biomarkers. Not for diagnosis.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
console = Console(stderr=True, highlight=False)


def main() -> None:
    """Runs the command line; bad input ends with one line and exit code 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except InputError as error:
        message = str(error)
    except TyperException as error:
        message = error.format_message()
    except Abort:
        message = "stopped"
    console.print(f"[bold red]petgen:[/] {escape(message)}", soft_wrap=True)
    sys.exit(2)


Number = Annotated[float | None, typer.Option(show_default=False)]


@app.command()
def synthesize(
    t1: Annotated[Path, typer.Option(help="T1w MRI, .nii or .nii.gz")],
    out: Annotated[Path, typer.Option(help="folder for the results")],
    biomarkers: Annotated[Path | None, typer.Option(help="JSON of values; options below win over it")] = None,
    age: Annotated[float | None, typer.Option(help="years")] = None,
    sex: Annotated[str | None, typer.Option(help="F or M")] = None,
    education: Annotated[float | None, typer.Option(help="years")] = None,
    apoe4: Annotated[int | None, typer.Option(help="number of epsilon-4 alleles, 0 to 2")] = None,
    mmse: Annotated[float | None, typer.Option(help="0 to 30")] = None,
    moca: Annotated[float | None, typer.Option(help="MoCA-B, 0 to 30")] = None,
    avlt: Annotated[float | None, typer.Option(help="words after the long delay, 0 to 12")] = None,
    abeta40: Annotated[float | None, typer.Option(help="pg/mL, Quanterix Simoa")] = None,
    abeta42: Annotated[float | None, typer.Option(help="pg/mL, Quanterix Simoa")] = None,
    abeta42_40: Annotated[float | None, typer.Option("--abeta42-40", help="ratio, Quanterix Simoa")] = None,
    t_tau: Annotated[float | None, typer.Option("--t-tau", help="pg/mL, Quanterix Simoa")] = None,
    p_tau181: Annotated[float | None, typer.Option("--p-tau181", help="pg/mL, Quanterix Simoa")] = None,
    p_tau217: Annotated[float | None, typer.Option("--p-tau217", help="pg/mL, ALZpath")] = None,
    nfl: Annotated[float | None, typer.Option(help="pg/mL, Quanterix Simoa")] = None,
    gfap: Annotated[float | None, typer.Option(help="pg/mL, Quanterix Simoa")] = None,
    code: Annotated[str, typer.Option(help="case code in the file names; never a name")] = "CASE",
    seed: Annotated[int, typer.Option(help="same seed, same result")] = 0,
) -> None:
    """Synthesises the amyloid PET of one case."""
    from petgen.case import Case, Step, Synthesis, check_biomarkers

    given = {
        "age": age, "sex": sex, "education": education, "apoe4": apoe4, "mmse": mmse, "moca": moca, "avlt": avlt,
        "abeta40": abeta40, "abeta42": abeta42, "abeta42_40": abeta42_40, "t_tau": t_tau, "p_tau181": p_tau181,
        "p_tau217": p_tau217, "nfl": nfl, "gfap": gfap,
    }  # fmt: skip
    values = check_biomarkers(_merged(biomarkers, given), where=str(biomarkers) if biomarkers else "values")
    if not (code.isascii() and code.isalnum()):
        raise InputError("a case code has letters and digits only", where="--code")
    from petgen.imaging import read_scan

    scan = read_scan(t1)

    from petgen import pipeline
    from petgen.report import write_outputs

    synthesis: Synthesis | None = None
    with console.status("Loading the models") as status:
        models = pipeline.load_models(status.update)
        for event in pipeline.synthesize(Case(scan.image, values, code, seed, scan.warnings), models):
            if isinstance(event, Step):
                status.update(f"Step {event.index} of {event.total}: {event.name}")
                console.print(f"[dim]{event.index}/{event.total}[/] {event.name}")
            else:
                synthesis = event
        assert synthesis is not None
        status.update("Writing")
        write_outputs(synthesis, out)
    result = synthesis.result
    for warning in result.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    console.print(
        f"Centiloid [bold]{result.centiloid:.0f}[/] ({result.amyloid_status}), composite SUVR "
        f"{result.composite_suvr:.2f}, {result.timings_s['total']:.1f} s. SYNTHETIC, not for diagnosis; "
        "model of a simulated cohort."
    )
    console.print(f"Results are in {out}", soft_wrap=True)


def _merged(path: Path | None, given: dict[str, Any]) -> dict[str, Any]:
    """Values of a file, with those of the command line on top."""
    values: dict[str, Any] = {}
    if path:
        from petgen.case import read_biomarkers

        values = read_biomarkers(path).model_dump(exclude_none=True)
    return {**values, **{name: value for name, value in given.items() if value is not None}}


@app.command()
def schema(
    of: Annotated[str, typer.Option(help="result or metrics")] = "result",
) -> None:
    """Prints the JSON Schema of result.json or metrics.json."""
    if of == "metrics":
        from petgen.benchmark.evaluate import Metrics as Model
    elif of == "result":
        from petgen.case import Result as Model  # type: ignore[assignment]
    else:
        raise InputError(f"no schema of {of}", mend="Choose result or metrics.")
    typer.echo(json.dumps(Model.model_json_schema(), indent=2))


@app.command()
def doctor() -> None:
    """Checks device, models, cache and versions; exit code 1 when something is missing."""
    from petgen.doctor import examine

    findings = examine()
    for finding in findings:
        sign = "[green]ok[/]  " if finding.fine else "[red]miss[/]"
        console.print(f"{sign} {finding.name}: {finding.text}", soft_wrap=True)
    if not all(finding.fine for finding in findings):
        raise typer.Exit(1)


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
    report: Annotated[bool, typer.Option("--report", help="also measure everybody against the literature")] = False,
    report_to: Annotated[Path, typer.Option(help="folder for calibration.json and calibration.md")] = Path(
        "assets/benchmark"
    ),
) -> None:
    """Simulates people with both scans as a BIDS dataset, for training and testing."""
    from rich.progress import track

    from petgen.cohort.dataset_tables import open_dataset, write_splits, write_tables
    from petgen.cohort.run import simulate_into
    from petgen.cohort.sources import prepare_all
    from petgen.cohort.splits import anatomies_of, split_anatomies
    from petgen.cohort.tracers import TRACERS

    if tracer not in TRACERS:
        raise InputError(f"no such tracer: {tracer}", mend=f"Choose one of {', '.join(TRACERS)}.")
    n = n or (1000 if report else 100)
    open_dataset(out, seed, tracer)
    with console.status("Bringing anatomies to the template"):
        splits = split_anatomies(prepare_all(anatomies or [], out / "sourcedata" / "anatomies"))
    files = anatomies_of(splits, split)
    write_splits(out, {name: [file.stem for file in members] for name, members in splits.items()})
    for _ in track(simulate_into(out, files, split, n, seed=seed, tracer=tracer), "Simulating", n, console=console):
        pass
    write_tables(out, seed=seed, tracer=tracer)
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


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="dataset that `petgen simulate` wrote, with people of train")],
    out: Annotated[Path, typer.Option(help="folder for the weights")],
    work: Annotated[Path, typer.Option(help="folder for checkpoints; training goes on from there")],
    variant: Annotated[str, typer.Option(help="which generator; see `petgen evaluate --help`")] = "petgen",
    steps: Annotated[int, typer.Option(help="optimiser steps")] = 15000,
    minutes: Annotated[float | None, typer.Option(help="end after as many minutes, however many steps")] = None,
    people: Annotated[int, typer.Option(help="people without images for the values model and the field head")] = 100000,
    rate: Annotated[float, typer.Option(help="highest learning rate")] = 6e-4,
    size: Annotated[int, typer.Option(help="pairs in a batch, on each device")] = 1,
    seed: Annotated[int, typer.Option()] = 0,
    start: Annotated[Path | None, typer.Option("--from", help="folder of weights to go on from")] = None,
) -> None:
    """Trains values model, field head and generator, or goes on from weights; also under `accelerate launch`."""
    from petgen.generator.train import TrainSettings
    from petgen.training import train_all

    settings = TrainSettings(steps=steps, minutes=minutes, rate=rate, seed=seed, size=size)
    train_all(data, out, work, settings=settings, people=people, progress=console.print, variant=variant, start=start)


@app.command()
def calibrate(
    data: Annotated[Path, typer.Option(help="dataset with people of the split calibration")],
    weights: Annotated[Path, typer.Option(help="folder of the weights; gets <variant>-intervals.json")],
    variant: Annotated[str, typer.Option()] = "petgen",
) -> None:
    """Fits the 90 % conformal intervals of a generator on people that it was not trained on."""
    from petgen.benchmark.calibrate import calibrate as fit

    found = fit(data, weights, variant, console.print)
    found.save(weights / f"{variant}-intervals.json")
    console.print(f"intervals of {variant} by cell: {found.n}", soft_wrap=True)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="BIDS dataset: simulated, or T1w, amyloid PET and participants.tsv")],
    out: Annotated[Path, typer.Option(help="folder for metrics.json, metrics.md, pictures")],
    weights: Annotated[Path | None, typer.Option(help="folder of the weights; the bundled ones when left out")] = None,
    variants: Annotated[str, typer.Option(help="names with commas between; all in the folder when left out")] = "",
    n: Annotated[
        int | None, typer.Option(min=2, help="first people of the split test; everybody when left out")
    ] = None,
) -> None:
    """Measures generators, baselines and the ceiling on people that nobody trained on."""
    from petgen.assets import asset
    from petgen.benchmark.evaluate import evaluate as measure
    from petgen.benchmark.predictor import variants_in
    from petgen.benchmark.tables import write_metrics

    folder = weights or asset("weights")
    wanted = [name.strip() for name in variants.split(",") if name.strip()]
    metrics = measure(data, folder, variants_in(folder, wanted), console.print, n)
    for file in write_metrics(metrics, out):
        console.print(str(file), soft_wrap=True)


@app.command()
def benchmark(
    out: Annotated[Path, typer.Option(help="JSON to write")],
    weights: Annotated[Path | None, typer.Option(help="folder of the weights; the bundled ones when left out")] = None,
    repeats: Annotated[int, typer.Option(min=3)] = 15,
) -> None:
    """Times the paper's generator at 128 cubed against ours, part by part, in one run."""
    from petgen.assets import asset
    from petgen.benchmark.speed import measure_speed

    found = measure_speed(weights or asset("weights"), repeats, console.print)
    out.write_text(found.model_dump_json(indent=1) + "\n", encoding="utf-8")
    table = Table("part", "seconds, median", "range")
    for name, part in found.parts.items():
        table.add_row(name, f"{part.seconds:.3f}", f"{part.fastest:.3f} to {part.slowest:.3f}")
    console.print(table)
    console.print(f"ours is {found.ratio:.0f} times faster; {found.peak_mb} MB at most", soft_wrap=True)


@app.command()
def ablate(
    data: Annotated[Path, typer.Option(help="simulated dataset with people of train and test")],
    work: Annotated[Path, typer.Option(help="folder that keeps finished runs; what is there is not run again")],
    out: Annotated[Path, typer.Option(help="Markdown to write; the JSON goes beside it")],
    variants: Annotated[str, typer.Option(help="names with ; between; all variants and losses when left out")] = "",
    minutes: Annotated[float, typer.Option(help="processor minutes of each run, over torch's threads")] = 12.0,
    seeds: Annotated[int, typer.Option(min=1)] = 3,
    people: Annotated[int, typer.Option(help="people without images for each alignment")] = 40000,
    tested: Annotated[int, typer.Option(min=2, help="test people")] = 200,
) -> None:
    """Compares all variants at equal grid (3 mm), data and processor time, also under inputs never seen."""
    from petgen.benchmark.ablation import LOSSES, Plan, ablation_lines, run_all
    from petgen.generator.config import VARIANTS

    plan = Plan(data, work, minutes, seeds, people, tested)
    names = [name.strip() for name in variants.split(";") if name.strip()] or [*VARIANTS, *LOSSES]
    found = run_all(plan, names, console.print)
    out.write_text("\n".join(ablation_lines(found, plan)), encoding="utf-8")
    out.with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    console.print(str(out), soft_wrap=True)


@app.command(name="contact-sheet")
def contact_sheet(
    scans: Annotated[list[Path], typer.Argument(help="real T1w files")],
    out: Annotated[Path, typer.Option(help="PNG to write")],
) -> None:
    """Draws real T1w with a negative and a positive patient's values side by side, to be looked at."""
    from petgen.benchmark.contact_sheet import contact_sheet as draw
    from petgen.pipeline import load_models

    for name, curve in draw(scans, load_models(console.print), out, console.print).items():
        rising = all(after >= before - 0.5 for before, after in pairwise(curve))
        words = ", ".join(f"{value:.0f}" for value in curve)
        console.print(f"{name}: Centiloid {words}{'' if rising else '  NOT RISING'}", soft_wrap=True)


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


if __name__ == "__main__":
    main()
