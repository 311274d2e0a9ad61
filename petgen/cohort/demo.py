"""The bundled demo cases: simulator output on deformed SynthSeg anatomies, which may be shipped."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.subject import random_source, scan_person
from petgen.imaging import on_grid, save_volume

T1_SCALE = 500


@dataclass(frozen=True)
class _Kind:
    title: str
    text: str
    centiloid: float
    neurodegeneration: float
    values: Biomarkers
    draw: int | None = None
    t2: bool = False


KINDS = (
    _Kind(
        "Clear positive",
        "Memory complaints for two years; the whole blood panel points to amyloid.",
        85.0,
        -2.4,
        Biomarkers(
            age=74, sex="F", education=12, apoe4=1, mmse=23, moca=18, avlt=1, abeta40=152, abeta42=3.9, t_tau=0.9,
            p_tau181=3.1, p_tau217=0.98, nfl=24, gfap=212,
        ),
    ),
    _Kind(
        "Clear negative",
        "Worried well; every marker is in its reference interval.",
        0.0,
        0.2,
        Biomarkers(
            age=66, sex="F", education=12, apoe4=0, mmse=29, moca=26, avlt=6, abeta40=131, abeta42=6.1, t_tau=0.7,
            p_tau181=1.0, p_tau217=0.2, nfl=12, gfap=90,
        ),
    ),
    _Kind(
        "Intermediate",
        "Subtle decline; p-tau217 lies between its two cut-offs.",
        24.0,
        -0.9,
        Biomarkers(
            age=71, sex="M", education=9, mmse=27, moca=22, avlt=3, abeta40=140, abeta42=4.4, t_tau=0.8, p_tau181=2.1,
            p_tau217=0.58, nfl=17, gfap=150,
        ),
        draw=14,
    ),
    _Kind(
        "Atrophy without amyloid",
        "Impaired, with a small hippocampus and raised NfL, but low p-tau217.",
        1.0,
        -3.2,
        Biomarkers(
            age=79, sex="M", education=8, apoe4=0, mmse=22, moca=16, avlt=1, abeta40=168, abeta42=6.8, t_tau=1.1,
            p_tau181=1.5, p_tau217=0.27, nfl=46, gfap=150,
        ),
    ),
    _Kind(
        "Missing panel",
        "Only demographics, MMSE and two unspecific markers were measured.",
        60.0,
        -1.9,
        Biomarkers(age=76, sex="F", education=10, mmse=24, nfl=26, gfap=205),
    ),
    _Kind(
        "Out of distribution",
        "A T2-weighted scan sent in for a T1-weighted one: nothing that the model has seen.",
        20.0,
        -1.0,
        Biomarkers(
            age=69, sex="M", education=10, apoe4=1, mmse=25, moca=20, avlt=3, abeta40=138, abeta42=5.2, p_tau181=1.9,
            p_tau217=0.46, nfl=38, gfap=180,
        ),
        t2=True,
    ),
)  # fmt: skip


def _person(kind: _Kind) -> "pd.Series[Any]":
    """A person of the cohort with the kind's load and neurodegeneration and no subtype."""
    person = biology.draw(1, np.random.default_rng(0)).iloc[0].copy()
    person["centiloid"], person["neurodegeneration"] = kind.centiloid, kind.neurodegeneration
    person["subtype_strength"] = person["asymmetry"] = 0.0
    person["hippocampus"], person["ventricles"] = biology.typical_volumes(kind.values.age or 66, kind.neurodegeneration)
    return person


def _like_t2(t1: np.ndarray) -> np.ndarray:
    """The same brain with the contrast turned round: fluid bright, white matter dark (assumed brightness)."""
    return np.where(t1 > 0, np.clip(1.9 - 1.25 * t1, 0.1, 2.0), 0).astype(np.float32)


def make_demo_cases(anatomies: Sequence[Path], folder: Path, seed: int = 0) -> list[Path]:
    """Writes the demo cases.

    Args:
        anatomies: Prepared anatomies that may be shipped, used in turn.
        folder: Gets one folder a case: `T1w.nii.gz` (brain only, working grid), `reference_pet.nii.gz` (simulated
            reference PET, SUVR), `values.json` and `case.json`.
        seed: Seed of the deformations.

    Returns:
        The folders.
    """
    made = []
    for number, kind in enumerate(KINDS):
        rng = random_source(seed, "demo", number if kind.draw is None else kind.draw)
        source = Anatomy.load(anatomies[number % len(anatomies)])
        person = scan_person(source, kind.values, _person(kind), rng)
        seen = _like_t2(person.t1) if kind.t2 else person.t1
        case = folder / f"demo{number + 1:02d}"
        case.mkdir(parents=True, exist_ok=True)
        about = {"Description": "Simulated, from a deformed SynthSeg anatomy (Apache-2.0). Not a patient."}
        t1 = on_grid((np.round(seen * T1_SCALE) / T1_SCALE).astype(np.float32))
        save_volume(t1, case / "T1w.nii.gz", description="SIMULATED T1w", sidecar=about)
        pet = on_grid(np.round(person.pet, 2).astype(np.float32))
        save_volume(
            pet,
            case / "reference_pet.nii.gz",
            description="SIMULATED reference PET",
            sidecar={**about, "Units": "SUVR"},
        )
        values = kind.values.model_dump(exclude_none=True, exclude={"assay"})
        (case / "values.json").write_text(json.dumps(values, indent=1) + "\n")
        record = {"title": kind.title, "text": kind.text, "reference_centiloid": round(person.centiloid, 1)}
        (case / "case.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        made.append(case)
    return made
