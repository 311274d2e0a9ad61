"""Who the simulated people are: diagnosis, age, amyloid, neurodegeneration, plasma and cognition.

The model is p(diagnosis) p(age, education, APOE4 | diagnosis) p(amyloid | diagnosis, age, APOE4) and, given these,
neurodegeneration, plasma and cognition. a is age - 66; load is the true amyloid load in Centiloids; A = sigmoid((load -
25) / 12) is the step at the cut-off, B = max(load, 0) / 100 the burden, T the diagnosis' severity, S a shared kidney
factor. Plasma is log-normal.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from petgen.cohort.evidence import HUASHAN, MONTE_CARLO, SIMOA, constant

DIAGNOSES = ("CU", "MCI", "AD")
SUBTYPES = ("frontal", "parietal", "occipital")

_SHARE = constant("share of CU, MCI, AD", (0.57, 0.23, 0.20), "read", HUASHAN)
_AGE = constant(
    "age by diagnosis, mean and SD (years)",
    ((65.5, 7.5), (67.0, 8.0), (68.5, 9.0)),
    "derived",
    f"all together 66.4 +- 8.1: {HUASHAN}; differences between diagnoses assumed",
)
_AGES = (45, 90)
_FEMALE = constant("share of women", 0.62, "read", HUASHAN)
_EDUCATION = constant("education by diagnosis, mean (years; SD 3.6)", (11.5, 10.2, 9.3), "assumed", "Shanghai cohorts")
_APOE4 = constant("share of APOE4 carriers by diagnosis", (0.18, 0.24, 0.40), "assumed", "Chinese cohorts")
_HOMOZYGOUS = constant("share of carriers with two alleles", 0.12, "assumed", "Hardy-Weinberg at 20 % carriers: 0.06")
_LOGIT_POSITIVE = constant(
    "logit of amyloid positivity by diagnosis at 66 years without APOE4",
    (-2.40, -1.50, 0.50),
    "derived",
    f"share above 12 CL 15.4 / 28.5 / 71.8 %: {HUASHAN}",
)
_LOGIT_AGE = constant(
    "logit of positivity per year of age", 0.05, "derived", "Jansen 2015 JAMA: 10 % at 50, 44 % at 90"
)
_LOGIT_APOE4 = constant("logit of positivity, APOE4 carrier", 1.0, "derived", "Jansen 2015 JAMA: 2 to 3 times as often")
_NEGATIVE_CL = constant(
    "load of the negative, mean and SD (CL)",
    (-1.0, 7.3),
    "derived",
    f"quartiles of CU -5.3 and 7.7 CL less the scan's noise: {HUASHAN}",
)
_POSITIVE_CL = constant(
    "load of the positive by diagnosis, mean and SD (CL), above 12",
    ((38.0, 24.0), (50.0, 28.0), (60.0, 31.0)),
    "derived",
    f"AD 44.0 +- 39.2 CL, of which 28 % are negative: {HUASHAN}; CU and MCI in proportion",
)
_LEAST_POSITIVE = 12.0
_SUBTYPE = constant(
    "subtypes frontal, parietal, occipital among the clearly subtyped",
    (0.53, 0.25, 0.22),
    "read",
    "Collij 2022 (PMC9071373), 3,010 scans",
)
_ASYMMETRY = constant("SD of the logarithm of left over right capacity", 0.16, "assumed", "SUVR asymmetry 3 to 4 %")
_ASYMMETRY_FADES = constant("load at which asymmetry has fallen to 37 % (CL)", 80.0, "assumed", "highest in MCI")

_NEURODEGENERATION = constant(
    "neurodegeneration (z) lost by diagnosis",
    (0.0, 1.25, 1.9),
    "derived",
    "hippocampal d 1.1 to 1.6 (MCI) and 2.0 to 2.7 (AD): hbm25234 (PMC7775994), Table 1",
)
_NEURO_AGE = constant("neurodegeneration (z) lost per year", 0.045, "assumed", "hippocampus about -0.5 % a year")
_NEURO_LOAD = constant("neurodegeneration (z) lost per 100 CL", 0.3, "derived", "r(SUVR, HV) of the calibration table")
_NEURO_SPREAD = constant(
    "SD of neurodegeneration that nothing else explains", 0.8, "derived", "as the diagnosis' losses"
)
_HIPPOCAMPUS = constant(
    "both hippocampi, share of the brain mask at z = 0, and change of its logarithm per z",
    (0.0053, 0.10),
    "derived",
    "0.49 % of the intracranial volume in SCD A-, d 0.3 to 0.5 for 4 %: PMC9644060, Table 3; mask 0.93 of it",
)
_VENTRICLES = constant(
    "lateral ventricles, share of the brain mask at 66 years, per year and per z lost (logarithms), SD",
    (0.022, 0.03, 0.22, 0.35),
    "assumed",
    "+2.5 to 4 % a year",
)
_THINNING = constant(
    "opening of sulci per z lost by lobe (mm on each bank)",
    {"temporal": 0.09, "parietal": 0.07, "frontal": 0.05, "occipital": 0.02},
    "assumed",
    "order: McDonald 2009 (PMC2727145); 5 to 15 % of 2.7 mm in mild AD",
)

_SEVERITY = constant("severity T by diagnosis", (0.0, 0.35, 1.0), "assumed", "CDR")
_PLASMA_SCALE = constant(
    "plasma at load 0 and 66 years, median, by analyte (pg/mL; ratio unitless)",
    {"abeta40": 137, "ratio": 0.0385, "p_tau181": 1.30, "t_tau": 0.80, "nfl": 13, "p_tau217": 0.30, "gfap": 105},
    "derived",
    f"geometric means 136.6, 0.0375, 1.27, 0.79: {SIMOA}; NfL Simren 2022; p-tau217 and GFAP assumed",
)
_PLASMA_SPREAD = constant(
    "SD of the logarithm that nothing else explains, assay noise included",
    {"abeta40": 0.30, "ratio": 0.23, "p_tau181": 0.44, "t_tau": 0.69, "nfl": 0.35, "p_tau217": 0.34, "gfap": 0.36},
    "derived",
    f"SD of logarithms .41, .27, .49, .70 in all: {SIMOA}; the others {MONTE_CARLO}",
)
_PLASMA_EFFECT = constant(
    "effect on the logarithm of A, B, T (only above 20 CL for p-tau), S, a, APOE4",
    {
        "abeta40": (-0.06, 0.0, 0.0, 0.25, 0.006, 0.0),
        "ratio": (-0.15, 0.0, 0.0, 0.0, -0.004, -0.02),
        "p_tau181": (0.14, 0.20, 0.08, 0.08, 0.008, 0.0),
        "t_tau": (0.0, 0.0, 0.03, 0.05, 0.003, 0.0),
        "nfl": (0.0, 0.05, 0.12, 0.10, 0.031, 0.0),
        "p_tau217": (0.35, 0.75, 0.15, 0.10, 0.008, 0.0),
        "gfap": (0.15, 0.28, 0.10, 0.06, 0.015, 0.0),
    },
    "derived",
    MONTE_CARLO,
)
_RATIO_ON_ABETA40 = constant(
    "change of the logarithm of Abeta42/40 per logarithm of Abeta40 that is noise",
    -0.33,
    "derived",
    f"SD of the logarithms of Abeta42, Abeta40 and their ratio .36, .41, .27: {SIMOA}",
)
_NFL_NEURO = constant("NfL, effect on the logarithm per z lost beyond age and diagnosis", 0.12, "derived", MONTE_CARLO)
_REPORTABLE = constant(
    "lowest and highest value a laboratory reports (pg/mL; ratio unitless)",
    {
        "abeta40": (40, 570), "ratio": (0.01, 0.078), "p_tau181": (0.1, 25), "t_tau": (0.05, 25), "nfl": (2, 400),
        "p_tau217": (0.03, 14), "gfap": (15, 2500),
    },
    "assumed",
    "several SD from the medians",
)  # fmt: skip
_MMSE = constant(
    "MMSE by diagnosis, mean and SD", ((27.9, 1.6), (26.0, 2.4), (18.5, 5.5)), "assumed", "Shanghai cohorts"
)
_MOCA = constant(
    "MoCA-B by diagnosis, mean and SD", ((25.5, 2.7), (21.0, 3.5), (13.0, 5.5)), "assumed", "Shanghai cohorts"
)
_AVLT = constant("AVLT delayed by diagnosis, mean and SD", ((5.5, 2.0), (2.3, 1.8), (0.5, 1.0)), "assumed", "AVLT-N5")
_SHARED_TEST = constant(
    "correlation of MMSE and MoCA-B within a diagnosis", 0.45, "derived", "r = .787 over all: Chen 2016, MoCA-B"
)

HIGHEST = {"mmse": 30, "moca": 30, "avlt": 12}
JOINED = ("mmse", "moca")


class Prior(NamedTuple):
    """The constants that an exact posterior needs, by name; units as where they are declared."""

    share: tuple[float, ...] = _SHARE
    age: tuple[tuple[float, float], ...] = _AGE
    education: tuple[float, ...] = _EDUCATION
    apoe4: tuple[float, ...] = _APOE4
    logit: tuple[float, ...] = _LOGIT_POSITIVE
    logit_age: float = _LOGIT_AGE
    logit_apoe4: float = _LOGIT_APOE4
    negative: tuple[float, float] = _NEGATIVE_CL
    positive: tuple[tuple[float, float], ...] = _POSITIVE_CL
    least_positive: float = _LEAST_POSITIVE
    neuro_spread: float = _NEURO_SPREAD
    ventricles_per_z: float = _VENTRICLES[2]
    ventricles_spread: float = _VENTRICLES[3]
    severity: tuple[float, ...] = _SEVERITY
    plasma_spread: Mapping[str, float] = _PLASMA_SPREAD
    ratio_on_abeta40: float = _RATIO_ON_ABETA40
    nfl_neuro: float = _NFL_NEURO
    shared_test: float = _SHARED_TEST


PRIOR = Prior()

CORE_PANEL = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "nfl")
LATENT = (
    "diagnosis", "centiloid", "subtype", "subtype_strength", "asymmetry", "neurodegeneration", "hippocampus",
    "ventricles",
)  # fmt: skip
KEPT = constant(
    "share of people in whom a panel, then a value, was measured",
    (
        (CORE_PANEL, 0.85), (("p_tau217", "gfap"), 0.35), (("p_tau217",), 0.9), (("gfap",), 0.9), (("apoe4",), 0.5),
        (("mmse",), 0.9), (("moca",), 0.7), (("avlt",), 0.6), (("education",), 0.95),
        (("age",), 0.99), (("sex",), 0.99),
        *(((name,), 0.95) for name in CORE_PANEL), (("abeta40", "abeta42"), 0.75), (("t_tau",), 0.8),
    ),
    "assumed",
    "p-tau217 with GFAP in 262 of 1,254, the core panel in 504: Front Aging Neurosci 2025, 1660755; more here, so that "
    "the network learns them",
)  # fmt: skip


def draw(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draws people with every value measured.

    Args:
        n: Number of people.
        rng: Source of randomness.

    Returns:
        A table of n rows. What no site would know, or would not give to a model (`LATENT`): `diagnosis`, `centiloid`
        (true load), `subtype` ("frontal", "parietal" or "occipital") with `subtype_strength` (0 to 1), `asymmetry`
        (logarithm of left over right amyloid capacity), `neurodegeneration` (z, lower is worse), `hippocampus` and
        `ventricles` (shares of the brain mask). And every value of `petgen.case.Biomarkers` in its units.
    """
    dx = rng.choice(3, n, p=_SHARE)
    age = np.clip(_by(dx, _AGE, rng), *_AGES)
    a = age - 66
    apoe4 = (rng.random(n) < np.take(_APOE4, dx)).astype(int)
    apoe4 += (apoe4 == 1) & (rng.random(n) < _HOMOZYGOUS)
    carrier = (apoe4 > 0).astype(float)
    logit = np.take(_LOGIT_POSITIVE, dx) + _LOGIT_AGE * a + _LOGIT_APOE4 * carrier
    positive = rng.random(n) < 1 / (1 + np.exp(-logit))
    load = np.where(positive, _truncated(dx, rng), rng.normal(*_NEGATIVE_CL, n))
    severity, own = np.take(_SEVERITY, dx), rng.normal(0, _NEURO_SPREAD, n)
    neuro = mean_neurodegeneration(age, dx, load) + own
    hippocampus, ventricles = typical_volumes(age, neuro)
    education = np.clip(np.rint(np.take(_EDUCATION, dx) + rng.normal(0, 3.6, n)), 0, 24)
    joined = _joined_scores(dx, education, step(load), rng)
    return pd.DataFrame(
        {
            "diagnosis": np.take(DIAGNOSES, dx),
            "centiloid": load,
            "subtype": rng.choice(SUBTYPES, n, p=_SUBTYPE),
            "subtype_strength": rng.beta(1.0, 1.5, n),
            "asymmetry": rng.normal(0, _ASYMMETRY, n) * np.exp(-np.maximum(load, 0) / _ASYMMETRY_FADES),
            "neurodegeneration": neuro,
            "hippocampus": hippocampus,
            "ventricles": ventricles * np.exp(rng.normal(0, _VENTRICLES[3], n)),
            "age": np.rint(age),
            "sex": np.where(rng.random(n) < _FEMALE, "F", "M"),
            "education": education,
            "apoe4": apoe4,
            **_plasma(load, severity, a, carrier, own, rng),
            **joined,
            "avlt": _score("avlt", *score_means(dx, education, step(load))["avlt"], rng.normal(size=n)),
        }
    )


def step(load: np.ndarray) -> np.ndarray:
    """A: the step at the cut-off, 0 to 1, of a load in Centiloids."""
    return np.asarray(1 / (1 + np.exp(-(load - 25) / 12)))


def plasma_means(load: Any, severity: Any, a: Any, carrier: Any, own: Any, kidney: Any) -> dict[str, Any]:
    """Means of the analytes' logarithms, relative to nothing measured; numbers or arrays that fit together.

    Args:
        load: Amyloid load, Centiloids.
        severity: T of the diagnosis.
        a: Age - 66, years.
        carrier: 1 for carriers of APOE4.
        own: Neurodegeneration (z) that age, diagnosis and load do not explain.
        kidney: Shared kidney factor, SD 1.
    """
    burden, found = np.maximum(load, 0) / 100, {}
    for name, (on_a, on_b, on_t, on_s, on_age, on_e4) in _PLASMA_EFFECT.items():
        late = severity * (load > 20) if name.startswith("p_tau") else severity
        shift = on_a * step(load) + on_b * burden + on_t * late + on_s * kidney + on_age * a + on_e4 * carrier
        if name == "nfl":
            shift = shift - _NFL_NEURO * own
        if name == "ratio":
            shift = shift + _RATIO_ON_ABETA40 * _PLASMA_EFFECT["abeta40"][3] * kidney
        found[name] = np.log(_PLASMA_SCALE[name]) + shift
    return found


def _plasma(
    load: np.ndarray,
    severity: np.ndarray,
    a: np.ndarray,
    carrier: np.ndarray,
    own: np.ndarray,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:
    """Plasma by analyte; `own` is the neurodegeneration (z) that age, diagnosis and load do not explain."""
    n = len(load)
    found, noise = {}, np.zeros(n)
    for name, mean in plasma_means(load, severity, a, carrier, own, rng.normal(0, 1, n)).items():
        if name == "ratio":
            mean = mean + _RATIO_ON_ABETA40 * noise
        noise = rng.normal(0, _PLASMA_SPREAD[name], n)
        found[name] = np.clip(np.exp(mean + noise), *_REPORTABLE[name])
    ratio = found.pop("ratio")
    return {"abeta40": found["abeta40"], "abeta42": found["abeta40"] * ratio, "abeta42_40": ratio, **found}


def score_means(dx: Any, education: Any, amyloid: Any) -> dict[str, tuple[Any, Any]]:
    """Mean and SD of the test scores before they are rounded and cut.

    Args:
        dx: Number of the diagnosis.
        education: Years.
        amyloid: The step at the cut-off, 0 to 1.
    """
    found = {}
    for name, table, per_year in (("mmse", _MMSE, 0.1), ("moca", _MOCA, 0.2), ("avlt", _AVLT, 0.0)):
        mean, spread = np.moveaxis(np.asarray(table)[dx], -1, 0)
        found[name] = (mean + per_year * (education - 10.5) - 0.8 * amyloid, spread)
    return found


def _joined_scores(
    dx: np.ndarray, education: np.ndarray, amyloid: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """MMSE and MoCA-B, which go together."""
    n = len(dx)
    means, shared = score_means(dx, education, amyloid), rng.normal(size=n)
    return {
        name: _score(
            name, *means[name], np.sqrt(_SHARED_TEST) * shared + np.sqrt(1 - _SHARED_TEST) * rng.normal(size=n)
        )
        for name in JOINED
    }


def _score(name: str, mean: np.ndarray, spread: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(mean + spread * z), 0, HIGHEST[name]))


def hide_missing(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Removes values at the rates and in the patterns of a clinic (`KEPT`): whole panels, then single values.

    Args:
        people: As `draw` returns them.
        rng: Source of randomness.

    Returns:
        A copy in which unmeasured values are missing; p-tau217 and GFAP come together, as a panel of their own.
    """
    seen = people.astype(dict.fromkeys(("sex",), object)).copy()
    n = len(seen)
    for names, kept in KEPT:
        lost = rng.random(n) >= kept
        seen.loc[lost, list(names)] = None
    alone = seen["abeta40"].notna() & seen["abeta42"].notna()
    derived = people["abeta42"] / people["abeta40"]
    seen.loc[alone, "abeta42_40"] = derived[alone]
    return seen


def mean_neurodegeneration(age: Any, dx: Any, load: Any) -> Any:
    """Neurodegeneration (z) at an age (years), a diagnosis (its number) and a load (Centiloids); arrays that fit."""
    return -_NEURO_AGE * (age - 66) - np.take(_NEURODEGENERATION, dx) - _NEURO_LOAD * np.maximum(load, 0) / 100


def neurodegeneration_of(hippocampus: Any) -> Any:
    """Neurodegeneration (z) at which both hippocampi have a volume, share of the brain mask."""
    return np.log(hippocampus / _HIPPOCAMPUS[0]) / _HIPPOCAMPUS[1]


def typical_volumes(age: Any, neurodegeneration: Any) -> tuple[Any, Any]:
    """Hippocampi and lateral ventricles, shares of the brain mask, at an age (years) and a neurodegeneration (z).

    Numbers or arrays of one shape.
    """
    at_zero, per_z = _HIPPOCAMPUS
    ventricles, widening_year, widening_z, _ = _VENTRICLES
    lost = -(neurodegeneration + _NEURO_AGE * (age - 66))
    return (
        at_zero * np.exp(per_z * neurodegeneration),
        ventricles * np.exp(widening_year * (age - 66) + widening_z * lost),
    )


def thinning(neurodegeneration: float) -> dict[str, float]:
    """How far sulci open on each bank by lobe, mm, relative to a brain at z = -0.5."""
    return {lobe: amount * (-neurodegeneration - 0.5) for lobe, amount in _THINNING.items()}


def values_of(row: "pd.Series[Any]") -> dict[str, Any]:
    """The measured values of one person as the fields of `Biomarkers`, rounded as a laboratory reports them."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in LATENT or value is None or value != value:
            continue
        values[str(name)] = value if isinstance(value, str) else float(f"{float(value):.3g}") + 0.0
    return values


def _by(dx: np.ndarray, table: tuple[tuple[float, float], ...], rng: np.random.Generator) -> np.ndarray:
    mean, spread = np.asarray(table)[dx].T
    return np.asarray(mean + spread * rng.normal(size=len(dx)))


def _truncated(dx: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Load of the positive, by drawing again what falls below."""
    values = _by(dx, _POSITIVE_CL, rng)
    while (low := values <= _LEAST_POSITIVE).any():
        values[low] = _by(dx[low], _POSITIVE_CL, rng)
    return values
