"""One person of a dataset: synthesised, or kept from an earlier run of the same input."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from petgen import __version__
from petgen.case import Biomarkers, Case, InputError, Step, Synthesis
from petgen.checksums import file_checksum
from petgen.cohort.site_files import pet_of, t1_of, tracer_of
from petgen.imaging import read_scan
from petgen.imaging.pet import read_pet
from petgen.pipeline import Models, synthesize
from petgen.report import write_outputs
from petgen.report.reopen import read_result

INPUT = "input.json"
"""What a person's results were made from; written last, so that results without it are made again."""


def synthesise_person(
    root: Path,
    out: Path,
    name: str,
    values: Biomarkers,
    models: Models,
    progress: Callable[[str], None],
    with_pet: bool,
    seed: int,
) -> bool:
    """Synthesises one person of a dataset, unless an earlier run did from the same input.

    Args:
        root: BIDS dataset.
        out: Folder of the derivatives.
        name: Of the person, without "sub-".
        values: Of the person.
        models: As `petgen.pipeline.load_models` gives them.
        progress: Told each step.
        with_pet: Whether to compare with the person's own PET.
        seed: Seed of everything random.

    Returns:
        Whether something was done; False for kept.

    Raises:
        InputError: Scan or PET cannot be used, or the folder cannot be written.
    """
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
    if is_made_from(folder, made_from):
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


def is_made_from(folder: Path, made_from: dict[str, Any]) -> bool:
    """Whether a folder holds a readable result of this input; a damaged one is made again."""
    try:
        if json.loads((folder / INPUT).read_text(encoding="utf-8")) != made_from:
            return False
        read_result(folder)
    except (OSError, ValueError, RecursionError):
        return False
    return True


def _digest(path: Path) -> str:
    try:
        return file_checksum(path)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path.name, mend="Copy the file again.") from None
