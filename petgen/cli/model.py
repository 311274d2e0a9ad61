"""Generators: training them, measuring them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from petgen.case import InputError
from petgen.cli.app import app, console


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="simulated dataset with people of train; with --from, or a site's (BIDS)")],
    out: Annotated[Path, typer.Option(help="folder for the weights")],
    work: Annotated[Path, typer.Option(help="folder for checkpoints; training goes on from there")],
    variant: Annotated[str, typer.Option(help="a key of petgen.generator.config.VARIANTS")] = "petgen",
    steps: Annotated[int | None, typer.Option(min=1, help="optimiser steps; 15000, or 300 to adapt to a site")] = None,
    minutes: Annotated[float | None, typer.Option(help="end after as many minutes, however many steps")] = None,
    people: Annotated[int, typer.Option(help="people without images for the values model and the field head")] = 100000,
    rate: Annotated[float | None, typer.Option(help="highest learning rate; 6e-4, or 2e-4 to adapt to a site")] = None,
    size: Annotated[int, typer.Option(help="pairs in a batch, on each device")] = 1,
    seed: Annotated[int, typer.Option()] = 0,
    start: Annotated[Path | None, typer.Option("--from", help="folder of weights to go on from")] = None,
    memory: Annotated[float, typer.Option(min=0, help="GB of people kept in memory, 15 MB each")] = 4.0,
    adapt: Annotated[bool, typer.Option("--adapt", help="take a simulated dataset for a site's own")] = False,
    folds: Annotated[int, typer.Option(min=2, help="folds of a site's people")] = 5,
    split: Annotated[str | None, typer.Option(help="of a site's people, those of a split; all when left out")] = None,
) -> None:
    """Trains values model, field head and generator, or goes on from weights; also under `accelerate launch`.

    From weights on a site's own data, the decoder is adapted in folds by person and on everybody; --out can be
    installed.
    """
    from petgen.cohort.people import is_simulated
    from petgen.generator.train import TrainSettings
    from petgen.training import train_all

    if adapt or ((data / "participants.tsv").exists() and not is_simulated(data)):
        from petgen.cli.site import adapt_to_site

        adapt_to_site(
            data,
            out,
            work,
            variant,
            start,
            folds,
            split,
            {"steps": steps, "rate": rate, "minutes": minutes, "seed": seed, "size": size},
        )
        return
    settings = TrainSettings(steps=steps or 15000, minutes=minutes, rate=rate or 6e-4, seed=seed, size=size)
    train_all(
        data, out, work,
        settings=settings, people=people, progress=console.print, variant=variant, start=start, memory_gb=memory,
    )  # fmt: skip


@app.command()
def calibrate(
    data: Annotated[Path, typer.Option(help="dataset with people of the splits validation and calibration")],
    weights: Annotated[Path, typer.Option(help="folder of the weights; what is fitted goes there")],
    variant: Annotated[str, typer.Option()] = "petgen",
    work: Annotated[
        Path | None, typer.Option(help="keeps what the generator said of the people; fitting again is then quick")
    ] = None,
    people: Annotated[int, typer.Option(help="people without images, for the models of values")] = 100_000,
) -> None:
    """Fits intervals, models of amyloid status and the reader's norms on people the generator was not trained on."""
    from petgen.benchmark.calibrate import calibrate as fit

    for file in fit(data, weights, variant, console.print, work=work, people=people).save(weights, variant):
        console.print(str(file), soft_wrap=True)


@app.command()
def checksums(
    weights: Annotated[Path, typer.Argument(help="folder of weights; its checksums.json is written anew")],
) -> None:
    """Lists the files of a folder of weights as they are now, after some were copied there by hand."""
    from petgen.checksums import CHECKSUMS, list_checksums

    files = [file for file in sorted(weights.glob("*.*")) if file.name != CHECKSUMS and not file.name.startswith(".")]
    if not files:
        raise InputError("no weights are here", where=str(weights), mend="Give the folder that `petgen train` wrote.")
    (weights / CHECKSUMS).unlink(missing_ok=True)
    list_checksums(*files)
    console.print(f"{len(files)} files are listed in {weights / CHECKSUMS}", soft_wrap=True)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(help="BIDS dataset: simulated, or T1w, amyloid PET and participants.tsv")],
    out: Annotated[Path, typer.Option(help="folder for metrics.json, metrics.md and people.tsv")],
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
    metrics, people = measure(data, folder, variants_in(folder, wanted), console.print, n)
    for file in write_metrics(metrics, people, out):
        console.print(str(file), soft_wrap=True)


@app.command()
def status(
    data: Annotated[Path, typer.Option(help="dataset with people of the split test")],
    out: Annotated[Path, typer.Option(help="folder for status.json, status.md and reliability.png")],
    weights: Annotated[Path | None, typer.Option(help="folder of the weights; the bundled ones when left out")] = None,
    variant: Annotated[str, typer.Option()] = "petgen",
    work: Annotated[Path | None, typer.Option(help="keeps what the generator said of the people")] = None,
) -> None:
    """Measures the models of amyloid status and the reader's rule on people that nothing was fitted on."""
    from petgen.assets import asset
    from petgen.benchmark.status import measure_status
    from petgen.benchmark.status_tables import write_status

    found = measure_status(data, weights or asset("weights"), variant, console.print, work=work)
    for file in write_status(found, out):
        console.print(str(file), soft_wrap=True)


@app.command()
def ablate(
    data: Annotated[Path, typer.Option(help="simulated dataset with people of train and test")],
    work: Annotated[Path, typer.Option(help="folder for checkpoints and encoded texts")],
    out: Annotated[Path, typer.Option(help="Markdown to write; beside it JSON with every run, not run again")],
    variants: Annotated[str, typer.Option(help="names with ; between; all variants and changes when left out")] = "",
    minutes: Annotated[float, typer.Option(help="processor minutes of each run, over torch's threads")] = 12.0,
    seeds: Annotated[int, typer.Option(min=1)] = 3,
    people: Annotated[int, typer.Option(help="people without images for each alignment")] = 40000,
    tested: Annotated[int, typer.Option(min=2, help="test people")] = 200,
    jobs: Annotated[int, typer.Option(min=1, help="runs at a time, each with its share of the cores")] = 1,
) -> None:
    """Compares all variants at equal grid (3 mm), data and processor time, also under inputs never seen."""
    from petgen.benchmark.ablation import CHANGES, Plan, run_all
    from petgen.benchmark.ablation_figures import ablation_lines
    from petgen.generator.config import VARIANTS

    names = [name.strip() for name in variants.split(";") if name.strip()] or [*VARIANTS, *CHANGES]
    plan = Plan(data, work, minutes, people, tested)
    found = run_all(plan, names, seeds, out.with_suffix(".json"), console.print, jobs=jobs)
    told = {name: list(found.runs[name].values()) for name in (*VARIANTS, *CHANGES) if found.runs.get(name)}
    out.write_text("\n".join(ablation_lines(told, found.setting)), encoding="utf-8")
    console.print(str(out), soft_wrap=True)


@app.command(name="ablate-values")
def ablate_values(
    work: Annotated[Path, typer.Option(help="folder that keeps encoded texts and finished runs")],
    out: Annotated[Path, typer.Option(help="Markdown to write; the JSON goes beside it")],
    people: Annotated[int, typer.Option(min=1000, help="people without images to learn from")] = 40000,
    steps: Annotated[int, typer.Option(min=1)] = 1500,
    tested: Annotated[int, typer.Option(min=20, help="other people")] = 4000,
    seeds: Annotated[int, typer.Option(min=1)] = 3,
    jobs: Annotated[int, typer.Option(min=1, help="runs at a time, each with its share of the cores")] = 1,
) -> None:
    """Compares what language model, plain numbers and the T1w's volumes alone tell of the load, without images."""
    from petgen.benchmark.posterior_figures import compare, posterior_lines
    from petgen.benchmark.posteriors import WITH_POSTERIOR, Trial, compare_posteriors, held_out

    trial = Trial(work, people, steps, tested, seeds)
    found = compare_posteriors(trial, WITH_POSTERIOR, console.print, jobs=jobs)
    with console.status("Intervals by bootstrap, some minutes"):
        figures, differences = compare(found, held_out(trial).centiloid)
    out.write_text("\n".join(posterior_lines(figures, differences, trial.words)), encoding="utf-8")
    told = {"setting": trial.words, "figures": figures, "minus_petgen": differences}
    out.with_suffix(".json").write_text(json.dumps(told, indent=1, default=dict) + "\n", encoding="utf-8")
    console.print(str(out), soft_wrap=True)


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


@app.command(name="contact-sheet")
def contact_sheet(
    scans: Annotated[list[Path], typer.Argument(help="real T1w files")],
    out: Annotated[Path, typer.Option(help="PNG to write")],
) -> None:
    """Draws real T1w with a negative and a positive patient's values side by side, to be looked at."""
    from petgen.benchmark.contact_sheet import contact_sheet as draw
    from petgen.models import load_models

    for name, curve in draw(scans, load_models(console.print), out, console.print).items():
        rising = all(after >= before - 0.5 for before, after in pairwise(curve))
        words = ", ".join(f"{value:.0f}" for value in curve)
        console.print(f"{name}: Centiloid {words}{'' if rising else '  NOT RISING'}", soft_wrap=True)


@app.command()
def strange(
    scans: Annotated[list[Path], typer.Argument(help="real T1w files of whole heads")],
    out: Annotated[Path, typer.Option(help="Markdown to write; the JSON goes beside it")],
    label_maps: Annotated[list[Path] | None, typer.Option(help="SynthSeg label map, may be repeated")] = None,
    data: Annotated[Path | None, typer.Option(help="simulated dataset, for ordinary people")] = None,
) -> None:
    """Puts ordinary and strange scans and values before the out-of-distribution light and counts what it says."""
    from dataclasses import asdict

    from petgen.benchmark.strange import examine, strange_lines
    from petgen.models import load_models

    found = examine(scans, label_maps or [], data, load_models(console.print), lambda text: console.print(escape(text)))
    out.write_text("\n".join(strange_lines(found)), encoding="utf-8")
    out.with_suffix(".json").write_text(json.dumps([asdict(seen) for seen in found], indent=1) + "\n", encoding="utf-8")
    console.print(str(out), soft_wrap=True)


@app.command(name="own-pet")
def own_pet(
    data: Annotated[Path, typer.Option(help="simulated dataset, whose anatomies of the split test are used")],
    out: Annotated[Path, typer.Option(help="Markdown to write")],
    n: Annotated[int, typer.Option(min=1, help="people")] = 16,
) -> None:
    """Moves simulated PET, gives them back as patients' own, and measures what that costs in Centiloids."""
    from petgen.benchmark.own_pet import give_back, given_back_lines, people

    found = []
    for seed, (name, person) in enumerate(people(data, n)):
        found.append(give_back(name, person, seed))
        console.print(f"{len(found)} of {n}: {found[-1].given_back - found[-1].aligned:+.1f} CL")
    out.write_text("\n".join(given_back_lines(found)), encoding="utf-8")
    console.print(str(out), soft_wrap=True)
