"""What passes from room to room: the patient's values, the case, the result."""

from petgen.case.analytes import ANALYTES, Analyte, reference_interval
from petgen.case.biomarkers import Biomarkers, check_biomarkers
from petgen.case.errors import InputError
from petgen.case.made_from import MadeFrom, values_checksum
from petgen.case.result import (
    LEARNED_FROM,
    NEGATIVE_BELOW,
    POSITIVE_ABOVE,
    SYNTHETIC,
    Case,
    Effect,
    Light,
    LoadPosterior,
    Point,
    Probabilities,
    Provenance,
    Quality,
    Reading,
    Reference,
    Result,
    Scenario,
    Scenarios,
    Step,
    Synthesis,
)
from petgen.case.values_file import read_biomarkers

__all__ = [
    "ANALYTES",
    "LEARNED_FROM",
    "NEGATIVE_BELOW",
    "POSITIVE_ABOVE",
    "SYNTHETIC",
    "Analyte",
    "Biomarkers",
    "Case",
    "Effect",
    "InputError",
    "Light",
    "LoadPosterior",
    "MadeFrom",
    "Point",
    "Probabilities",
    "Provenance",
    "Quality",
    "Reading",
    "Reference",
    "Result",
    "Scenario",
    "Scenarios",
    "Step",
    "Synthesis",
    "check_biomarkers",
    "read_biomarkers",
    "reference_interval",
    "values_checksum",
]
