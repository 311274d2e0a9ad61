"""Who the simulated people are: diagnosis, age, amyloid, neurodegeneration, plasma and cognition.

Constants without another source are the project's own, checked in a Monte-Carlo against published group figures;
amyloid prevalence and Centiloid per diagnosis follow the Huashan series of 942 florbetapir scans (Chin J Nucl Med
2024), plasma scales the Chinese Simoa reference intervals (Alzheimers Res Ther 2023;15:100).
"""

from typing import Any

import numpy as np
import pandas as pd

DIAGNOSES = ("CU", "MCI", "AD")
_SHARE = (0.57, 0.23, 0.20)
_AGE = ((65.5, 7.5), (67.0, 8.0), (68.5, 9.0))
_EDUCATION = (11.5, 10.2, 9.3)
_APOE4 = (0.18, 0.24, 0.40)
_LOGIT_POSITIVE = (-2.35, -1.55, 0.55)
_POSITIVE_CL = ((38.0, 24.0), (52.0, 28.0), (66.0, 31.0))
_NEURODEGENERATION = (0.0, 1.0, 1.9)
_SEVERITY = (0.0, 0.35, 1.0)
_MMSE = ((27.9, 1.6), (26.0, 2.4), (18.5, 5.5))
_MOCA = ((25.5, 2.7), (21.0, 3.5), (13.0, 5.5))
_AVLT = ((5.5, 2.0), (2.3, 1.8), (0.5, 1.0))

CORE_PANEL = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "nfl")
LATENT = ("diagnosis", "centiloid", "neurodegeneration")


def draw(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draws people with every value measured.

    Args:
        n: Number of people.
        rng: Source of randomness.

    Returns:
        A table of n rows: `diagnosis`, `centiloid` (true load) and `neurodegeneration` (z, lower is worse), which
        no site would know, and every value of `petgen.case.Biomarkers` in its units.
    """
    dx = rng.choice(3, n, p=_SHARE)
    age = np.clip(_by(dx, _AGE, rng), 45, 90)
    a = age - 66
    apoe4 = (rng.random(n) < np.take(_APOE4, dx)).astype(int)
    apoe4 += (apoe4 == 1) & (rng.random(n) < 0.12)
    carrier = (apoe4 > 0).astype(float)
    positive = rng.random(n) < 1 / (1 + np.exp(-(np.take(_LOGIT_POSITIVE, dx) + 0.05 * a + carrier)))
    centiloid = np.where(positive, _truncated(dx, rng), rng.normal(0, 7.5, n))
    burden = np.maximum(centiloid, 0) / 100
    neuro = -0.045 * a - np.take(_NEURODEGENERATION, dx) - 0.5 * burden + rng.normal(0, 0.8, n)

    amyloid, severity = 1 / (1 + np.exp(-(centiloid - 25) / 12)), np.take(_SEVERITY, dx)
    late, shared = severity * (centiloid > 20), rng.normal(0, 1, n)

    def lognormal(median: float, shift: np.ndarray, spread: float) -> np.ndarray:
        return np.asarray(median * np.exp(shift + rng.normal(0, spread, n)))

    abeta40 = np.clip(lognormal(137, -0.06 * amyloid + 0.25 * shared + 0.006 * a, 0.30), 40, 570)
    ratio = np.clip(lognormal(0.0385, -0.15 * amyloid - 0.004 * a - 0.02 * carrier, 0.26), 0.01, 0.078)
    education = np.clip(np.rint(np.take(_EDUCATION, dx) + rng.normal(0, 3.6, n)), 0, 24)
    return pd.DataFrame(
        {
            "diagnosis": np.take(DIAGNOSES, dx),
            "centiloid": centiloid,
            "neurodegeneration": neuro,
            "age": np.rint(age),
            "sex": np.where(rng.random(n) < 0.62, "F", "M"),
            "education": education,
            "apoe4": apoe4,
            "abeta40": abeta40,
            "abeta42": abeta40 * ratio,
            "abeta42_40": ratio,
            "t_tau": np.clip(lognormal(0.80, 0.05 * shared + 0.03 * severity + 0.003 * a, 0.65), 0.05, 25),
            "p_tau181": np.clip(
                lognormal(1.30, 0.14 * amyloid + 0.20 * burden + 0.08 * late + 0.08 * shared + 0.008 * a, 0.44), 0.1, 25
            ),
            "p_tau217": np.clip(
                lognormal(0.30, 0.35 * amyloid + 0.75 * burden + 0.15 * late + 0.10 * shared + 0.008 * a, 0.34),
                0.03,
                14,
            ),
            "nfl": np.clip(lognormal(13, 0.031 * a + 0.12 * severity + 0.05 * burden + 0.10 * shared, 0.36), 2, 400),
            "gfap": np.clip(
                lognormal(105, 0.15 * amyloid + 0.28 * burden + 0.10 * severity + 0.06 * shared + 0.015 * a, 0.36),
                15,
                2500,
            ),
            "mmse": _score(dx, _MMSE, 0.1 * (education - 10.5) - 0.8 * amyloid, 30, rng),
            "moca": _score(dx, _MOCA, 0.2 * (education - 10.5) - 0.8 * amyloid, 30, rng),
            "avlt": _score(dx, _AVLT, -0.8 * amyloid, 12, rng),
        }
    )


def hide_missing(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Removes values at the rates and in the patterns of a clinic: whole panels, then single values.

    Args:
        people: As `draw` returns them.
        rng: Source of randomness.

    Returns:
        A copy in which unmeasured values are missing; p-tau217 and GFAP come as a panel of their own.
    """
    seen = people.astype(dict.fromkeys(("sex",), object)).copy()
    n = len(seen)
    for names, kept in (
        (CORE_PANEL, 0.85),
        (("p_tau217",), 0.5),
        (("gfap",), 0.55),
        (("apoe4",), 0.5),
        (("mmse",), 0.9),
        (("moca",), 0.7),
        (("avlt",), 0.6),
        (("education",), 0.95),
        (("age",), 0.99),
        (("sex",), 0.99),
        *(((name,), 0.95) for name in CORE_PANEL),
        (("abeta40", "abeta42"), 0.75),
        (("t_tau",), 0.8),
    ):
        lost = rng.random(n) >= kept
        seen.loc[lost, list(names)] = None
    alone = seen["abeta40"].notna() & seen["abeta42"].notna()
    derived = people["abeta42"] / people["abeta40"]
    seen.loc[alone, "abeta42_40"] = derived[alone]
    return seen


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


def _score(
    dx: np.ndarray, table: tuple[tuple[float, float], ...], shift: np.ndarray, most: int, rng: np.random.Generator
) -> np.ndarray:
    return np.asarray(np.clip(np.rint(_by(dx, table, rng) + shift), 0, most))


def _truncated(dx: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Centiloid of the positive, above 12, by drawing again what falls below."""
    values = _by(dx, _POSITIVE_CL, rng)
    while (low := values <= 12).any():
        values[low] = _by(dx[low], _POSITIVE_CL, rng)
    return values
