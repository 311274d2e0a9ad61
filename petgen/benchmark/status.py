"""The five models of amyloid status and the reader's rule on people that nothing was fitted on."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel

from petgen import __version__
from petgen.benchmark.binary import agreement
from petgen.benchmark.bootstrap import Figure, resamples, with_intervals
from petgen.benchmark.gather import PAPERS_VALUES, Gathered, gather
from petgen.benchmark.rows import auc
from petgen.cohort.people import open_people
from petgen.diagnosis.evidence import MODELS, ModelName
from petgen.diagnosis.reading import ReadingNorms, read
from petgen.diagnosis.scores import Scores
from petgen.quantify import POSITIVE_CENTILOID

Panel = Literal["all values", "with p-tau217", "the paper's values"]
PAPER = {"t1": 0.68, "bbm": 0.73, "spet": 0.78, "spet_bbm": 0.79}
"""AUCs of arXiv 2511.02206 (abstract)."""
PAPER_READ = 0.80
"""Accuracy of physicians reading the paper's synthetic PET against the diagnosis by the real one (abstract)."""
BINS = 10
LOADS = (-np.inf, 10.0, 25.0, 40.0, 60.0, np.inf)
"""Centiloids between which the reader's rule is counted."""


class Bin(BaseModel):
    """One point of a reliability diagram."""

    n: int
    said: float
    seen: float


class PanelScores(BaseModel):
    """Figures of one panel of values.

    Attributes:
        n: People.
        positive: Share of them with 25 Centiloids and above on the reference PET.
        models: AUC, Brier score, expected calibration error, accuracy, sensitivity and specificity at 0.5, by model.
        spet_minus_inputs: The image's score minus that of all inputs without an image, paired.
        reliability: Ten bins of equally many people, by model.
        by_chance: Calibration error that a model would show whose every probability is right, by model.
        reader: The rule on the synthetic against the rule on the reference PET: accuracy, sensitivity, specificity,
            kappa.
    """

    n: int
    positive: float
    models: dict[ModelName, dict[str, Figure]]
    spet_minus_inputs: dict[str, Figure]
    reliability: dict[ModelName, list[Bin]]
    by_chance: dict[ModelName, float]
    reader: dict[str, Figure]


class Reads(BaseModel):
    """What the reader's rule says of reference PET of some load.

    Attributes:
        load: Centiloids, in words.
        n: People.
        positive: Share of them that it calls positive.
    """

    load: str
    n: int
    positive: float


class StatusMetrics(BaseModel):
    """What `petgen status` writes.

    Attributes:
        panels: Figures by panel of values.
        reference_reader: The rule on the reference PET against its own 25 Centiloids.
        reads_by_load: The rule on the reference PET, by its Centiloid.
        n_anatomies: Anatomies of the test people.
        provenance: Whether they are simulated.
        petgen_version: Version that measured.
    """

    panels: dict[Panel, PanelScores]
    reference_reader: dict[str, Figure]
    reads_by_load: list[Reads]
    n_anatomies: int
    provenance: Literal["simulated-cohort", "site-cohort"]
    petgen_version: str


def measure_status(
    data: Path, weights: Path, variant: str, progress: Callable[[str], None], *, work: Path | None = None
) -> StatusMetrics:
    """Measures the models on the people of the split `test`.

    Args:
        data: Dataset.
        weights: Folder of the weights, with what `petgen calibrate` fitted.
        variant: Name of a variant with a posterior.
        progress: Told how far it is.
        work: Keeps what the generator said.

    Raises:
        InputError: There are no test people, or nothing was fitted.
    """
    scores, norms = (
        Scores.load(weights / f"{variant}-scores.skops"),
        ReadingNorms.load(weights / f"{variant}-reading.json"),
    )
    whole = gather(data, weights, variant, "test", progress, work=work)
    papers = gather(data, weights, variant, "test", progress, only=PAPERS_VALUES, work=work)
    measured = np.array([values.p_tau217 is not None for values in whole.values])
    everybody = np.ones(len(measured), bool)
    positive, reads = whole.centiloid >= POSITIVE_CENTILOID, _reads(whole.contrast, norms)
    draws = resamples(list(whole.anatomy))
    return StatusMetrics(
        panels={
            "all values": _panel(whole, scores, norms, everybody),
            "with p-tau217": _panel(whole, scores, norms, measured),
            "the paper's values": _panel(papers, scores, norms, everybody),
        },
        reference_reader=with_intervals(lambda chosen: agreement(reads[chosen], positive[chosen]), len(reads), draws),
        reads_by_load=reads_by_load(reads, whole.centiloid),
        n_anatomies=len(set(whole.anatomy)),
        provenance=open_people(data).provenance,
        petgen_version=__version__,
    )


def _panel(found: Gathered, scores: Scores, norms: ReadingNorms, chosen: np.ndarray) -> PanelScores:
    people = [person for person, inside in zip(found.evidence(), chosen, strict=True) if inside]
    positive = found.centiloid[chosen] >= POSITIVE_CENTILOID
    said = scores.probabilities(people)
    draws = resamples(list(found.anatomy[chosen]))
    n = len(people)

    def of(name: ModelName) -> dict[str, Figure]:
        return with_intervals(lambda k: judged(said[name][k], positive[k]), n, draws)

    def gap(k: np.ndarray) -> dict[str, float]:
        ours, theirs = (judged(said[name][k], positive[k]) for name in ("spet", "inputs"))
        return {name: ours[name] - theirs[name] for name in ours if name in theirs}

    real, made = _reads(found.contrast[chosen], norms), _reads(found.made_contrast[chosen], norms)
    return PanelScores(
        n=n,
        positive=round(float(positive.mean()), 4),
        models={name: of(name) for name in MODELS},
        spet_minus_inputs=with_intervals(gap, n, draws),
        reliability={name: reliability(said[name], positive) for name in MODELS},
        by_chance={name: round(_by_chance(said[name]), 4) for name in MODELS},
        reader=with_intervals(lambda k: agreement(made[k], real[k]), n, draws),
    )


def _reads(ratios: np.ndarray, norms: ReadingNorms) -> np.ndarray:
    return np.array([read(row, norms).positive for row in ratios])


def reads_by_load(reads: np.ndarray, centiloid: np.ndarray) -> list[Reads]:
    """How often the rule calls a PET positive, between the limits of `LOADS`; a span without people is left out.

    Args:
        reads: Whether the rule calls each positive, (n,), bool.
        centiloid: Of the same PET, (n,).
    """
    found = []
    for low, high in pairwise(LOADS):
        inside = (low <= centiloid) & (centiloid < high)
        if inside.any():
            load = f"{low:g} to {high:g}" if np.isfinite([low, high]).all() else _open_span(low, high)
            found.append(Reads(load=load, n=int(inside.sum()), positive=round(float(reads[inside].mean()), 4)))
    return found


def _open_span(low: float, high: float) -> str:
    return f"below {high:g}" if low == -np.inf else f"{low:g} and above"


def judged(said: np.ndarray, positive: np.ndarray) -> dict[str, float]:
    """AUC, Brier score, expected calibration error, and accuracy, sensitivity and specificity at 0.5.

    Args:
        said: Probabilities, (n,).
        positive: Whether each is positive, (n,), bool.
    """
    called = said >= 0.5
    found = {
        "auc": auc(said, positive),
        "brier": float(np.mean((said - positive) ** 2)),
        "calibration_error": calibration_error(said, positive),
        "accuracy": float((called == positive).mean()),
        "sensitivity": float(called[positive].mean()) if positive.any() else float("nan"),
        "specificity": float((~called[~positive]).mean()) if (~positive).any() else float("nan"),
    }
    return {name: value for name, value in found.items() if np.isfinite(value)}


def calibration_error(said: np.ndarray, positive: np.ndarray) -> float:
    """Expected calibration error over `reliability`'s bins (Naeini 2015, AAAI)."""
    return sum(point.n * abs(point.said - point.seen) for point in reliability(said, positive)) / len(said)


def _by_chance(said: np.ndarray, draws: int = 200) -> float:
    rng = np.random.default_rng(0)
    return float(np.mean([calibration_error(said, rng.random(len(said)) < said) for _ in range(draws)]))


def reliability(said: np.ndarray, positive: np.ndarray) -> list[Bin]:
    """Bins of equally many people: the mean probability said, and the share that was positive."""
    order = np.argsort(said, kind="stable")
    return [
        Bin(n=len(part), said=round(float(said[part].mean()), 5), seen=round(float(positive[part].mean()), 5))
        for part in np.array_split(order, BINS)
        if len(part)
    ]
