"""A synthesis as files: BIDS derivatives with their sidecars, tables and the prompt."""

from pathlib import Path

import numpy as np

from petgen.case import SYNTHETIC, InputError, Synthesis
from petgen.imaging import on_grid, save_volume
from petgen.imaging.grid import SPACE

_LEFT_OPEN = {
    "syntheticNegative": ("What the PET would be if it were amyloid negative.", "negative"),
    "syntheticPositive": ("What the PET would be if it were amyloid positive.", "positive"),
    "syntheticSpread": ("Standard deviation of the SUVR over what the inputs leave open.", "spread"),
}


def write_outputs(synthesis: Synthesis, folder: Path) -> list[Path]:
    """Writes everything that a case gave.

    Args:
        synthesis: From `petgen.pipeline.synthesize`.
        folder: Made when it is not there; files of the same names are replaced.

    Returns:
        The files, in the order of writing; `result.json` last, so that its presence means that all are there.

    Raises:
        InputError: The folder cannot be written.
    """
    subject, result = f"sub-{synthesis.code}", synthesis.result
    shared = {
        "Description": f"{SYNTHETIC}. Made from a T1w and the patient's values by a model of a simulated cohort.",
        "Synthetic": True,
        "Provenance": result.provenance,
        "ModelVersion": result.model_version,
        "WeightsSHA256": result.weights_sha256,
        "GeneratedBy": [{"Name": "petgen", "Version": result.petgen_version}],
        "Seed": result.seed,
    }
    pet = {**shared, "Units": "SUVR", "TracerName": "florbetapir", "ReferenceRegion": "whole cerebellum"}
    brain = {
        "Description": "Brain-only T1w, bias corrected, affinely registered; white matter = 1.",
        "SkullStripped": True,
        "GeneratedBy": shared["GeneratedBy"],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        written = [
            _volume(folder / f"{subject}_space-{SPACE}_desc-synthetic_pet.nii.gz", synthesis.suvr, pet),
            folder / f"{subject}_space-T1w_desc-synthetic_pet.nii.gz",
            folder / f"{subject}_space-{SPACE}_desc-brain_T1w.nii.gz",
            *(folder / f"{subject}_space-{SPACE}_desc-{name}_pet.nii.gz" for name in _LEFT_OPEN),
            folder / "regions.tsv",
            folder / "prompt.txt",
            folder / "result.json",
        ]
        save_volume(synthesis.suvr_native, written[1], description=SYNTHETIC, sidecar=pet)
        save_volume(on_grid(synthesis.t1), written[2], description="brain-only T1w, petgen", sidecar=brain)
        if synthesis.reference is not None and result.reference is not None:
            own = {"Units": "SUVR", "TracerName": result.reference.tracer, "ReferenceRegion": "whole cerebellum"}
            words = "The patient's own PET inside the brain, registered to the T1w, at 8 mm. Not synthetic."
            file = folder / f"{subject}_space-{SPACE}_desc-reference_pet.nii.gz"
            save_volume(
                on_grid(synthesis.reference), file, description="own PET", sidecar={**own, "Description": words}
            )
            written.insert(6, file)
        for name, file in zip(_LEFT_OPEN, written[3:6], strict=True):
            words, field = _LEFT_OPEN[name]
            volume = {**pet, "Description": f"{shared['Description']} {words}"}
            save_volume(on_grid(getattr(synthesis, field)), file, description=SYNTHETIC, sidecar=volume)
        regions = synthesis.regions if result.light.level != "red" else synthesis.regions.iloc[:0]
        regions.to_csv(written[-3], sep="\t", index=False, float_format="%.4f", na_rep="n/a")
        written[-2].write_text(synthesis.prompt, encoding="utf-8")
        partial = folder / "result.json.part"
        partial.write_text(result.model_dump_json(indent=2) + "\n", encoding="utf-8")
        partial.replace(written[-1])
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(folder), mend="Choose another --out.") from None
    return written


def _volume(path: Path, data: np.ndarray, sidecar: dict[str, object]) -> Path:
    save_volume(on_grid(data), path, description=SYNTHETIC, sidecar=sidecar)
    return path
