"""A patient's values on an encoded T1w: posterior, images, regions and intervals; also one update of a what-if."""

from dataclasses import dataclass

import numpy as np

from petgen.case import Biomarkers
from petgen.conditioning import Conditioning
from petgen.diagnosis.evidence import Evidence
from petgen.diagnosis.intervals import Intervals, cell_of
from petgen.generator.at_load import OnSubject, at_load, moved, painting, slope_among, slope_of
from petgen.generator.load import CENTRES, EDGES, between
from petgen.generator.network import Generator
from petgen.generator.synthesise import Encoded, Outlook, outlook, volumes
from petgen.quantify import POSITIVE_CENTILOID, composite_suvr, region_means
from petgen.quantify.centiloid import FLORBETAPIR
from petgen.quantify.tissue import tissue_shares


@dataclass(frozen=True)
class Assessment:
    """What T1w and values say.

    Attributes:
        outlook: Posterior and loads.
        images: SUVR, whole cerebellum = 1, by load: the median's, then the scenarios'.
        composite: Composite SUVR of the default image.
        centiloid: Centiloid of the default image.
        cell: Zone x panel.
        lines: Regions' SUVR at the posterior's classes, (classes, regions); None without scenarios.
        centiloid_interval: 90 % interval, Centiloids; None without a calibration.
        regions_interval: 90 % intervals, (regions, 2), SUVR; None without a calibration or scenarios.
    """

    outlook: Outlook
    images: dict[float, np.ndarray]
    composite: float
    centiloid: float
    cell: str
    lines: np.ndarray | None
    centiloid_interval: tuple[float, float] | None
    regions_interval: np.ndarray | None

    @property
    def regions_expected(self) -> np.ndarray:
        """Mean of the regions' SUVR over the posterior, (regions,); needs `lines`."""
        assert self.lines is not None
        return np.asarray(self.outlook.chances / self.outlook.chances.sum() @ self.lines)

    @property
    def regions_spread(self) -> np.ndarray:
        """Standard deviation of the regions' SUVR over the posterior, (regions,); needs `lines`."""
        assert self.lines is not None
        weights = self.outlook.chances / self.outlook.chances.sum()
        return np.asarray(np.sqrt(weights @ (self.lines - self.regions_expected) ** 2))

    @property
    def suvr(self) -> np.ndarray:
        """The default image, at the posterior's median."""
        return self.images[self.outlook.median]


def assess(
    network: Generator,
    encoded: Encoded,
    on: OnSubject,
    features: np.ndarray,
    values: Biomarkers,
    intervals: Intervals | None,
    *,
    scenarios: bool = True,
    slope: np.ndarray | None = None,
) -> Assessment:
    """Everything that values say on an encoded T1w.

    Args:
        network: The generator.
        encoded: The T1w.
        on: The atlas on it.
        features: Of the values, as `Conditioning.features` gives them.
        values: The patient's values, for the panel.
        intervals: Calibration of the intervals.
        scenarios: Whether to paint both scenarios too; a what-if while dragging does without.
        slope: What one Centiloid more adds to the image of this brain, where it is known, see
            `petgen.generator.at_load.slope_among`.
    """
    seen = outlook(network, encoded, features, POSITIVE_CENTILOID)
    if scenarios:
        loads = dict.fromkeys((seen.median, seen.negative[1], seen.positive[1]))
        painted = [painting(network, encoded, on, features, load) for load in loads]
        if slope is None:
            slope = slope_among(painted)
        if slope is None:
            slope = slope_of(network, encoded, on, features)
        images = {each.load: moved(each, slope) for each in painted}
    else:
        images = {seen.median: at_load(network, encoded, on, features, seen.median, slope)}
    composite = composite_suvr(images[seen.median], on.cortex, on.cerebellum)
    cell = cell_of(seen.median, values)
    lines = None
    if scenarios:
        regions = np.stack([region_means(image, on.parcels) for image in images.values()])
        lines = between(list(images), CENTRES) @ regions
    return Assessment(
        seen,
        images,
        composite,
        network.config.equation.centiloid(composite),
        cell,
        lines,
        intervals.centiloid(seen.chances, EDGES, cell) if intervals else None,
        intervals.of_regions(seen.chances, lines, cell) if intervals and lines is not None else None,
    )


def evidence_of(
    network: Generator, encoded: Encoded, on: OnSubject, t1: np.ndarray, values: Biomarkers, found: Assessment
) -> Evidence:
    """What the models of amyloid status look at.

    They were fitted on florbetapir's SUVR. Those of another tracer come to its scale by the Centiloids that they stand
    for, as tracers are compared: exact for the composite, a straight line for the regions.

    Args:
        network: The generator.
        encoded: The T1w inside it.
        on: The atlas on the T1w.
        t1: The T1w, (91, 109, 91), white matter = 1.
        values: The patient's values.
        found: As from `assess`, with scenarios.
    """
    equation = network.config.equation
    shrink = equation.slope / FLORBETAPIR.slope
    return Evidence(
        values,
        tissue_shares(t1, on.mask),
        volumes(encoded),
        FLORBETAPIR.suvr(equation.centiloid(region_means(found.suvr, on.parcels))),
        shrink * found.regions_spread,
    )


def what_if(
    network: Generator,
    encoded: Encoded,
    on: OnSubject,
    conditioning: Conditioning,
    values: Biomarkers,
    intervals: Intervals | None = None,
    slope: np.ndarray | None = None,
) -> Assessment:
    """One update while a value is dragged: changed fields are read, the median is painted, once where a slope is given.

    See `assess` for the arguments.
    """
    features = conditioning.features(values)
    return assess(network, encoded, on, features, values, intervals, scenarios=False, slope=slope)
