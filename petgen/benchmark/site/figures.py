"""The figures of a model on a site's people, with intervals, and how much of a gap is closed."""

from collections.abc import Mapping, Sequence

import numpy as np

from petgen.benchmark.bootstrap import Figure, resamples, with_intervals
from petgen.benchmark.site.seen import Seen
from petgen.diagnosis.intervals import Intervals
from petgen.generator.load import EDGES
from petgen.quantify import POSITIVE_CENTILOID

Figures = dict[str, Figure]
WORDS = {
    "ssim_brain": "SSIM in the brain",
    "mae_suvr": "mean absolute error, SUVR",
    "regional_r": "r over regions, within a person",
    "composite_mae": "error of the composite, SUVR",
    "centiloid_mae": "error of the Centiloid, CL",
    "own_ssim_brain": "at the own load: SSIM in the brain",
    "own_mae_suvr": "at the own load: mean absolute error, SUVR",
    "own_regional_r": "at the own load: r over regions",
    "brier": "Brier score of the model of the image",
    "coverage_centiloid": "coverage of the 90 % intervals, Centiloid",
    "coverage_regions": "coverage of the 90 % intervals, regions",
}
"""Figures and their names."""
GAPS = ("ssim_brain", "mae_suvr", "regional_r", "centiloid_mae", "own_ssim_brain", "own_mae_suvr", "own_regional_r")
"""Figures of which the closed share of a gap is told."""
LEAST_GAP = 1e-3
"""Share of a figure's value below which there is no gap to close."""


def columns(seen: Seen, intervals: Intervals | None = None) -> dict[str, np.ndarray]:
    """What is averaged over people, (n,) each.

    Args:
        seen: The people.
        intervals: Of which the coverage is told; none when None.
    """
    means = ("ssim_brain", "mae_suvr", "regional_r", "own_ssim_brain", "own_mae_suvr", "own_regional_r")
    found: dict[str, np.ndarray] = {name: getattr(seen, name) for name in means}
    found["composite_mae"] = np.abs(seen.made_composite - seen.composite)
    found["centiloid_mae"] = np.abs(seen.made_centiloid - seen.centiloid)
    found["brier"] = (seen.score - (seen.centiloid >= POSITIVE_CENTILOID)) ** 2
    if intervals:
        spans = np.array([intervals.centiloid(p, EDGES, cell) for p, cell in zip(seen.chances, seen.cell, strict=True)])
        found["coverage_centiloid"] = _inside(spans, seen.centiloid)
        people = zip(seen.chances, seen.lines, seen.cell, strict=True)
        regions = np.array([intervals.of_regions(p, lines, cell) for p, lines, cell in people])
        found["coverage_regions"] = np.nanmean(_inside(regions, seen.regions), 1)
    return found


def _inside(spans: np.ndarray, real: np.ndarray) -> np.ndarray:
    low, high = np.moveaxis(spans, -1, 0)
    known = np.isfinite(low) & np.isfinite(real)
    return np.where(known, (low <= real) & (real <= high), np.nan)


def tables(
    methods: Mapping[str, Mapping[str, np.ndarray]], groups: Sequence[str], first: str
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Figures of every method, and the paired difference of each from the first.

    Args:
        methods: As from `columns`, by name; the same people in the same order.
        groups: Anatomy of each person, or the person itself; intervals come from drawing them again.
        first: Name of the method that the others are compared with.
    """
    draws = resamples(groups)

    def means(name: str, chosen: np.ndarray) -> dict[str, float]:
        return {key: float(np.nanmean(values[chosen])) for key, values in methods[name].items()}

    def gaps(name: str, chosen: np.ndarray) -> dict[str, float]:
        ours, other = means(name, chosen), means(first, chosen)
        return {key: value - other[key] for key, value in ours.items() if key in other}

    n = len(groups)
    found = {name: with_intervals(lambda k, name=name: means(name, k), n, draws) for name in methods}  # type: ignore[misc]
    others = [name for name in methods if name != first]
    return found, {name: with_intervals(lambda k, name=name: gaps(name, k), n, draws) for name in others}  # type: ignore[misc]


def closed(
    before: Mapping[str, np.ndarray],
    after: Mapping[str, np.ndarray],
    best: Mapping[str, np.ndarray],
    groups: Sequence[str],
) -> Figures:
    """Share of the gap between a model and the best that is closed: (before - after) / (before - best).

    Args:
        before: As from `columns`, of the model as it was.
        after: Of the changed model.
        best: Of what could be reached.
        groups: Anatomy of each person, or the person itself.
    """

    def shares(chosen: np.ndarray) -> dict[str, float]:
        found = {}
        for key in GAPS:
            start, changed, end = (float(np.nanmean(part[key][chosen])) for part in (before, after, best))
            if abs(start - end) > LEAST_GAP * abs(start):
                found[key] = (start - changed) / (start - end)
        return found

    return with_intervals(shares, len(groups), resamples(groups))


def shown(figure: Figure | None) -> str:
    """A figure with its interval, as a cell of a table; empty where there is none."""
    if figure is None:
        return ""
    digits = 1 if max(abs(figure.value), *map(abs, figure.ci95)) >= 10 else 3
    low, high = figure.ci95
    return f"{figure.value:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def table_lines(methods: Mapping[str, Figures], differences: Mapping[str, Figures]) -> list[str]:
    """A table in Markdown: figures of the methods, then the differences.

    Args:
        methods: Figures by method.
        differences: From the first method, by method.
    """
    titles = [*methods, *(f"{name} minus {next(iter(methods))}" for name in differences)]
    lines = ["| | " + " | ".join(titles) + " |", "| --- |" + " --- |" * len(titles)]
    for key, words in WORDS.items():
        cells = [shown(figures.get(key)) for figures in (*methods.values(), *differences.values())]
        if any(cells):
            lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return lines
