"""What comes out of a case."""

from dataclasses import dataclass
from typing import Literal

import nibabel as nib
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from petgen.case.biomarkers import Biomarkers
from petgen.case.made_from import MadeFrom

SYNTHETIC = "SYNTHETIC, not for diagnosis"
Provenance = Literal["simulated-cohort", "site-cohort"]
LEARNED_FROM: dict[Provenance, str] = {
    "simulated-cohort": "a simulated cohort",
    "site-cohort": "a simulated cohort and then the cohort of one site",
}
"""Whom a model learned from, in words."""
NEGATIVE_BELOW, POSITIVE_ABOVE = 10.0, 30.0
"""Centiloid limits of the zones negative, intermediate, positive (Collij 2024, Alzheimers Dement, alz.14336)."""


class Probabilities(BaseModel):
    """Probability of 25 Centiloids and above by each model, 0 to 1; None where a model has nothing to go by."""

    t1: float | None = None
    bbm: float | None = None
    inputs: float | None = None
    spet: float | None = None
    spet_bbm: float | None = None


class Reading(BaseModel):
    """What the reader's rule for florbetapir says of a scan, read by petgen and not by a physician."""

    positive: bool
    reduced: list[str] = Field(description="areas in which the contrast of grey and white matter is reduced or gone")
    intense: list[str] = Field(description="areas in which cortex clearly exceeds the white matter beside it")


class Effect(BaseModel):
    """What one value does: the result with it minus the result had it not been measured."""

    name: str = Field(description="field of the values")
    centiloid: float = Field(description="change of the posterior's median, Centiloids")
    probability: float = Field(description="change of the probability of 25 Centiloids and above, -1 to 1")


class Reference(BaseModel):
    """The patient's own PET, measured with the same masks, and how like it the synthetic PET is."""

    tracer: str
    simulated: bool = Field(False, description="the reference PET of a simulated case, not of a patient")
    composite_suvr: float
    centiloid: float
    centiloid_equation: str
    fwhm_mm: float | None = Field(
        description="resolution that the PET came with, measured; it was brought to 8 mm; None for a simulated PET"
    )
    reading: Reading | None = Field(None, description="the florbetapir rule on this PET; of florbetapir only")
    ssim_brain: float
    mae_suvr: float = Field(description="mean absolute difference inside the brain, SUVR")
    regional_r: float = Field(description="correlation over the atlas regions")


class Quality(BaseModel):
    """What the way to template space measured."""

    similarity: float = Field(description="correlation of brain and template after registration")
    brain_litres: float = Field(description="volume of the brain mask in the scan")
    already_stripped: bool
    scan_overall: float = Field(description="encoder distance of the whole scan over its amber limit")
    scan_worst: float = Field(description="encoder distance of its strangest place over its amber limit")
    values: float = Field(description="how improbable the values are together, standard deviations")


class Light(BaseModel):
    """Whether scan and values are like what the model has seen."""

    level: Literal["green", "amber", "red"]
    reasons: list[str] = Field(default=[], description="why it is not green, one sentence each")


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

    summary: str = Field("", description="the case in plain words")
    light: Light = Field(Light(level="green"), description="red: every score below is withheld")
    quality: Quality | None = Field(None, description="numbers of the quality control")
    composite_suvr: float | None = Field(description="mean SUVR in the Centiloid cortex mask, whole cerebellum = 1")
    centiloid: float | None
    centiloid_equation: str
    tracer: str = Field("florbetapir", description="tracer of the synthetic PET")
    amyloid_status: Literal["negative", "intermediate", "positive"] | None = Field(
        description="zone of the Centiloid: below, between, above the two `cutoffs`"
    )
    cutoffs: tuple[float, float] = Field(
        (NEGATIVE_BELOW, POSITIVE_ABOVE), description="Centiloids; 10 and 30 unless set otherwise (Collij 2024)"
    )
    p_amyloid_positive: Probabilities = Probabilities()
    reading: Reading | None = Field(None, description="the florbetapir rule on the synthetic PET; of florbetapir only")
    effects: list[Effect] = Field([], description="what each measured value does to the result, largest first")
    drivers: dict[str, float] = Field({}, description="what each region adds to the logit of the image's score")
    intervals: dict[str, tuple[float, float]] | None = Field(
        None,
        description="90 % conformal intervals of centiloid and composite_suvr; those of regions are in regions.tsv",
    )
    posterior: LoadPosterior | None = None
    reference: Reference | None = Field(None, description="the patient's own PET, or a simulated case's, if there")
    scenarios: Scenarios | None = None
    timings_s: dict[str, float] = Field(description="seconds of each step, and their total")
    warnings: list[str] = []
    origin: str = Field("", description="which DICOM series the scan was taken from and why that one")
    model_version: str
    weights_sha256: str
    petgen_version: str
    seed: int
    device: str
    provenance: Provenance = "simulated-cohort"
    model: str = Field("bundled", description="installed model that made it; bundled: the one that comes with petgen")
    made_from: MadeFrom | None = Field(None, description="checksums of what went in; None in older results")


@dataclass(frozen=True)
class Case:
    """One case to synthesise.

    Attributes:
        scan: T1w image as read and checked by `petgen.imaging.open_scan` (RAS+, float32).
        biomarkers: The patient's values.
        pet: The patient's own amyloid PET as `petgen.imaging.pet.read_pet` reads it, or None.
        simulated_pet: The reference PET of a simulated case, SUVR at 8 mm in the scan's own millimetres, or None.
        tracer: Tracer of either, a key of `petgen.quantify.EQUATIONS`.
        origin: Which DICOM series the scan is and why that one, in words; empty for NIfTI.
        code: Case code for file names, letters and digits only; never a name.
        seed: Seed of everything random.
        cutoffs: Centiloids that divide the zones negative, intermediate and positive.
        warnings: What reading the scan warned of.
        pet_warnings: What reading the PET warned of.
    """

    scan: nib.Nifti1Image
    biomarkers: Biomarkers
    code: str = "CASE"
    seed: int = 0
    cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE)
    warnings: tuple[str, ...] = ()
    pet: nib.Nifti1Image | None = None
    simulated_pet: nib.Nifti1Image | None = None
    tracer: str = "florbetapir"
    origin: str = ""
    pet_warnings: tuple[str, ...] = ()


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
        biomarkers: The patient's values.
        cortex: Centiloid cortex mask on the subject, (91, 109, 91), bool.
        cerebellum: Whole-cerebellum mask on the subject, (91, 109, 91), bool.
        reference: The patient's own PET or a simulated case's, SUVR at 8 mm, (91, 109, 91), or None; its regions are
            `suvr_reference`.
        rim: The scan within 10 mm of the brain, (91, 109, 91), 0 to 1, for quality control; never stored as a volume.
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
    biomarkers: Biomarkers
    cortex: np.ndarray
    cerebellum: np.ndarray
    code: str = "CASE"
    reference: np.ndarray | None = None
    rim: np.ndarray | None = None


@dataclass(frozen=True)
class Point:
    """One point of a what-if.

    Attributes:
        value: Of the analyte, in its unit.
        centiloid: Median of the load's posterior.
        interval: Its 90 % interval, Centiloids.
        probability: Of 25 Centiloids and above.
    """

    value: float
    centiloid: float
    interval: tuple[float, float]
    probability: float
