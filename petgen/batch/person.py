"""One person of a dataset: synthesised, or kept from an earlier run of the same input."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petgen import __version__
from petgen.batch.outcome import Outcome, Person
from petgen.batch.place import put_in_place, writing
from petgen.batch.rows import INPUT, row_of
from petgen.case import Case, InputError, Step, Synthesis
from petgen.checksums import file_checksum
from petgen.cohort.site_files import pet_of, t1_of, tracer_of
from petgen.imaging import read_scan
from petgen.imaging.pet import read_pet
from petgen.models import Models
from petgen.pipeline import synthesize
from petgen.report import write_outputs
from petgen.report.reopen import read_result


@dataclass(frozen=True)
class Job:
    """What is the same for everybody of a batch.

    Attributes:
        root: BIDS dataset.
        out: Folder of the derivatives.
        pet: Whether to compare with the people's own PET.
        seed: Seed of everything random.
    """

    root: Path
    out: Path
    pet: bool = True
    seed: int = 0


def synthesise_person(job: Job, models: Models, progress: Callable[[str], None], person: Person) -> Outcome:
    """Synthesises one person of a dataset, unless an earlier run did from the same input.

    The results come to their place all at once, when they are complete: whoever is killed leaves none behind.

    Args:
        job: Of the batch.
        models: As `petgen.models.load_models` gives them.
        progress: Told each step.
        person: Who.

    Returns:
        The outcome; what the person's scan, PET or values are refused for is told in it.
    """
    try:
        done = _synthesise(job, models, progress, person)
        return Outcome(person.name, "done" if done else "kept", row=row_of(job.out, person.name))
    except InputError as error:
        progress(str(error))
        return Outcome(person.name, "failed", str(error))


def _synthesise(job: Job, models: Models, progress: Callable[[str], None], person: Person) -> bool:
    """Whether something was done."""
    root, name, values = job.root, person.name, person.values
    if values is None:
        raise InputError(person.problem)
    folder = job.out / f"sub-{name}"
    t1, pet = t1_of(root, name), pet_of(root, name) if job.pet else None
    if t1 is None:
        raise InputError("no T1w", mend=f"BIDS keeps it as sub-{name}/anat/sub-{name}_T1w.nii.gz.")
    tracer = (tracer_of(pet) if pet else None) or "florbetapir"
    made_from: dict[str, Any] = {
        "t1": _digest(t1),
        "pet": _digest(pet) if pet else None,
        "tracer": tracer if pet else None,
        "values": values.model_dump(exclude_none=True),
        "seed": job.seed,
        "weights": models.generator.checksum,
        "petgen": __version__,
    }
    if is_made_from(folder, made_from):
        progress("kept")
        return False
    scan = read_scan(t1)
    own = read_pet(pet) if pet else None
    case = Case(
        scan.image,
        values,
        name,
        job.seed,
        warnings=scan.warnings,
        pet=own.image if own else None,
        tracer=tracer,
        pet_warnings=own.warnings if own else (),
    )
    with put_in_place(folder) as unfinished:
        for event in synthesize(case, models):
            if isinstance(event, Step):
                progress(f"step {event.index} of {event.total}, {event.name}")
            elif isinstance(event, Synthesis):
                write_outputs(event, unfinished, "bids")
        with writing(folder):
            (unfinished / INPUT).write_text(json.dumps(made_from, indent=1) + "\n", encoding="utf-8")
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
