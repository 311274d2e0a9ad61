"""What a person's values and volumes say of the load, exactly: Bayes' rule over the simulator's own model.

The sum runs over a grid of loads, the diagnoses, APOE4 where it is missing, the shared kidney factor and the shared
test factor (Gauss-Hermite), and ages where the age is missing. It is the limit of any model given the same inputs.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from scipy.special import ndtr

from petgen.case import Biomarkers
from petgen.cohort import biology, population
from petgen.cohort.evidence import constant
from petgen.cohort.ideal import centiloid_noise

GRID = np.arange(-32.0, 161.0)
"""Loads at which the posterior is given, Centiloids."""
_MISSED = constant(
    "SD by which a deformed brain's hippocampi miss the drawn neurodegeneration, and the mean (z)",
    (0.39, -0.07),
    "derived",
    "measured on 1,120 simulated brains",
)
_DX = np.arange(3)


def load_posterior(values: Biomarkers, hippocampus: float, ventricles: float) -> np.ndarray:
    """Probabilities of the loads of `GRID`, (len(GRID),), summing to 1.

    Args:
        values: Measured values of a simulated person; what is missing is summed over.
        hippocampus: True volume of both hippocampi, share of the brain mask.
        ventricles: True volume of both lateral ventricles, share of the brain mask.
    """
    seen = {name: float(value) for name, value in values.measured().items() if not isinstance(value, str)}
    if seen.get("abeta40") is None and {"abeta42", "abeta42_40"} <= seen.keys():
        seen["abeta40"] = seen["abeta42"] / seen["abeta42_40"]
    elif seen.get("abeta42_40") is None and {"abeta40", "abeta42"} <= seen.keys():
        seen["abeta42_40"] = seen["abeta42"] / seen["abeta40"]
    total = np.zeros(len(GRID))
    for age, weight in _ages(seen.get("age")):
        known = {**seen, "age": age}
        for carrier in (0.0, 1.0) if "apoe4" not in seen else (float(seen["apoe4"] > 0),):
            prior = _prior(known, carrier)
            volumes, own, own_sd = _volumes(known, hippocampus, ventricles)
            blood = _blood(known, carrier, own, own_sd)
            total += weight * (prior * volumes * blood * _tests(known)).sum(0)
    return np.asarray(total / total.sum())


def centiloid_posterior(chances: np.ndarray) -> np.ndarray:
    """Distribution of the Centiloid that a scan measures, on `GRID`, from the load's."""
    return np.asarray(_spread_by_noise() @ chances)


def grid_quantile(chances: np.ndarray, share: float) -> float:
    """Value of `GRID` below which a share of a distribution lies, straight between its points."""
    return float(np.interp(share, np.cumsum(chances) - chances / 2, GRID))


@cache
def _spread_by_noise() -> np.ndarray:
    kernel = np.exp(-0.5 * ((GRID[:, None] - GRID) / centiloid_noise(GRID)) ** 2)
    return np.asarray(kernel / kernel.sum(0))


@cache
def _nodes(n: int) -> tuple[np.ndarray, np.ndarray]:
    places, weights = np.polynomial.hermite_e.hermegauss(n)
    return places, weights / weights.sum()


def _ages(age: float | None) -> list[tuple[float, float]]:
    """Ages to sum over with their weights; the prior of age by diagnosis is in `_prior`."""
    return [(age, 1.0)] if age is not None else [(float(x), 1.0) for x in range(46, 90, 3)]


def _normal(x: Any, mean: Any, sd: Any) -> np.ndarray:
    return np.asarray(np.exp(-0.5 * ((x - mean) / sd) ** 2) / sd)


def _prior(known: Mapping[str, float], carrier: float) -> np.ndarray:
    """p(diagnosis, age, education, APOE4, load), (3, loads), up to a factor."""
    age_mean, age_sd = np.array(population.AGE).T
    p = np.array(population.SHARE) * _normal(known["age"], age_mean, age_sd)
    e4 = np.array(population.APOE4)
    p = p * np.where(carrier > 0, e4, 1 - e4)
    if "education" in known:
        p = p * _rounded(known["education"], np.array(population.EDUCATION), population.EDUCATION_SPREAD, 24)
    logit = (
        np.array(population.LOGIT_POSITIVE)
        + population.LOGIT_AGE * (known["age"] - 66)
        + population.LOGIT_APOE4 * carrier
    )
    positive = 1 / (1 + np.exp(-logit))
    mean, sd = np.array(population.POSITIVE_CL).T
    above = np.where(population.LEAST_POSITIVE < GRID, _normal(GRID, mean[:, None], sd[:, None]), 0)
    above = above / (np.sqrt(2 * np.pi) * (1 - ndtr((population.LEAST_POSITIVE - mean) / sd)))[:, None]
    negative = _normal(GRID, *population.NEGATIVE_CL) / np.sqrt(2 * np.pi)
    return np.asarray(p[:, None] * (positive[:, None] * above + (1 - positive[:, None]) * negative))


def _volumes(known: Mapping[str, float], hippocampus: float, ventricles: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Likelihood of the volumes (3, loads); what is expected of the unexplained neurodegeneration, and its SD."""
    missed, bias = _MISSED
    z = biology.neurodegeneration_of(hippocampus) - bias
    mean = biology.mean_neurodegeneration(known["age"], _DX[:, None], GRID)
    spread = population.NEURO_SPREAD
    total = np.hypot(spread, missed)
    share = (spread / total) ** 2
    own, own_sd = (z - mean) * share, spread * missed / total
    expected = np.log(biology.typical_volumes(known["age"], mean + own)[1])
    *_, widening, noise = population.VENTRICLES
    likely = _normal(z, mean, total) * _normal(np.log(ventricles), expected, np.hypot(noise, widening * own_sd))
    return likely, own, own_sd


def _blood(known: Mapping[str, float], carrier: float, own: np.ndarray, own_sd: float) -> np.ndarray:
    """Likelihood of the plasma values, (3, loads), summed over the kidney factor."""
    a = known["age"] - 66
    kidneys, weights = _nodes(9)
    severity = np.array(population.SEVERITY)[:, None, None]
    means = biology.plasma_means(GRID[:, None], severity, a, carrier, own[..., None], kidneys)
    sd, coupling = dict(population.PLASMA_SPREAD), population.RATIO_ON_ABETA40
    sd["nfl"] = float(np.hypot(sd["nfl"], population.NFL_NEURO * own_sd))
    p = np.ones((3, len(GRID), len(kidneys)))
    noise40: Any = None
    if "abeta40" in known:
        noise40 = np.log(known["abeta40"]) - means["abeta40"]
        p = p * _normal(noise40, 0, sd["abeta40"])
    if "abeta42_40" in known:
        shift, spread = (
            (coupling * noise40, sd["ratio"])
            if noise40 is not None
            else (0, np.hypot(sd["ratio"], coupling * sd["abeta40"]))
        )
        p = p * _normal(np.log(known["abeta42_40"]), means["ratio"] + shift, spread)
    elif "abeta42" in known and noise40 is None:
        spread = np.hypot(sd["ratio"], (1 + coupling) * sd["abeta40"])
        p = p * _normal(np.log(known["abeta42"]), means["abeta40"] + means["ratio"], spread)
    for name in ("p_tau181", "t_tau", "nfl", "p_tau217", "gfap"):
        if name in known:
            p = p * _normal(np.log(known[name]), means[name], sd[name])
    return np.asarray(p @ weights)


def _tests(known: Mapping[str, float]) -> np.ndarray:
    """Likelihood of the test scores, (3, loads), summed over what MMSE and MoCA-B share."""
    amyloid = biology.step(GRID)
    means = biology.score_means(_DX[:, None, None], known.get("education", 10.5), amyloid[:, None])
    shared, weights = _nodes(15)
    r = population.SHARED_TEST
    p = np.ones((3, len(GRID), len(shared)))
    for name, (mean, sd) in means.items():
        if name in known and name in population.JOINED:
            p = p * _rounded(
                known[name], mean + sd * np.sqrt(r) * shared, sd * np.sqrt(1 - r), population.HIGHEST[name]
            )
        elif name in known:
            p = p * _rounded(known[name], mean, sd, population.HIGHEST[name])
    return np.asarray(p @ weights)


def _rounded(value: float, mean: np.ndarray, sd: Any, highest: int) -> np.ndarray:
    """Probability of a score that was rounded and cut to 0 to `highest`."""
    above = np.inf if value >= highest else value + 0.5
    under = -np.inf if value <= 0 else value - 0.5
    return np.asarray(ndtr((above - mean) / sd) - ndtr((under - mean) / sd)) + 1e-12
