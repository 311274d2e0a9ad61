"""What comes out of a case."""

from dataclasses import dataclass
from typing import Literal

import nibabel as nib
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from petgen.case.biomarkers import Biomarkers

SYNTHETIC = "SYNTHETIC, not for diagnosis"
NEGATIVE_BELOW, POSITIVE_ABOVE = 10.0, 30.0
"""Centiloid limits of the zones negative, intermediate, positive (Collij 2024, Alzheimers Dement, alz.14336)."""


class Probabilities(BaseModel):
    """Probability of amyloid positivity by each model, 0 to 1; None until the model exists."""

    t1: float | None = None
    bbm: float | None = None
    inputs: float | None = None
    spet: float | None = None
    spet_bbm: float | None = None


class Scenario(BaseModel):
    """One of the two patients that the inputs may belong to."""

    weight: float = Field(description="share of the posterior on this side of 25 Centiloid, 0 to 1")
    load: float = Field(description="median of the posterior on this side, Centiloids")
    centiloid: float = Field(description="measured on the scenario's image")


class Scenarios(BaseModel):
    """Amyloid is bimodal: what the scan would be if negative, and if positive (Centiloid 25 and above)."""

    negative: Scenario
    positive: Scenario


class LoadPosterior(BaseModel):
    """What T1w and values say of the amyloid load."""

    edges: list[float] = Field(description="edges of the classes of load, Centiloids")
    probabilities: list[float] = Field(description="probability of each class; they sum to 1")
    median: float = Field(description="Centiloids; the default image is painted at it")


class Result(BaseModel):
    """The numbers of one synthesis, as written to `result.json`."""

    model_config = ConfigDict(protected_namespaces=())

    composite_suvr: float = Field(description="mean SUVR in the Centiloid cortex mask, whole cerebellum = 1")
    centiloid: float
    centiloid_equation: str
    amyloid_status: Literal["negative", "intermediate", "positive"] = Field(
        description="zone of the Centiloid: below 10, 10 to 30, above 30 (Collij 2024)"
    )
    p_amyloid_positive: Probabilities = Probabilities()
    intervals: dict[str, tuple[float, float]] | None = Field(
        None,
        description="90 % conformal intervals of centiloid and composite_suvr; those of regions are in regions.tsv",
    )
    posterior: LoadPosterior | None = None
    scenarios: Scenarios | None = None
    timings_s: dict[str, float] = Field(description="seconds of each step, and their total")
    warnings: list[str] = []
    model_version: str
    weights_sha256: str
    petgen_version: str
    seed: int
    device: str
    provenance: Literal["simulated-cohort", "site-cohort"] = "simulated-cohort"


@dataclass(frozen=True)
class Case:
    """One case to synthesise.

    Attributes:
        scan: T1w image as read and checked by `petgen.imaging.read_scan` (RAS+, float32).
        biomarkers: The patient's values.
        code: Case code for file names, letters and digits only; never a name.
        seed: Seed of everything random.
        warnings: What reading the scan warned of.
    """

    scan: nib.Nifti1Image
    biomarkers: Biomarkers
    code: str = "CASE"
    seed: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A progress event: step `index` (from 1) of `total` has begun."""

    name: str
    index: int
    total: int


@dataclass(frozen=True)
class Synthesis:
    """All that one case gives.

    Attributes:
        result: The numbers.
        suvr: Synthetic PET, (91, 109, 91), SUVR, in template space; zero outside the brain.
        t1: Brain-only T1w, (91, 109, 91), in template space, white matter = 1.
        mask: Brain mask, (91, 109, 91), bool.
        parcellation: Atlas labels on the subject, (91, 109, 91), int32.
        suvr_native: Synthetic PET on the grid of the uploaded scan, SUVR.
        regions: One row a region: index, name, hemisphere, volume_ml, suvr, and the 90 % interval suvr_low, suvr_high.
        negative: SUVR of the scenario "if negative", (91, 109, 91).
        positive: SUVR of the scenario "if positive", (91, 109, 91).
        spread: Standard deviation of the SUVR over the posterior of the load, (91, 109, 91).
        prompt: The text that the language model read.
        matrix: 4 x 4; millimetres of the template to millimetres of the scan.
        code: Case code.
    """

    result: Result
    suvr: np.ndarray
    t1: np.ndarray
    mask: np.ndarray
    parcellation: np.ndarray
    suvr_native: nib.Nifti1Image
    regions: pd.DataFrame
    negative: np.ndarray
    positive: np.ndarray
    spread: np.ndarray
    prompt: str
    matrix: np.ndarray
    code: str = "CASE"
