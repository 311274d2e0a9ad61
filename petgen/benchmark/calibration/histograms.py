"""The network's input: real T1w images after `petgen.imaging` beside simulated ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from petgen.cohort.dataset import read_subject
from petgen.imaging import read_scan
from petgen.imaging.prepare import Prepared, prepare

EDGES = np.linspace(0, 2, 51)
"""Edges of the bins, white matter = 1."""


def histograms(real: Sequence[Path], data: Path, names: Sequence[str]) -> dict[str, Any]:
    """Shares of brain voxels by brightness.

    Args:
        real: T1w files, brought to template space as a patient's are.
        data: Folder of the simulated dataset.
        names: Simulated people.

    Returns:
        edges; `real` by file name; median, 5th and 95th percentile over the simulated; and for every real image the
        share of bins inside the simulated band, weighted by how many voxels it has there.
    """
    simulated = np.stack([_shares(read_subject(data, name).t1) for name in names])
    low, middle, high = np.percentile(simulated, (5, 50, 95), axis=0)
    found, inside = {}, {}
    for path in real:
        *_, prepared = prepare(read_scan(path).image)
        assert isinstance(prepared, Prepared)
        name, shares = path.name.split(".")[0], _shares(prepared.t1)
        found[name] = shares.round(5).tolist()
        inside[name] = round(float(shares[(shares >= low) & (shares <= high)].sum()), 3)
    return {
        "edges": EDGES.round(3).tolist(),
        "n_simulated": len(names),
        "simulated": {
            key: values.round(5).tolist() for key, values in (("p5", low), ("median", middle), ("p95", high))
        },
        "real": found,
        "share_of_voxels_in_band": inside,
    }


def draw_histograms(content: dict[str, Any], path: Path) -> None:
    """Writes the histograms as a PNG."""
    from matplotlib.figure import Figure

    middle = (EDGES[1:] + EDGES[:-1]) / 2
    figure = Figure(figsize=(7, 3.6), layout="constrained")
    axes = figure.subplots()
    band = content["simulated"]
    axes.fill_between(middle, band["p5"], band["p95"], alpha=0.25, color="tab:gray", label="simulated, 5 to 95 %")
    axes.plot(middle, band["median"], color="black", label=f"simulated, median of {content['n_simulated']}")
    for name, shares in content["real"].items():
        axes.plot(middle, shares, linewidth=1.2, label=f"real, {name}")
    axes.set_xlabel("T1w after petgen.imaging (white matter = 1)")
    axes.set_ylabel("share of brain voxels")
    axes.set_xlim(0, 1.6)
    axes.legend(frameon=False, fontsize=8)
    figure.savefig(path, dpi=130)


def _shares(t1: np.ndarray) -> np.ndarray:
    counts = np.histogram(t1[t1 > 0], EDGES)[0]
    return np.asarray(counts / max(counts.sum(), 1))
