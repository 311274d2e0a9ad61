"""Results of the demo cases, computed beforehand, so that a demonstration need not wait."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import numpy as np

from petgen.assets import assets_folder
from petgen.case import Case, Step, Synthesis
from petgen.demos import demo_cases, demo_pet
from petgen.imaging import open_scan
from petgen.models import Models
from petgen.pipeline import synthesize
from petgen.report import write_outputs

_GRAIN = 256


def make_demo_results(models: Models, progress: Callable[[str], None]) -> list[Path]:
    """Runs every demo case and keeps its result beside it.

    Volumes are rounded to 1/256, so that they pack to half their size.

    Args:
        models: As `petgen.models.load_models` gives them.
        progress: Told which case and step it is.

    Returns:
        The folders of the results.
    """
    written = []
    for demo in demo_cases():
        scan = open_scan(demo.t1)
        case = Case(scan.image, demo.biomarkers, demo.code, warnings=scan.warnings, simulated_pet=demo_pet(demo))
        folder = assets_folder() / "cases" / demo.code / "result"
        for event in synthesize(case, models):
            if isinstance(event, Step):
                progress(f"{demo.code}: step {event.index} of {event.total}, {event.name}")
            else:
                shutil.rmtree(folder, ignore_errors=True)
                write_outputs(_rounded(event), folder)
                written.append(folder)
    return written


def _rounded(made: Synthesis) -> Synthesis:
    native = made.suvr_native
    return replace(
        made,
        suvr=_grained(made.suvr),
        t1=_grained(made.t1),
        negative=_grained(made.negative),
        positive=_grained(made.positive),
        spread=_grained(made.spread),
        suvr_native=nib.Nifti1Image(_grained(np.asarray(native.dataobj)), native.affine),
        reference=None if made.reference is None else _grained(made.reference),
    )


def _grained(volume: np.ndarray) -> np.ndarray:
    return (np.round(volume * _GRAIN) / _GRAIN).astype(np.float32)
