"""What each input value is: unit, assay, plausible range and reference interval."""

from dataclasses import dataclass

SIMOA = "Quanterix Simoa"
ALZPATH = "ALZpath Simoa"

_PAN = "95 % interval, cognitively unimpaired Chinese adults 50-89 y, n = 193 (Alzheimers Res Ther 2023;15:100)"


@dataclass(frozen=True)
class Analyte:
    """One value that a case may carry.

    Attributes:
        name: Field name in `Biomarkers`, in `VALUES.json` and on the command line.
        label: Name as a physician writes it.
        unit: Unit, empty when there is none.
        plausible: (low, high); a value outside is refused.
        reference: (low, high) reference interval, or None when there is none. In the unit above.
        source: Where the reference interval comes from.
        assay: Assay the model was made for, empty for values that are no assay's.
        group: Part of the prompt: demographics, blood or cognition.
        digits: Significant digits shown.
    """

    name: str
    label: str
    unit: str
    plausible: tuple[float, float]
    reference: tuple[float, float] | None = None
    source: str = ""
    assay: str = ""
    group: str = "blood"
    digits: int = 3


_ALL = (
    Analyte("age", "Age", "years", (40, 100), group="demographics"),
    Analyte("education", "Education", "years", (0, 30), group="demographics"),
    Analyte("apoe4", "APOE ε4 alleles", "", (0, 2), group="demographics", digits=1),
    Analyte("abeta40", "Aβ40", "pg/mL", (10, 1000), (61.4, 303.9), _PAN, SIMOA),
    Analyte("abeta42", "Aβ42", "pg/mL", (0.3, 50), (2.72, 11.09), _PAN, SIMOA),
    Analyte("abeta42_40", "Aβ42/40", "", (0.006, 0.079), (0.022, 0.064), _PAN, SIMOA),
    Analyte("t_tau", "t-tau", "pg/mL", (0.02, 30), (0.20, 3.12), _PAN, SIMOA),
    Analyte("p_tau181", "p-tau181", "pg/mL", (0.05, 30), (0.49, 3.29), _PAN, SIMOA),
    Analyte(
        "p_tau217",
        "p-tau217",
        "pg/mL",
        (0.02, 15),
        (0.0, 0.63),
        "0.40 and below negative, 0.63 and above positive (Ashton 2024 JAMA Neurol; cut-offs not verified in the text)",
        ALZPATH,
    ),
    Analyte(
        "nfl",
        "NfL",
        "pg/mL",
        (1, 500),
        (0.0, 51.2),
        "97.5th percentile by decade of age: 20.8, 28.0, 37.9, 51.2 from the 50s on (Bornhorst 2022, Mayo)",
        SIMOA,
    ),
    Analyte(
        "gfap",
        "GFAP",
        "pg/mL",
        (10, 3000),
        (44, 289),
        "derived, log-normal 95 % from the quartiles of amyloid-negative ADNI (Benedet 2022)",
        SIMOA,
    ),
    Analyte("mmse", "MMSE", "points", (0, 30), group="cognition"),
    Analyte("moca", "MoCA-B", "points", (0, 30), group="cognition"),
    Analyte("avlt", "AVLT delayed recall (12 words)", "words", (0, 12), group="cognition"),
)

ANALYTES: dict[str, Analyte] = {analyte.name: analyte for analyte in _ALL}

_NFL_LIMITS = ((60, 20.8), (70, 28.0), (80, 37.9), (200, 51.2))


def reference_interval(name: str, age: float | None = None) -> tuple[float, float] | None:
    """Reference interval of an analyte, for NfL at the patient's age.

    Args:
        name: A key of `ANALYTES`.
        age: Years, or None when unknown (NfL then uses the widest limit).

    Returns:
        (low, high) in the analyte's unit, or None when it has none.
        NfL limits by decade: Bornhorst 2022 (Mayo), 97.5th percentiles.
    """
    reference = ANALYTES[name].reference
    if name == "nfl" and age is not None:
        return 0.0, next(limit for below, limit in _NFL_LIMITS if age < below)
    return reference
