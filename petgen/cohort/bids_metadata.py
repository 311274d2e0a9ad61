"""What stands beside the images and tables of a simulated dataset: only what is true of a simulation."""

from dataclasses import dataclass
from typing import Any

from petgen import __version__
from petgen.case import ANALYTES, InputError

BIDS_VERSION = "1.11.1"
GENERATED_BY = {"Name": "petgen", "Version": __version__, "Description": "Simulates people with a T1w and amyloid PET."}
LICENSE = "The terms of the anatomies that the images were deformed from apply."


@dataclass(frozen=True)
class Protocol:
    """The protocol that a simulated scan stands for: the tracer label's dose, the usual late window.

    Attributes:
        label: Of the tracer, for the BIDS entity `trc`.
        tracer: Name of the tracer as BIDS has it.
        injected_mbq: Injected radioactivity, MBq.
        start_s: Seconds from injection to the start of the scan.
        duration_s: Duration of the one frame, seconds.
    """

    label: str
    tracer: str
    injected_mbq: float
    start_s: float
    duration_s: float


PROTOCOLS = {
    "florbetapir": Protocol("18FAV45", "[18F]florbetapir", 370, 50 * 60, 20 * 60),
    "florbetaben": Protocol("18FFBB", "[18F]florbetaben", 300, 90 * 60, 20 * 60),
    "flutemetamol": Protocol("18FFMM", "[18F]flutemetamol", 185, 90 * 60, 20 * 60),
}


def protocol_of(tracer: str) -> Protocol:
    """The protocol of a tracer.

    Args:
        tracer: A key of `petgen.cohort.tracers.TRACERS`.

    Raises:
        InputError: No such tracer.
    """
    if tracer not in PROTOCOLS:
        raise InputError("no such tracer", where=tracer, mend=f"Choose one of {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[tracer]


def t1_sidecar() -> dict[str, Any]:
    """Of a simulated T1w."""
    return {
        "Description": "SIMULATED T1w of no patient: skull-stripped, bias-corrected, in the space of "
        "MNI152NLin2009aSym at 2 mm, white matter = 1.",
        "SkullStripped": True,
        "Manufacturer": "simulated",
        "ManufacturersModelName": "petgen",
        "SoftwareVersions": f"petgen {__version__}",
    }


def pet_sidecar(protocol: Protocol) -> dict[str, Any]:
    """Of a simulated PET: one static frame; times are seconds after injection at a nominal midnight.

    Args:
        protocol: What is said to have been injected, and when the scan was.
    """
    return {
        "Description": "SIMULATED PET of no patient on the grid of the T1w: SUVR relative to whole cerebellum. "
        "Dose and times are those of the protocol it stands for; nothing was injected.",
        "Units": "SUVR",
        "BodyPart": "BRAIN",
        "Manufacturer": "simulated",
        "ManufacturersModelName": "petgen",
        "TracerName": protocol.tracer,
        "TracerRadionuclide": "F18",
        "InjectedRadioactivity": protocol.injected_mbq,
        "InjectedRadioactivityUnits": "MBq",
        "InjectedMass": "n/a",
        "InjectedMassUnits": "n/a",
        "SpecificRadioactivity": "n/a",
        "SpecificRadioactivityUnits": "n/a",
        "ModeOfAdministration": "bolus",
        "TimeZero": "00:00:00",
        "InjectionStart": 0,
        "InjectionEnd": 0,
        "ScanStart": protocol.start_s,
        "FrameTimesStart": [protocol.start_s],
        "FrameDuration": [protocol.duration_s],
        "AcquisitionMode": "simulated static frame",
        "ImageDecayCorrected": True,
        "ImageDecayCorrectionTime": 0,
        "ReconMethodName": "simulated",
        "ReconMethodParameterLabels": ["none"],
        "ReconMethodParameterUnits": ["none"],
        "ReconMethodParameterValues": [0],
        "ReconMethodImplementationVersion": f"petgen {__version__}",
        "ReconFilterType": "none",
        "AttenuationCorrection": "none: attenuation is not simulated",
    }


def derivative_sidecars() -> dict[str, dict[str, Any]]:
    """Of the masks and labels, by the ending that their files share; one for everybody."""
    numbers = "Numbers are FreeSurfer's (aparc+aseg, FreeSurferColorLUT)."
    return {
        "desc-brain_mask": {"Type": "Brain", "Description": "As the skull stripper leaves it."},
        "label-cortex_desc-centiloid_mask": {"Type": "ROI", "Description": "Centiloid cortex mask on the brain."},
        "label-cerebellum_desc-centiloid_mask": {"Type": "ROI", "Description": "Whole-cerebellum mask on the brain."},
        "seg-DesikanKilliany_dseg": {"Description": f"Atlas on the brain, as a patient's regions are found. {numbers}"},
        "seg-tissue_dseg": {"Description": f"The tissue that the brain is truly made of. {numbers}"},
    }


def participants_dictionary(columns: tuple[str, ...]) -> dict[str, Any]:
    """What the columns of participants.tsv mean.

    Args:
        columns: Those behind `participant_id`.
    """
    told: dict[str, Any] = {
        "sex": {"Description": "Sex", "Levels": {"F": "female", "M": "male"}},
        "diagnosis": {
            "Description": "Clinical diagnosis",
            "Levels": {"CU": "cognitively unimpaired", "MCI": "mild cognitive impairment", "AD": "Alzheimer dementia"},
        },
    }
    for name in columns:
        if name not in told:
            analyte = ANALYTES[name]
            assay = f", plasma, assay {analyte.assay}" if analyte.assay else ""
            told[name] = {"Description": f"{analyte.label}{assay} (simulated)"}
            if analyte.unit:
                told[name]["Units"] = analyte.unit
    return {name: told[name] for name in columns}


def descriptions(seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """The dataset_description of the dataset and of its truth.

    Args:
        seed: Seed of the cohort.
    """
    common = {"BIDSVersion": BIDS_VERSION, "License": LICENSE, "GeneratedBy": [GENERATED_BY]}
    raw = {
        **common,
        "Name": f"SIMULATED amyloid PET cohort, seed {seed}",
        "DatasetType": "raw",
        "Authors": ["The developers of petgen"],
        "Keywords": ["simulated", "amyloid PET", "T1w"],
    }
    truth = {
        **common,
        "Name": f"What the SIMULATED amyloid PET cohort of seed {seed} was made with",
        "DatasetType": "derivative",
        "SourceDatasets": [{"URL": "../.."}],
    }
    return raw, truth


def truth_readme() -> str:
    """The README of the truth."""
    return f"""# The truth behind a SIMULATED cohort

What no site would know of the people in the dataset around this folder: masks and labels of their brains, the
Centiloid measured on their PET, the true parameters of the simulation (`truth.tsv`, and one JSON a person), the
anatomies of each split (`splits.json`). A person without that JSON is not complete.

{LICENSE}
"""


def readme(seed: int, people: int) -> str:
    """The README of the dataset.

    Args:
        seed: Seed of the cohort.
        people: Number of complete people.
    """
    return f"""# SIMULATED amyloid PET cohort

Nobody in this dataset exists. {people} people were simulated by petgen {__version__} with seed {seed}; no image was
acquired and no value measured. Do not use it for any decision about a patient, and do not pool it with patients
without saying so.

## How it was made

Biology first: diagnosis, age, amyloid load and neurodegeneration are drawn from published distributions, and plasma
biomarkers and test scores from them, with values missing as in a clinic. A real brain's anatomy is then deformed
according to age and disease, a T1w is made of it, and the amyloid load is painted on it, blurred and made noisy as a
PET scanner would.

## What is where

- `participants.tsv`: only what a site would have; its columns are explained in `participants.json`.
- `sub-*/anat`, `sub-*/pet`: the scans, skull-stripped, in the space of MNI152NLin2009aSym at 2 mm.
- `derivatives/truth`: what no site would have. Masks and labels, `truth.tsv` with the true parameters and the Centiloid
  measured on each PET, and `splits.json`: anatomies of each split. The letters of a participant's label are the split.

{LICENSE}
"""
