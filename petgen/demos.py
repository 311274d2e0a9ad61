"""The bundled demo cases, ready to pick."""

import json
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib

from petgen.assets import asset
from petgen.case import Biomarkers, InputError, read_biomarkers


@dataclass(frozen=True)
class DemoCase:
    """A simulated case.

    Attributes:
        code: Case code, for example "demo01".
        title: What kind of case.
        text: One sentence.
        t1: Brain-only T1w.
        biomarkers: Its values.
        reference_pet: Simulated reference PET, SUVR on the working grid, or None.
        reference_centiloid: Centiloid measured on it with the masks of the simulated anatomy.
        result: Its result, computed beforehand, as `petgen.report.write_outputs` writes it, or None.
    """

    code: str
    title: str
    text: str
    t1: Path
    biomarkers: Biomarkers
    reference_pet: Path | None
    reference_centiloid: float | None
    result: Path | None


def demo_case(code: str) -> DemoCase:
    """The demo case of a code.

    Raises:
        InputError: There is none.
    """
    for demo in demo_cases():
        if demo.code == code:
            return demo
    raise InputError(f"there is no demo case {code!r}", where="Demo case", mend="Choose one from the list.")


def demo_cases() -> list[DemoCase]:
    """The demo cases in the order of their codes."""
    found = []
    for folder in sorted(asset("cases").iterdir()):
        record_file = folder / "case.json"
        if not record_file.exists():
            continue
        record = json.loads(record_file.read_text(encoding="utf-8"))
        pet, result = folder / "reference_pet.nii.gz", folder / "result"
        found.append(
            DemoCase(
                folder.name,
                record["title"],
                record["text"],
                folder / "T1w.nii.gz",
                read_biomarkers(folder / "values.json"),
                pet if pet.exists() else None,
                record.get("reference_centiloid"),
                result if (result / "result.json").exists() else None,
            )
        )
    return found


def demo_pet(demo: DemoCase | None) -> nib.Nifti1Image | None:
    """The simulated reference PET of a demo case, or None."""
    return None if demo is None or demo.reference_pet is None else nib.load(demo.reference_pet)
