"""Who the simulated people are: diagnosis, age, amyloid, neurodegeneration, plasma and cognition.

The model is p(diagnosis) p(age, education, APOE4 | diagnosis) p(amyloid | diagnosis, age, APOE4) and, given these,
neurodegeneration, plasma and cognition. a is age - 66; load is the true amyloid load in Centiloids; A = sigmoid((load -
25) / 12) is the step at the cut-off, B = max(load, 0) / 100 the burden, T the diagnosis' severity, S a shared kidney
factor. Plasma is log-normal.
"""

from typing import Any

import numpy as np
import pandas as pd

from petgen.cohort import population


def draw(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draws people with every value measured.

    Args:
        n: Number of people.
        rng: Source of randomness.

    Returns:
        A table of n rows. What no site would know, or would not give to a model (`population.LATENT`): `diagnosis`,
        `centiloid` (true load), `subtype` ("frontal", "parietal" or "occipital") with `subtype_strength` (0 to 1),
        `asymmetry` (logarithm of left over right amyloid capacity), `neurodegeneration` (z, lower is worse),
        `hippocampus` and `ventricles` (shares of the brain mask). And every value of `petgen.case.Biomarkers` in its
        units.
    """
    dx = rng.choice(3, n, p=population.SHARE)
    age = np.clip(_by(dx, population.AGE, rng), *population.AGES)
    a = age - 66
    apoe4 = (rng.random(n) < np.take(population.APOE4, dx)).astype(int)
    apoe4 += (apoe4 == 1) & (rng.random(n) < population.HOMOZYGOUS)
    carrier = (apoe4 > 0).astype(float)
    logit = np.take(population.LOGIT_POSITIVE, dx) + population.LOGIT_AGE * a + population.LOGIT_APOE4 * carrier
    positive = rng.random(n) < 1 / (1 + np.exp(-logit))
    load = np.where(positive, _truncated(dx, rng), rng.normal(*population.NEGATIVE_CL, n))
    severity, own = np.take(population.SEVERITY, dx), rng.normal(0, population.NEURO_SPREAD, n)
    neuro = mean_neurodegeneration(age, dx, load) + own
    hippocampus, ventricles = typical_volumes(age, neuro)
    education = np.clip(
        np.rint(np.take(population.EDUCATION, dx) + rng.normal(0, population.EDUCATION_SPREAD, n)), 0, 24
    )
    joined = _joined_scores(dx, education, step(load), rng)
    return pd.DataFrame(
        {
            "diagnosis": np.take(population.DIAGNOSES, dx),
            "centiloid": load,
            "subtype": rng.choice(population.SUBTYPES, n, p=population.SUBTYPE),
            "subtype_strength": rng.beta(1.0, 1.5, n),
            "asymmetry": rng.normal(0, population.ASYMMETRY, n)
            * np.exp(-np.maximum(load, 0) / population.ASYMMETRY_FADES),
            "neurodegeneration": neuro,
            "hippocampus": hippocampus,
            "ventricles": ventricles * np.exp(rng.normal(0, population.VENTRICLES[3], n)),
            "age": np.rint(age),
            "sex": np.where(rng.random(n) < population.FEMALE, "F", "M"),
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
    for name, (on_a, on_b, on_t, on_s, on_age, on_e4) in population.PLASMA_EFFECT.items():
        late = severity * (load > 20) if name.startswith("p_tau") else severity
        shift = on_a * step(load) + on_b * burden + on_t * late + on_s * kidney + on_age * a + on_e4 * carrier
        if name == "nfl":
            shift = shift - population.NFL_NEURO * own
        if name == "ratio":
            shift = shift + population.RATIO_ON_ABETA40 * population.PLASMA_EFFECT["abeta40"][3] * kidney
        found[name] = np.log(population.PLASMA_SCALE[name]) + shift
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
            mean = mean + population.RATIO_ON_ABETA40 * noise
        noise = rng.normal(0, population.PLASMA_SPREAD[name], n)
        found[name] = np.clip(np.exp(mean + noise), *population.REPORTABLE[name])
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
    for name, table, per_year in (
        ("mmse", population.MMSE, 0.1),
        ("moca", population.MOCA, 0.2),
        ("avlt", population.AVLT, 0.0),
    ):
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
            name,
            *means[name],
            np.sqrt(population.SHARED_TEST) * shared + np.sqrt(1 - population.SHARED_TEST) * rng.normal(size=n),
        )
        for name in population.JOINED
    }


def _score(name: str, mean: np.ndarray, spread: np.ndarray, z: np.ndarray) -> np.ndarray:
    return np.asarray(np.clip(np.rint(mean + spread * z), 0, population.HIGHEST[name]))


def hide_missing(people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Removes values in the patterns of a clinic (`population.KEPT`): whole panels, then single values.

    Args:
        people: As `draw` returns them.
        rng: Source of randomness.

    Returns:
        A copy in which unmeasured values are missing; p-tau217 and GFAP come together, as a panel of their own.
    """
    seen = people.astype(dict.fromkeys(("sex",), object)).copy()
    n = len(seen)
    for names, kept in population.KEPT:
        lost = rng.random(n) >= kept
        seen.loc[lost, list(names)] = None
    alone = seen["abeta40"].notna() & seen["abeta42"].notna()
    derived = people["abeta42"] / people["abeta40"]
    seen.loc[alone, "abeta42_40"] = derived[alone]
    return seen


def mean_neurodegeneration(age: Any, dx: Any, load: Any) -> Any:
    """Neurodegeneration (z) at an age (years), a diagnosis (its number) and a load (Centiloids); arrays that fit."""
    return (
        -population.NEURO_AGE * (age - 66)
        - np.take(population.NEURODEGENERATION, dx)
        - population.NEURO_LOAD * np.maximum(load, 0) / 100
    )


def neurodegeneration_of(hippocampus: Any) -> Any:
    """Neurodegeneration (z) at which both hippocampi have a volume, share of the brain mask."""
    return np.log(hippocampus / population.HIPPOCAMPUS[0]) / population.HIPPOCAMPUS[1]


def typical_volumes(age: Any, neurodegeneration: Any) -> tuple[Any, Any]:
    """Hippocampi and lateral ventricles, shares of the brain mask, at an age (years) and a neurodegeneration (z).

    Numbers or arrays of one shape.
    """
    at_zero, per_z = population.HIPPOCAMPUS
    ventricles, widening_year, widening_z, _ = population.VENTRICLES
    lost = -(neurodegeneration + population.NEURO_AGE * (age - 66))
    return (
        at_zero * np.exp(per_z * neurodegeneration),
        ventricles * np.exp(widening_year * (age - 66) + widening_z * lost),
    )


def thinning(neurodegeneration: float) -> dict[str, float]:
    """How far sulci open on each bank by lobe, mm, relative to a brain at z = -0.5."""
    return {lobe: amount * (-neurodegeneration - 0.5) for lobe, amount in population.THINNING.items()}


def values_of(row: "pd.Series[Any]") -> dict[str, Any]:
    """The measured values of one person as the fields of `Biomarkers`, rounded as a laboratory reports them."""
    values: dict[str, Any] = {}
    for name, value in row.items():
        if name in population.LATENT or value is None or value != value:
            continue
        values[str(name)] = value if isinstance(value, str) else float(f"{float(value):.3g}") + 0.0
    return values


def _by(dx: np.ndarray, table: tuple[tuple[float, float], ...], rng: np.random.Generator) -> np.ndarray:
    mean, spread = np.asarray(table)[dx].T
    return np.asarray(mean + spread * rng.normal(size=len(dx)))


def _truncated(dx: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Load of the positive, by drawing again what falls below."""
    values = _by(dx, population.POSITIVE_CL, rng)
    while (low := values <= population.LEAST_POSITIVE).any():
        values[low] = _by(dx[low], population.POSITIVE_CL, rng)
    return values
