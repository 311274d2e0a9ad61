"""A synthesis read back from the files that it was written as."""

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from pydantic import ValidationError

from petgen.case import InputError, Result, Synthesis, read_biomarkers
from petgen.imaging.grid import SPACE


def read_outputs(folder: Path) -> Synthesis:
    """What `write_outputs` wrote with the flat layout.

    Args:
        folder: Of one case.

    Returns:
        The synthesis but for `rim`, which is never stored.

    Raises:
        InputError: A file is missing or damaged.
    """
    try:
        result = Result.model_validate_json((folder / "result.json").read_text(encoding="utf-8"))
        subject = next(folder.glob(f"sub-*_space-{SPACE}_desc-synthetic_pet.nii.gz")).name.split("_")[0]
        matrix = json.loads((folder / f"{subject}_space-{SPACE}_desc-brain_T1w.json").read_text())["TemplateToScan"]
        regions = pd.read_csv(folder / "regions.tsv", sep="\t", na_values="n/a", keep_default_na=False)
        return Synthesis(
            result=result,
            suvr=_volume(folder, subject, "desc-synthetic_pet"),
            t1=_volume(folder, subject, "desc-brain_T1w"),
            mask=_volume(folder, subject, "label-brain_mask") > 0,
            parcellation=_volume(folder, subject, "desc-atlas_dseg").astype(np.int32),
            suvr_native=nib.load(folder / f"{subject}_space-T1w_desc-synthetic_pet.nii.gz"),
            regions=regions,
            negative=_volume(folder, subject, "desc-syntheticNegative_pet"),
            positive=_volume(folder, subject, "desc-syntheticPositive_pet"),
            spread=_volume(folder, subject, "desc-syntheticSpread_pet"),
            prompt=(folder / "prompt.txt").read_text(encoding="utf-8"),
            matrix=np.array(matrix),
            biomarkers=read_biomarkers(folder / "values.json"),
            cortex=_volume(folder, subject, "label-cortex_mask") > 0,
            cerebellum=_volume(folder, subject, "label-cerebellum_mask") > 0,
            code=subject.removeprefix("sub-"),
            reference=_volume(folder, subject, "desc-reference_pet") if result.reference else None,
        )
    except (OSError, EOFError, StopIteration, KeyError, ValidationError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"the result cannot be read ({type(error).__name__})", where=str(folder), mend="Run the case again."
        ) from None


def _volume(folder: Path, subject: str, name: str) -> np.ndarray:
    return np.asarray(nib.load(folder / f"{subject}_space-{SPACE}_{name}.nii.gz").dataobj)
