"""Comparison of posteriors as figures and as a table."""

from collections.abc import Sequence

import numpy as np

from petgen.benchmark.bootstrap import Figure, resamples, with_intervals
from petgen.benchmark.posteriors import EXACT, Said
from petgen.benchmark.rows import auc
from petgen.benchmark.wording import CONDITIONS
from petgen.quantify import POSITIVE_CENTILOID

WORDS = {
    "centiloid_mae": "Error of the median, CL",
    "auc": "AUC for 25 CL and above",
    "nats": "Cross-entropy of the Centiloid's class, nats",
    "coverage_90": "Share of people inside the posterior's middle 90 %",
}
"""Figures and what they are."""
Compared = dict[str, dict[str, dict[str, Figure]]]
"""Figures by name, condition and figure."""


def figures_of(said: Said, centiloid: np.ndarray, chosen: np.ndarray) -> dict[str, float]:
    """The figures of `WORDS` on some people.

    Args:
        said: Of everybody.
        centiloid: True Centiloids of everybody, (n,).
        chosen: Numbers of the people.
    """
    true = centiloid[chosen]
    return {
        "centiloid_mae": float(np.abs(said.median[chosen] - true).mean()),
        "auc": auc(said.chance[chosen], true >= POSITIVE_CENTILOID),
        "nats": float(said.nats[chosen].mean()),
        "coverage_90": float(((said.low[chosen] <= true) & (true <= said.high[chosen])).mean()),
    }


def compare(found: dict[str, list[dict[str, Said]]], centiloid: np.ndarray) -> tuple[Compared, Compared]:
    """Figures, and their paired differences from `petgen`, means over seeds, intervals by bootstrap over people.

    Args:
        found: As from `petgen.benchmark.posteriors.compare_posteriors`.
        centiloid: True Centiloids of the people, (n,).
    """
    people = len(centiloid)
    draws = resamples([str(k) for k in range(people)])

    def mean(runs: Sequence[dict[str, Said]], label: str, chosen: np.ndarray) -> dict[str, float]:
        each = [figures_of(run[label], centiloid, chosen) for run in runs]
        return {key: float(np.mean([one[key] for one in each])) for key in WORDS}

    def less(runs: Sequence[dict[str, Said]], label: str, chosen: np.ndarray) -> dict[str, float]:
        ours, other = mean(found["petgen"], label, chosen), mean(runs, label, chosen)
        return {key: other[key] - ours[key] for key in WORDS}

    def table(measure: object, names: Sequence[str]) -> Compared:
        return {
            name: {
                label: with_intervals(lambda k, n=name, c=label: measure(found[n], c, k), people, draws)  # type: ignore[operator,misc]
                for label in CONDITIONS
            }
            for name in names
        }

    others = [name for name in found if name != "petgen"] if "petgen" in found else []
    return table(mean, list(found)), table(less, others)


def posterior_lines(figures: Compared, differences: Compared, words: str) -> list[str]:
    """The comparison as Markdown.

    Args:
        figures: By name.
        differences: From `petgen`, by name.
        words: Data and budget.
    """
    lines = ["# What reads the values: posteriors of the load, without images", "", words]
    lines += ["Means over seeds; 95 % intervals by bootstrap over people.", ""]
    head = ["| | " + " | ".join(CONDITIONS) + " |", "| --- |" + " --- |" * len(CONDITIONS)]
    order = sorted(figures, key=lambda name: name != EXACT)
    for figure, meaning in WORDS.items():
        lines += [f"## {meaning}", "", *head]
        lines += [_row(name, [figures[name][label][figure] for label in CONDITIONS], figure, "") for name in order]
        lines += ["", "The others minus `petgen`, paired:", "", *head]
        lines += [
            _row(name, [differences[name][label][figure] for label in CONDITIONS], figure, "+")
            for name in order
            if name in differences
        ]
        lines.append("")
    return lines


def _row(name: str, figures: Sequence[Figure], kind: str, sign: str) -> str:
    form = f"{sign}.{1 if kind == 'centiloid_mae' else 3}f"
    cells = (f"{one.value:{form}} ({one.ci95[0]:{form}} to {one.ci95[1]:{form}})" for one in figures)
    return f"| {name} | " + " | ".join(cells) + " |"
