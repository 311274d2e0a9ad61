"""Intervals, models of amyloid status and the reader's norms, from people that the generator was not trained on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from petgen.benchmark.familiar import learn_familiarity
from petgen.benchmark.gather import Gathered, gather
from petgen.case import InputError
from petgen.checksums import list_checksums
from petgen.cohort.people import open_people
from petgen.diagnosis.familiarity import Familiarity
from petgen.diagnosis.fit_scores import fit_scores
from petgen.diagnosis.intervals import Intervals, fit_intervals, load_ranks, region_ranks
from petgen.diagnosis.reading import ReadingNorms, fit_norms
from petgen.diagnosis.scores import Scores
from petgen.generator.load import CENTRES, EDGES
from petgen.quantify import POSITIVE_CENTILOID
from petgen.quantify.centiloid import zone
from petgen.training import draw_people

FILES = ("intervals.json", "scores.skops", "reading.json", "familiarity.safetensors")
"""What calibration writes, after the variant's name."""
LEAST_SPREAD = 0.01
"""SD of the logarithm that a region varies at least beyond its load."""
NORMS_NEED = 20
"""Amyloid-negative scans that the reader's norms need."""


class Ranked(Protocol):
    """What intervals are fitted on; arrays have one row a person, see `Gathered`."""

    @property
    def cell(self) -> np.ndarray:
        """Zone x panel."""

    @property
    def centiloid(self) -> np.ndarray:
        """Of the reference PET, (n,)."""

    @property
    def chances(self) -> np.ndarray:
        """Posterior of the load, (n, classes)."""

    @property
    def lines(self) -> np.ndarray:
        """Regions' SUVR at the classes' centres, (n, classes, regions)."""

    @property
    def regions(self) -> np.ndarray:
        """Regions' SUVR of the reference PET, (n, regions)."""


@dataclass(frozen=True)
class Calibration:
    """What is fitted after the generator.

    Attributes:
        intervals: The 90 % conformal intervals.
        scores: The five models of amyloid status.
        norms: Contrast of amyloid-negative scans.
        familiarity: What is ordinary.
    """

    intervals: Intervals
    scores: Scores
    norms: ReadingNorms
    familiarity: Familiarity

    def save(self, weights: Path, variant: str) -> list[Path]:
        """Writes all of it beside the weights, with the checksums."""
        files = [weights / f"{variant}-{name}" for name in FILES]
        self.intervals.save(files[0])
        self.scores.save(files[1])
        self.norms.save(files[2])
        self.familiarity.save(files[3])
        list_checksums(*files)
        return files


def calibrate(
    data: Path,
    weights: Path,
    variant: str,
    progress: Callable[[str], None],
    *,
    work: Path | None = None,
    people: int = 100_000,
) -> Calibration:
    """Fits everything that comes after the generator.

    Intervals come from the split `calibration`. The models of amyloid status are fitted on the split `validation`,
    those of values on people without images, and all are calibrated on the split `calibration`. The reader's norms
    come from the amyloid-negative reference scans of both.

    Args:
        data: Dataset with people of both splits.
        weights: Folder of the weights.
        variant: Name of a variant with a posterior.
        progress: Told how far it is.
        work: Keeps what the generator said of the people.
        people: People without images.

    Raises:
        InputError: There are too few people, or the variant has no posterior.
    """
    fitting, calibrating = (
        gather(data, weights, variant, split, progress, work=work) for split in ("validation", "calibration")
    )
    provenance = open_people(data).provenance
    words = f"{len(calibrating.values)} people of the split calibration, {provenance}"
    progress("intervals")
    intervals = intervals_of(calibrating, words)
    progress("models of amyloid status")
    values, centiloid, volumes, _ = draw_people(people, 2)
    scores = fit_scores(
        (values, centiloid >= POSITIVE_CENTILOID, volumes),
        fitting.evidence(),
        fitting.centiloid >= POSITIVE_CENTILOID,
        list(fitting.anatomy),
        calibrating.evidence(),
        calibrating.centiloid >= POSITIVE_CENTILOID,
    )
    norms = _norms([fitting, calibrating], provenance)
    return Calibration(intervals, scores, norms, learn_familiarity(data, weights, variant, progress))


def _norms(groups: list[Gathered], provenance: str) -> ReadingNorms:
    negative = [
        ratios
        for group in groups
        for ratios, centiloid in zip(group.contrast, group.centiloid, strict=True)
        if zone(centiloid) == "negative"
    ]
    if len(negative) < NORMS_NEED:
        what = f"{len(negative)} amyloid-negative scans are too few for the reader's norms, {NORMS_NEED} are needed"
        raise InputError(what, mend="Add people to the splits validation and calibration.")
    words = f"{len(negative)} reference scans below 10 CL of the splits validation and calibration, {provenance}"
    return fit_norms(negative, words)


def intervals_of(found: Ranked, words: str) -> Intervals:
    """Conformal intervals from what a generator said of people and what their PET measure.

    Args:
        found: The people.
        words: What they are.

    Raises:
        InputError: There are too few.
    """
    at_load = np.array([_at(line, load) for line, load in zip(found.lines, found.centiloid, strict=True)])
    spread = np.maximum(np.nanstd(np.log(found.regions / np.maximum(at_load, 0.05)), axis=0), LEAST_SPREAD)
    load = np.array([load_ranks(p, EDGES, value) for p, value in zip(found.chances, found.centiloid, strict=True)])
    seen = zip(found.chances, found.lines, found.regions, strict=True)
    ranks = np.array([region_ranks(p, line, spread, regions) for p, line, regions in seen])
    return fit_intervals(list(found.cell), load, ranks, np.nan_to_num(spread, nan=LEAST_SPREAD), words)


def _at(line: np.ndarray, load: float) -> np.ndarray:
    """SUVR of the regions at a load, (regions,), from their lines at the classes' centres."""
    return np.array([np.interp(load, CENTRES, region) for region in line.T])
