"""A case of the store as work: reads the scan, runs the pipeline, keeps the brain without its skull on the way."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import nibabel as nib

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE, Case, InputError, Step, check_biomarkers
from petgen.demos import demo_case, demo_pet
from petgen.imaging import Scan, open_scan, save_volume
from petgen.imaging.pet import read_pet
from petgen.installed import BUNDLED
from petgen.jobs.patience import patiently
from petgen.jobs.submitter import Rebuild, Work
from petgen.store import CaseRow, Store

if TYPE_CHECKING:
    from petgen.models import Models

Files = Sequence[tuple[str, bytes]]
GetModels = Callable[[str], "Models"]
"""Gives the models by the name of the installed one."""
BEFORE = ("Reading the scan", "Loading the models")
"""Steps before those of the pipeline."""
_STRIPPED = "T1w.nii.gz"
_ABOUT = {"Description": "T1w without its skull.", "SkullStripped": True}


def upload_work(store: Store, case: CaseRow, files: Files, models: GetModels, pet: Files | None = None) -> Work:
    """The work of a case whose scan was uploaded.

    The scan is kept without its skull as soon as that is off, so that the case can be run again; not so beside a PET
    of the patient's own, which is never kept as it came.

    Args:
        store: Where the case is.
        case: Its values, and its option "tracer" beside a PET.
        files: The scan: names and bytes.
        models: Gives the models; called on the worker's thread.
        pet: The patient's own PET, likewise.
    """

    def keep(image: nib.Nifti1Image) -> None:
        def writer(folder: Path) -> None:
            save_volume(image, folder / _STRIPPED, description="brain-only T1w, petgen", sidecar=_ABOUT)

        patiently(lambda: store.save_stripped(case.id, case.owner, writer), lambda: False)

    def read() -> Case:
        scan = open_scan(files)
        return _case(case, scan, pet=read_pet(pet) if pet else None)

    return partial(_run, read, partial(models, model_of(case)), None if pet else keep)


def kept_work(store: Store, models: GetModels) -> Rebuild:
    """Makes the work of a case whose scan is here: a bundled demo's, or kept without its skull.

    Args:
        store: Where the cases are.
        models: Gives the models; called on the worker's thread.
    """

    def read(case: CaseRow) -> Case:
        if case.source == "demo":
            demo = demo_case(str(case.options.get("demo")))
            return _case(case, open_scan(demo.t1), simulated_pet=demo_pet(demo))
        if case.source == "stripped":
            return _case(case, open_scan(store.open_stripped(case.id, case.owner) / _STRIPPED))
        raise InputError("its scan was not kept", where=case.code, mend="Upload the scan again.")

    def rebuild(case: CaseRow) -> Work:
        return partial(_run, partial(read, case), partial(models, model_of(case)), None)

    return rebuild


def _run(
    read: Callable[[], Case], models: Callable[[], "Models"], keep: Callable[[nib.Nifti1Image], None] | None
) -> Iterator[object]:
    yield Step(BEFORE[0], 0, 0)
    case = read()
    yield Step(BEFORE[1], 0, 0)
    from petgen.pipeline import synthesize

    yield from synthesize(case, models(), keep)


def _case(row: CaseRow, scan: Scan, *, pet: Scan | None = None, simulated_pet: nib.Nifti1Image | None = None) -> Case:
    return Case(
        scan=scan.image,
        biomarkers=check_biomarkers(row.values, where="Values"),
        code=row.code,
        warnings=scan.warnings,
        pet=pet.image if pet else None,
        pet_warnings=pet.warnings if pet else (),
        simulated_pet=simulated_pet,
        cutoffs=_cutoffs(row),
        tracer=str(row.options.get("tracer", "florbetapir")),
        origin=scan.origin,
    )


def model_of(row: CaseRow) -> str:
    """Name of the model that a case is to be run with."""
    return str(row.options.get("model", BUNDLED))


def _cutoffs(row: CaseRow) -> tuple[float, float]:
    low, high = row.options.get("cutoffs") or (NEGATIVE_BELOW, POSITIVE_ABOVE)
    return float(low), float(high)
