"""A whole dataset: every person synthesised, as BIDS derivatives and one table; what is done is not done again."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from petgen import __version__
from petgen.case import SYNTHETIC, Biomarkers, Case, InputError, Result, Step, Synthesis
from petgen.checksums import file_checksum
from petgen.cohort.site_columns import read_columns, values_of
from petgen.cohort.site_files import pet_of, read_participants, t1_of, tracer_of
from petgen.imaging import read_scan
from petgen.imaging.pet import read_pet
from petgen.pipeline import Models, synthesize
from petgen.report import write_outputs
from petgen.report.reopen import read_result

BIDS_VERSION = "1.11.1"
INPUT = "input.json"
"""What a person's results were made from; written last, so that results without it are made again."""
DESCRIPTION = {
    "Name": f"{SYNTHETIC}: synthetic florbetapir PET by petgen, a model of a simulated cohort",
    "BIDSVersion": BIDS_VERSION,
    "DatasetType": "derivative",
    "GeneratedBy": [{"Name": "petgen", "Version": __version__}],
}


@dataclass(frozen=True)
class Outcome:
    """What became of one person.

    Attributes:
        name: Without "sub-".
        state: "done", "kept" (made by an earlier run from the same input) or "failed".
        message: What was wrong, and how to mend it.
    """

    name: str
    state: str
    message: str = ""


def run_batch(
    root: Path, out: Path, models: Models, progress: Callable[[str], None], *, pet: bool = True, seed: int = 0
) -> list[Outcome]:
    """Synthesises everybody in a dataset.

    A person whose T1w, PET, values, seed, weights and petgen are those of an earlier run is kept. A failure is told
    and the rest goes on.

    Args:
        root: BIDS dataset with participants.tsv.
        out: Folder of the derivatives: `sub-*/`, `results.tsv`, `failures.tsv`, `dataset_description.json`.
        models: As `petgen.pipeline.load_models` gives them.
        progress: Told who is at which step.
        pet: Whether to compare with the people's own PET.
        seed: Seed of everything random.

    Returns:
        One outcome a person, in the order of participants.tsv.

    Raises:
        InputError: There is no dataset, or the folder cannot be written.
    """
    table, columns = read_participants(root), read_columns(root)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "dataset_description.json").write_text(json.dumps(DESCRIPTION, indent=2) + "\n", encoding="utf-8")
        (out / ".bidsignore").write_text("results.tsv\nfailures.tsv\nsub-*/*.*\nfigures\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(out), mend="Choose another --out.") from None
    outcomes = []
    for number, name in enumerate(map(str, table.index), 1):
        place = f"sub-{name} ({number} of {len(table)})"
        row = {str(key): value for key, value in table.loc[name].items()}
        try:
            if not (name.isascii() and name.isalnum()):
                raise InputError("the name has more than letters and digits", mend="BIDS names people sub-<letters>.")
            values = values_of(row, columns, "participants.tsv")
            done = _person(root, out, name, values, models, partial(_tell, progress, place), pet, seed)
            outcomes.append(Outcome(name, "done" if done else "kept"))
        except InputError as error:
            outcomes.append(Outcome(name, "failed", str(error)))
            progress(f"{place}: {error}")
        _tables(out, outcomes)
    return outcomes


def _person(
    root: Path,
    out: Path,
    name: str,
    values: Biomarkers,
    models: Models,
    progress: Callable[[str], None],
    with_pet: bool,
    seed: int,
) -> bool:
    """Whether something was done."""
    folder = out / f"sub-{name}"
    t1, pet = t1_of(root, name), pet_of(root, name) if with_pet else None
    if t1 is None:
        raise InputError("no T1w", mend=f"BIDS keeps it as sub-{name}/anat/sub-{name}_T1w.nii.gz.")
    tracer = (tracer_of(pet) if pet else None) or "florbetapir"
    made_from: dict[str, Any] = {
        "t1": _digest(t1),
        "pet": _digest(pet) if pet else None,
        "tracer": tracer if pet else None,
        "values": values.model_dump(exclude_none=True),
        "seed": seed,
        "weights": models.generator.checksum,
        "petgen": __version__,
    }
    kept = folder / INPUT
    if _is_made_from(folder, made_from):
        progress("kept")
        return False
    kept.unlink(missing_ok=True)
    scan = read_scan(t1)
    own = read_pet(pet) if pet else None
    case = Case(
        scan.image,
        values,
        name,
        seed,
        warnings=scan.warnings,
        pet=own.image if own else None,
        tracer=tracer,
        pet_warnings=own.warnings if own else (),
    )
    for event in synthesize(case, models):
        if isinstance(event, Step):
            progress(f"step {event.index} of {event.total}, {event.name}")
        elif isinstance(event, Synthesis):
            write_outputs(event, folder, "bids")
    part = kept.with_suffix(".part")
    part.write_text(json.dumps(made_from, indent=1) + "\n", encoding="utf-8")
    part.replace(kept)
    return True


def _is_made_from(folder: Path, made_from: dict[str, Any]) -> bool:
    """Whether a folder holds a readable result of this input; a damaged one is made again."""
    try:
        if json.loads((folder / INPUT).read_text(encoding="utf-8")) != made_from:
            return False
        read_result(folder)
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _tell(progress: Callable[[str], None], place: str, text: str) -> None:
    progress(f"{place}: {text}")


def _digest(path: Path) -> str:
    try:
        return file_checksum(path)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path.name, mend="Copy the file again.") from None


def _tables(out: Path, outcomes: list[Outcome]) -> None:
    """results.tsv of everybody with results, failures.tsv of the others; whole at any moment."""
    rows = [_row(out, outcome.name) for outcome in outcomes if outcome.state != "failed"]
    failed = [(outcome.name, outcome.message) for outcome in outcomes if outcome.state == "failed"]
    for name, table in (
        ("results.tsv", pd.DataFrame(rows)),
        ("failures.tsv", pd.DataFrame(failed, columns=["participant_id", "problem"])),
    ):
        part = out / f".{name}.part"
        table.to_csv(part, sep="\t", index=False, float_format="%.4f", na_rep="n/a")
        part.replace(out / name)


def _row(out: Path, name: str) -> dict[str, object]:
    result = Result.model_validate_json((out / f"sub-{name}" / "result.json").read_text(encoding="utf-8"))
    low, high = (result.intervals or {}).get("centiloid", (None, None))
    own = result.reference
    return {
        "participant_id": f"sub-{name}",
        "light": result.light.level,
        "centiloid": result.centiloid,
        "centiloid_low": low,
        "centiloid_high": high,
        "composite_suvr": result.composite_suvr,
        "amyloid_status": result.amyloid_status,
        **{f"p_{model}": value for model, value in result.p_amyloid_positive},
        "own_pet_centiloid": own.centiloid if own else None,
        "own_pet_ssim_brain": own.ssim_brain if own else None,
        "own_pet_regional_r": own.regional_r if own else None,
        "seconds": result.timings_s["total"],
        "warnings": " ".join(result.warnings),
    }
