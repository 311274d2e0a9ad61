"""A case, its schema, and what this machine has."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from petgen.case import LEARNED_FROM, NEGATIVE_BELOW, POSITIVE_ABOVE, InputError, Result
from petgen.cli.app import app, console
from petgen.installed import BUNDLED

Number = Annotated[float | None, typer.Option(show_default=False)]


@app.command()
def synthesize(
    t1: Annotated[Path, typer.Option(help="T1w MRI: .nii, .nii.gz, or DICOM as folder, zip or file")],
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
    pet: Annotated[Path | None, typer.Option(help="the patient's own PET, NIfTI or DICOM, to compare")] = None,
    tracer: Annotated[str, typer.Option(help="tracer of that PET")] = "florbetapir",
    code: Annotated[str, typer.Option(help="case code in the file names; never a name")] = "CASE",
    seed: Annotated[int, typer.Option(help="same seed, same result")] = 0,
    negative_below: Annotated[float, typer.Option(help="Centiloids; zone negative")] = NEGATIVE_BELOW,
    positive_above: Annotated[float, typer.Option(help="Centiloids; zone positive")] = POSITIVE_ABOVE,
    model: Annotated[str, typer.Option(help="an installed model, see `petgen models`")] = BUNDLED,
) -> None:
    """Synthesises the amyloid PET of one case."""
    from petgen import synthesize as run
    from petgen.case import Step

    with console.status("Reading") as status:

        def told(step: Step) -> None:
            status.update(f"Step {step.index} of {step.total}: {step.name}")
            console.print(f"[dim]{step.index}/{step.total}[/] {step.name}")

        synthesis = run(
            t1, out, biomarkers=biomarkers, age=age, sex=sex, education=education, apoe4=apoe4, mmse=mmse, moca=moca,
            avlt=avlt, abeta40=abeta40, abeta42=abeta42, abeta42_40=abeta42_40, t_tau=t_tau, p_tau181=p_tau181,
            p_tau217=p_tau217, nfl=nfl, gfap=gfap, pet=pet, tracer=tracer, code=code, seed=seed,
            negative_below=negative_below, positive_above=positive_above, model=model, progress=told,
            loading=status.update,
        )  # fmt: skip
    result = synthesis.result
    if result.origin:
        console.print(escape(result.origin), soft_wrap=True)
    for warning in result.warnings:
        console.print(f"[yellow]warning:[/] {escape(warning)}", soft_wrap=True)
    _print_scores(result)
    console.print(f"Results are in {out}", soft_wrap=True)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="folder that `petgen synthesize` wrote")],
    out: Annotated[Path | None, typer.Option(help="folder for the report; the same when left out")] = None,
) -> None:
    """Makes the report of a case, as HTML and PDF, from its files."""
    from petgen.report import read_outputs, write_report

    for file in write_report(read_outputs(folder), out or folder):
        console.print(str(file), soft_wrap=True)


@app.command(name="export-dicom")
def export_dicom(
    folder: Annotated[Path, typer.Argument(help="folder that `petgen synthesize` wrote")],
    out: Annotated[Path, typer.Option(help="folder for the DICOM files, without any yet")],
    source: Annotated[
        Path | None,
        typer.Option(
            help="DICOM of the patient (file, folder, zip), best the T1w's; its patient, study and frame of reference "
            "are put in"
        ),
    ] = None,
) -> None:
    """Writes the synthetic PET as a DICOM series, with the report as an encapsulated PDF."""
    from petgen.export import read_identity, write_dicom
    from petgen.report import read_outputs

    synthesis = read_outputs(folder)
    identity = None if source is None else read_identity(source, synthesis)
    written = write_dicom(synthesis, out, identity)
    whose = "the case code as patient" if identity is None else "the patient and study of the source"
    console.print(f"{len(written) - 1} slices and the report are in {escape(str(out))}, with {whose}.", soft_wrap=True)
    if identity and identity.frame:
        console.print("The series has the T1w's frame of reference.")
    elif identity:
        console.print(
            "The series has a frame of reference of its own: the source has no plane on the T1w's grid, or such planes "
            "of several frames of reference.",
            soft_wrap=True,
        )
    console.print("SYNTHETIC, not for diagnosis; burned into every slice.")


def _print_scores(result: Result) -> None:
    colour = {"green": "green", "amber": "yellow", "red": "red"}[result.light.level]
    console.print(f"[{colour}]{result.light.level}[/] {escape(' '.join(result.light.reasons))}", soft_wrap=True)
    if result.centiloid is not None and result.composite_suvr is not None:
        console.print(
            f"Centiloid [bold]{result.centiloid:.0f}[/] ({result.amyloid_status}), composite SUVR "
            f"{result.composite_suvr:.2f}, {result.timings_s['total']:.1f} s."
        )
        known = [f"{name} {value:.0%}" for name, value in result.p_amyloid_positive if value is not None]
        console.print(f"Probability of amyloid positivity: {', '.join(known)}", soft_wrap=True)
    if result.reference:
        found = result.reference
        console.print(
            f"Own PET ({found.tracer}): Centiloid [bold]{found.centiloid:.0f}[/], SSIM in the brain "
            f"{found.ssim_brain:.2f}, regional r {found.regional_r:.2f}, mean difference {found.mae_suvr:.2f} SUVR"
        )
    console.print(escape(result.summary), soft_wrap=True)
    console.print(f"SYNTHETIC, not for diagnosis; model of {LEARNED_FROM[result.provenance]}.")


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
