"""A synthesis read back from the files that it was written as."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from nibabel.filebasedimages import ImageFileError
from nibabel.spatialimages import HeaderDataError

from petgen.case import InputError, Result, Synthesis, read_biomarkers
from petgen.imaging.grid import SPACE

DAMAGE = (
    OSError, EOFError, StopIteration, KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError,
    MemoryError, zlib.error, ImageFileError, HeaderDataError,
)  # fmt: skip
"""What a damaged file of a result leads to, in JSON, tables and volumes."""


def read_outputs(folder: Path) -> Synthesis:
    """What `write_outputs` wrote, in either layout.

    Args:
        folder: Of one case.

    Returns:
        The synthesis but for `rim`, which is never stored.

    Raises:
        InputError: A file is missing or damaged, or the folder holds results by person.
    """
    people = sorted(folder.glob("sub-*/result.json"))
    if people and not (folder / "result.json").exists():
        mend = f"Give the folder of one person, such as {people[0].parent}."
        raise InputError("results are here by person", where=str(folder), mend=mend)
    with reading(folder):
        result, subject = read_result(folder), _subject(folder)
        matrix = json.loads(_file(folder, f"{subject}_space-{SPACE}_desc-brain_T1w.json").read_text())["TemplateToScan"]
        regions = pd.read_csv(folder / "regions.tsv", sep="\t", na_values="n/a", keep_default_na=False)
        return Synthesis(
            result=result,
            suvr=stored_volume(folder, "desc-synthetic_pet"),
            t1=stored_volume(folder, "desc-brain_T1w"),
            mask=stored_volume(folder, "label-brain_mask") > 0,
            parcellation=stored_volume(folder, "desc-atlas_dseg").astype(np.int32),
            suvr_native=nib.load(_file(folder, f"{subject}_space-T1w_desc-synthetic_pet.nii.gz")),
            regions=regions,
            negative=stored_volume(folder, "desc-syntheticNegative_pet"),
            positive=stored_volume(folder, "desc-syntheticPositive_pet"),
            spread=stored_volume(folder, "desc-syntheticSpread_pet"),
            prompt=(folder / "prompt.txt").read_text(encoding="utf-8"),
            matrix=np.array(matrix),
            biomarkers=read_biomarkers(folder / "values.json"),
            cortex=stored_volume(folder, "label-cortex_mask") > 0,
            cerebellum=stored_volume(folder, "label-cerebellum_mask") > 0,
            code=subject.removeprefix("sub-"),
            reference=stored_volume(folder, "desc-reference_pet") if result.reference else None,
        )


def read_result(folder: Path) -> Result:
    """The numbers of a stored result.

    Raises:
        InputError: The file is missing or damaged.
    """
    with reading(folder):
        return Result.model_validate_json((folder / "result.json").read_text(encoding="utf-8"))


def stored_volume(folder: Path, name: str) -> np.ndarray:
    """A volume in template space of a stored result, (91, 109, 91); errors as they come.

    Args:
        folder: Of one case.
        name: What follows the space in the name of the file, for example "desc-synthetic_pet".
    """
    return np.asarray(nib.load(_file(folder, f"{_subject(folder)}_space-{SPACE}_{name}.nii.gz")).dataobj)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """What goes wrong inside is said as an `InputError` that names the folder."""
    try:
        yield
    except InputError:
        raise
    except DAMAGE as error:
        raise InputError(
            f"the result cannot be read ({type(error).__name__})", where=str(folder), mend="Run the case again."
        ) from None


def _subject(folder: Path) -> str:
    name = f"sub-*_space-{SPACE}_desc-synthetic_pet.nii.gz"
    found = next((file for place in _places(folder) for file in place.glob(name)), None)
    if found is None:
        raise FileNotFoundError(folder)
    return found.name.split("_")[0]


def _file(folder: Path, name: str) -> Path:
    return next((place / name for place in _places(folder) if (place / name).exists()), folder / name)


def _places(folder: Path) -> tuple[Path, Path, Path]:
    """Where volumes lie: in the folder itself, or under their kind, as a dataset of derivatives has them."""
    return folder, folder / "pet", folder / "anat"
