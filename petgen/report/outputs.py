"""A synthesis as files: BIDS derivatives with their sidecars, tables, the values and the prompt."""

from pathlib import Path
from typing import Any, Literal, NamedTuple

import nibabel as nib
import numpy as np

from petgen.case import LEARNED_FROM, SYNTHETIC, InputError, Synthesis
from petgen.imaging import on_grid, save_volume
from petgen.imaging.grid import SPACE
from petgen.report.description import description_of, made_by, made_by_words
from petgen.views import mask_picture, png_bytes, registration_picture

_OWN = "The patient's own PET inside the brain, registered to the T1w, at 8 mm. Not synthetic."
_SIMULATED = "The simulated reference PET of a simulated case, at 8 mm. Of no patient."
_COLOURS = 64
Layout = Literal["flat", "bids"]


class _Volume(NamedTuple):
    name: str
    data: np.ndarray | nib.Nifti1Image
    description: str
    sidecar: dict[str, Any]


def write_outputs(synthesis: Synthesis, folder: Path, layout: Layout = "flat") -> list[Path]:
    """Writes everything that a case gave.

    Args:
        synthesis: From `petgen.pipeline.synthesize`.
        folder: Made when it is not there; files of the same names are replaced.
        layout: "flat", or "bids" for `anat` and `pet` folders, as a dataset of derivatives has them.

    Returns:
        The files, in the order of writing; `result.json` last, so that its presence means that all are there.

    Raises:
        InputError: The folder cannot be written.
    """
    result = synthesis.result
    regions = synthesis.regions if result.light.level != "red" else synthesis.regions.iloc[:0]
    tables = {
        "regions.tsv": regions.to_csv(sep="\t", index=False, float_format="%.4f", na_rep="n/a"),
        "prompt.txt": synthesis.prompt,
        "values.json": synthesis.biomarkers.model_dump_json(indent=2, exclude_none=True) + "\n",
        "result.json": result.model_dump_json(indent=2) + "\n",
    }
    written = []
    try:
        for volume in _volumes(synthesis):
            place = folder / _folder_of(volume.name) if layout == "bids" else folder
            place.mkdir(parents=True, exist_ok=True)
            file = place / f"{volume.name}.nii.gz"
            save_volume(volume.data, file, description=volume.description, sidecar=volume.sidecar)
            written.append(file)
        for name, picture in _pictures(synthesis).items():
            place = folder / "figures" if layout == "bids" else folder
            place.mkdir(parents=True, exist_ok=True)
            file = place / f"{name}.png"
            file.write_bytes(png_bytes(picture, _COLOURS, words=made_by_words(result)))
            written.append(file)
        for name, text in tables.items():
            file = folder / name
            partial = file.with_name(f".{name}.part")
            partial.write_text(text, encoding="utf-8")
            partial.replace(file)
            written.append(file)
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(folder), mend="Choose another --out.") from None
    return written


def _folder_of(name: str) -> str:
    return "pet" if name.endswith("_pet") else "anat"


def _pictures(synthesis: Synthesis) -> dict[str, np.ndarray]:
    subject = f"sub-{synthesis.code}"
    found = {f"{subject}_desc-registration_T1w": registration_picture(synthesis.t1)}
    if synthesis.rim is not None:
        found[f"{subject}_desc-mask_T1w"] = mask_picture(synthesis.rim, synthesis.mask)
    return found


def _volumes(synthesis: Synthesis) -> list[_Volume]:
    subject, result = f"sub-{synthesis.code}", synthesis.result
    described = description_of(result)
    made = made_by(result)
    cohort = LEARNED_FROM[result.provenance]
    text = f"{SYNTHETIC}. Made from a T1w and the patient's values by a model of {cohort}."
    pet = {
        "Description": text,
        "Synthetic": True,
        "Provenance": result.provenance,
        **made,
        "Units": "SUVR",
        "TracerName": result.tracer,
        "ReferenceRegion": "whole cerebellum",
        "SkullStripped": True,
    }
    brain = {
        "Description": "Brain-only T1w, bias corrected, affinely registered; white matter = 1.",
        "SkullStripped": True,
        "TemplateToScan": synthesis.matrix.tolist(),
        **made,
    }
    on_subject = {"SkullStripped": True, **made}
    native = {**pet, "SpatialReference": "orig"}
    left_open = (
        ("syntheticNegative", synthesis.negative, "What the PET would be if it were amyloid negative."),
        ("syntheticPositive", synthesis.positive, "What the PET would be if it were amyloid positive."),
        ("syntheticSpread", synthesis.spread, "Standard deviation of the SUVR over what the inputs leave open."),
    )
    found = [
        _Volume(f"{subject}_space-{SPACE}_desc-synthetic_pet", on_grid(synthesis.suvr), described, pet),
        _Volume(f"{subject}_space-T1w_desc-synthetic_pet", synthesis.suvr_native, described, native),
        _Volume(f"{subject}_space-{SPACE}_desc-brain_T1w", on_grid(synthesis.t1), "brain-only T1w, petgen", brain),
    ]
    places = (
        ("label-brain_mask", synthesis.mask, {"Type": "Brain"}),
        ("label-cortex_mask", synthesis.cortex, {"Type": "ROI", "Description": "Centiloid cortex, on the subject."}),
        ("label-cerebellum_mask", synthesis.cerebellum, {"Type": "ROI", "Description": "Whole cerebellum."}),
        ("desc-atlas_dseg", synthesis.parcellation, {"Description": "Atlas of regions.tsv, on the subject."}),
    )
    for name, volume, words in places:
        found.append(_Volume(f"{subject}_space-{SPACE}_{name}", volume, "petgen", {**on_subject, **words}))
    for name, volume, more in left_open:
        sidecar = {**pet, "Description": f"{text} {more}"}
        found.append(_Volume(f"{subject}_space-{SPACE}_desc-{name}_pet", on_grid(volume), described, sidecar))
    if synthesis.reference is not None and result.reference is not None:
        own = {
            "Description": _SIMULATED if result.reference.simulated else _OWN,
            "Units": "SUVR",
            "TracerName": result.reference.tracer,
            "ReferenceRegion": "whole cerebellum",
            "SkullStripped": True,
            **made,
            **({"PetSHA256": result.made_from.pet_sha256} if result.made_from and result.made_from.pet_sha256 else {}),
        }
        name = f"{subject}_space-{SPACE}_desc-reference_pet"
        whose = "simulated" if result.reference.simulated else "own"
        found.append(_Volume(name, on_grid(synthesis.reference), f"{whose} PET at 8 mm, petgen", own))
    return found
