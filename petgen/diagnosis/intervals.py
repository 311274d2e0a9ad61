"""90 % conformal intervals of Centiloid, composite and regions, conditional on what is known at use.

The posterior of the load, and for regions its mixture with what a region varies beyond the load, gives every
calibration scan a rank between 0 and 1 (distributional conformal prediction, Chernozhukov 2021, PNAS 118:e2107794118).
Ranks of one cell (predicted zone x panel of values; Mondrian) say how wide a cell's interval of ranks must be.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import BaseModel
from scipy.special import ndtr

from petgen.case import Biomarkers, InputError
from petgen.case.plain import shown
from petgen.checksums import verified
from petgen.quantify import zone

CONFIDENCE = 0.9
LEAST = 40
"""Calibration scans that a cell needs; below that, all panels of the zone, then everybody, stand for it."""
FEWEST = 20
"""Calibration scans that everybody together needs. From 10 on a half-width is finite, the largest deviation of all; of
20 it is the second largest, so that one odd scan alone does not set it."""
EVERYBODY = "all"
_SUVR = np.linspace(0.2, 3.2, 601)


def panel_of(values: Biomarkers) -> str:
    """Which blood panel was measured: "p_tau217", "core" (any of the paper's seven values) or "none"."""
    if values.p_tau217 is not None:
        return "p_tau217"
    core = (values.abeta40, values.abeta42, values.abeta42_40, values.t_tau, values.p_tau181, values.nfl)
    return "core" if any(value is not None for value in core) else "none"


def cell_of(centiloid: float, values: Biomarkers) -> str:
    """Cell of a patient: zone of the predicted Centiloid and panel, for example "negative/core"."""
    return f"{zone(centiloid)}/{panel_of(values)}"


def load_ranks(chances: np.ndarray, edges: np.ndarray, centiloid: float) -> float:
    """Rank of a measured Centiloid in a posterior of classes between edges."""
    return float(np.interp(centiloid, edges, np.concatenate([[0.0], np.cumsum(chances) / chances.sum()])))


def region_ranks(chances: np.ndarray, lines: np.ndarray, spread: np.ndarray, measured: np.ndarray) -> np.ndarray:
    """Rank of each region's measured SUVR in its predictive mixture, (regions,); NaN where it is not known.

    Args:
        chances: Probabilities of the classes of load, (classes,).
        lines: SUVR of the regions at the classes' centres, (classes, regions).
        spread: SD of the logarithm of a region about its line, (regions,).
        measured: SUVR, (regions,).
    """
    below = ndtr((measured - lines) / (spread * np.maximum(lines, 0.05)))
    return np.asarray((chances[:, None] * below).sum(0) / chances.sum())


class Intervals(BaseModel):
    """Half-widths of ranks by cell, kept as JSON beside the weights.

    Attributes:
        confidence: Share of scans that an interval shall hold.
        spread: SD of the logarithm of each region about the line of its load.
        n: Calibration scans by cell.
        load: Half-width of the Centiloid's ranks about the median, by cell.
        regions: Half-width of each region's ranks, by cell.
        data: What the intervals were calibrated on.
    """

    confidence: float = CONFIDENCE
    spread: list[float]
    n: dict[str, int]
    load: dict[str, float]
    regions: dict[str, list[float]]
    data: str

    def find(self, cell: str) -> str:
        """The cell, or what stands for it where it had too few scans."""
        for name in (cell, cell.split("/")[0]):
            if self.n.get(name, 0) >= LEAST:
                return name
        return EVERYBODY

    def centiloid(self, chances: np.ndarray, edges: np.ndarray, cell: str) -> tuple[float, float]:
        """Interval of the Centiloid that a scan would measure."""
        half = self.load[self.find(cell)]
        reached = np.concatenate([[0.0], np.cumsum(chances) / chances.sum()])
        low, high = np.interp([0.5 - half, 0.5 + half], reached, edges)
        return float(low), float(high)

    def of_regions(self, chances: np.ndarray, lines: np.ndarray, cell: str) -> np.ndarray:
        """Intervals of the regions' SUVR, (regions, 2); NaN where a region is lost."""
        spread, half = np.array(self.spread), np.array(self.regions[self.find(cell)])
        found = np.full((lines.shape[1], 2), np.nan)
        weights = chances / chances.sum()
        for region in np.flatnonzero(np.isfinite(lines).all(0)):
            line = lines[:, region]
            below = weights @ ndtr((_SUVR - line[:, None]) / (spread[region] * np.maximum(line, 0.05))[:, None])
            found[region] = np.interp([0.5 - half[region], 0.5 + half[region]], below, _SUVR)
        return found

    def save(self, path: Path) -> None:
        """Writes the intervals as JSON."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Intervals":
        """The intervals that `save` wrote.

        Raises:
            InputError: The file is missing or damaged.
        """
        verified(path)
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"intervals cannot be read ({shown(str(error), 200)})", where=str(path), mend="Reinstall petgen."
            ) from None


def fit_intervals(
    cells: Sequence[str], load: np.ndarray, regions: np.ndarray, spread: np.ndarray, data: str
) -> Intervals:
    """Conformal half-widths by cell with crepes, from ranks of calibration scans.

    Args:
        cells: Cell of each scan, (n,).
        load: Rank of its Centiloid, (n,).
        regions: Ranks of its regions, (n, regions); NaN where a region is lost.
        spread: As in `Intervals`.
        data: What the scans are.

    Raises:
        InputError: There are fewer than `FEWEST` scans.
    """
    from crepes import ConformalRegressor

    if len(cells) < FEWEST:
        what = f"{len(cells)} calibration scans are too few, {FEWEST} are needed"
        raise InputError(what, mend="Add people to calibrate on.")
    labels = np.array(cells)
    zones = np.array([cell.split("/")[0] for cell in cells])
    n: dict[str, int] = {}
    found: dict[str, list[float]] = {}
    groups = [(name, labels == name) for name in sorted(set(labels))]
    groups += [(name, zones == name) for name in sorted(set(zones))]
    for name, members in [*groups, (EVERYBODY, np.ones(len(labels), bool))]:
        n[name] = int(members.sum())
        if n[name] < LEAST and name != EVERYBODY:
            continue
        halves = []
        for ranks in np.column_stack([load, regions])[members].T:
            known = ranks[np.isfinite(ranks)]
            fitted = ConformalRegressor().fit(residuals=known - 0.5)
            low, high = fitted.predict_int(np.array([0.5]), confidence=CONFIDENCE, y_min=0, y_max=1)[0]
            halves.append(float(high - low) / 2)
        found[name] = halves
    return Intervals(
        spread=[float(value) for value in spread],
        n=n,
        load={name: halves[0] for name, halves in found.items()},
        regions={name: halves[1:] for name, halves in found.items()},
        data=data,
    )
