"""The calibration table on disk: JSON, and the same in Markdown."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from petgen import __version__
from petgen.benchmark.calibration import amyloid, regions, scans, values
from petgen.benchmark.calibration.histograms import draw_histograms, histograms
from petgen.benchmark.calibration.measure import Measured, measure
from petgen.benchmark.calibration.row import Row
from petgen.case import InputError
from petgen.cohort.dataset import subjects
from petgen.cohort.dataset_tables import read_splits
from petgen.cohort.evidence import CONSTANTS

LEAST_PEOPLE = 300
"""Below this the rarer groups of the table hold too few people to mean anything."""


def rows_of(cohort: Measured, anatomies: Sequence[Path]) -> list[Row]:
    """Every row of the table.

    Args:
        cohort: Measured people.
        anatomies: Prepared anatomies, for the rows about the scanner.
    """
    return [
        *amyloid.demography(cohort),
        *amyloid.distribution(cohort),
        *amyloid.risk(cohort),
        *regions.against_group_maps(cohort),
        *regions.against_tables(cohort),
        *regions.subtypes(cohort),
        *scans.scans(anatomies),
        *values.scales(cohort),
        *values.discrimination(cohort),
        *values.correlations(cohort),
        *values.folds(cohort),
        *values.hippocampus(cohort),
    ]


def write_report(data: Path, out: Path, progress: Callable[[str], None], real: Sequence[Path] = ()) -> list[Row]:
    """Measures everybody in a simulated dataset and writes `calibration.json` and `calibration.md`.

    Args:
        data: A dataset that `petgen simulate` wrote.
        out: Folder of the report.
        progress: Told how far it is.
        real: Real T1w files whose histograms are drawn beside the simulated ones, in `t1_histograms.png`.

    Returns:
        The rows; `summary` says how many agree.

    Raises:
        InputError: The dataset holds too few people.
    """
    names = subjects(data)
    if len(names) < LEAST_PEOPLE:
        raise InputError(
            f"{len(names)} people are too few for the calibration table", where=str(data),
            mend=f"Simulate {LEAST_PEOPLE} or more.",
        )  # fmt: skip

    def told(done: int) -> None:
        if done % 100 == 0:
            progress(f"measured {done} of {len(names)} people")

    cohort = measure(data, names, told)
    files = sorted((data / "sourcedata" / "anatomies").glob("*.npz"))
    rows = rows_of(cohort, files)
    out.mkdir(parents=True, exist_ok=True)
    content: dict[str, Any] = {
        "version": __version__,
        "provenance": "simulated-cohort",
        "n": len(names),
        "n_anatomies": int(cohort.people["anatomy"].nunique()),
        "splits": {split: len(members) for split, members in read_splits(data).items()},
        "label": "Centiloid >= 25 measured on the simulated noisy PET",
        "rows": [row.record() for row in rows],
    }
    if real:
        progress("bringing real T1w images to template space")
        content["t1_histograms"] = histograms(real, data, names[:200])
        draw_histograms(content["t1_histograms"], out / "t1_histograms.png")
    (out / "calibration.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (out / "calibration.md").write_text(_markdown(content, rows), encoding="utf-8")
    return rows


def summary(rows: Sequence[Row]) -> str:
    """How many rows agree, those with a published figure and those with an assumed one apart."""
    backed = [row for row in rows if row.evidence != "assumed"]
    within = sum(row.within_tolerance for row in backed)
    assumed = [row for row in rows if row.evidence == "assumed"]
    return (
        f"{within} of {len(backed)} rows read or derived are within their tolerance, and "
        f"{sum(row.within_tolerance for row in assumed)} of {len(assumed)} assumed ones, which do not count."
    )


def _markdown(content: dict[str, Any], rows: Sequence[Row]) -> str:
    lines = [
        "# Calibration of the simulated cohort",
        "",
        f"SIMULATED: {content['n']} people of {content['n_anatomies']} anatomies, petgen {content['version']}. "
        "Nothing here is evidence about patients. Amyloid status everywhere: Centiloid 25 or more measured on the "
        "simulated noisy PET. Made by `petgen simulate --report`.",
        "",
        summary(rows),
        "",
        "| quantity | group | published | simulated | tolerance | within | evidence | n | source |",
        "| --- | --- | ---: | ---: | ---: | --- | --- | ---: | --- |",
    ]
    for row in rows:
        source = f"{row.source}. {row.note[:1].upper()}{row.note[1:]}" if row.note else row.source
        lines.append(
            f"| {row.quantity} | {row.group} | {row.published:.4g} | {row.simulated:.4g} | {row.tolerance:.2g} | "
            f"{'yes' if row.within_tolerance else '**no**'} | {row.evidence} | {row.n} | {source} |"
        )
    lines += [
        "",
        "## Constants of the simulator",
        "",
        "| constant | value | evidence | source |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {c.name} | {_plain(c.value)} | {c.evidence} | {c.source} |" for c in CONSTANTS]
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return str(value).replace("'", "").replace("|", "/")
