"""The PET of the cortex on an inflated surface, four views."""

from threading import Lock

import numpy as np

from petgen.views.colour import Colormap, lookup
from petgen.views.cortex import sampled
from petgen.views.linked import DIFFERENCE_SUVR
from petgen.views.mesh import Side, View, seen

WINDOW = (0.6, 2.0)
_DIFFERENCE = ("#CD96FF", "#783CBE", "#181818", "#28823C", "#96EB96")
"""Less to more, as the viewer draws a difference."""
_VIEWS: tuple[tuple[Side, View], ...] = (
    ("left", "lateral"),
    ("left", "medial"),
    ("right", "medial"),
    ("right", "lateral"),
)
_LETTERS = {"left": "L", "right": "R"}
_TURN = Lock()
"""Matplotlib's settings are the whole process's; and where many sessions draw, the first in turn is done early."""


def surface_picture(
    suvr: np.ndarray,
    parcels: np.ndarray,
    stamp: str = "",
    *,
    window: tuple[float, float] = WINDOW,
    colormap: Colormap = "hot",
) -> np.ndarray:
    """SUVR of the cortex on fsaverage5 (Fischl 1999; the copy that comes with nilearn), inflated.

    Only cortex is averaged, by a Gaussian of 4 mm standard deviation over its voxels, so that sulci of the patient
    that lie elsewhere than the surface's do not look like loss.

    Args:
        suvr: (91, 109, 91), in template space.
        parcels: Atlas labels on the subject, (91, 109, 91).
        stamp: Words written below.
        window: SUVR of the first and of the last colour.
        colormap: A name in `COLORMAPS`.

    Returns:
        Left lateral and medial, right medial and lateral, side by side above a colour bar, on white,
        (rows, columns, 3), uint8.
    """
    with _TURN:
        return _drawn(suvr, parcels, stamp, window, lookup(colormap) / 255, "SUVR")


def surface_difference(
    synthetic: np.ndarray, reference: np.ndarray, parcels: np.ndarray, stamp: str = ""
) -> np.ndarray:
    """Synthetic minus reference SUVR of the cortex, drawn as `surface_picture` does; purple is less, green is more.

    Args:
        synthetic: SUVR, (91, 109, 91), in template space.
        reference: Likewise.
        parcels: Atlas labels on the subject, (91, 109, 91).
        stamp: Words written below.
    """
    window = (-DIFFERENCE_SUVR, DIFFERENCE_SUVR)
    with _TURN:
        return _drawn(synthetic - reference, parcels, stamp, window, _DIFFERENCE, "Synthetic − reference, SUVR")


def _drawn(
    values: np.ndarray,
    parcels: np.ndarray,
    stamp: str,
    window: tuple[float, float],
    colours: np.ndarray | tuple[str, ...],
    unit: str,
) -> np.ndarray:
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import LinearSegmentedColormap, Normalize
    from matplotlib.figure import Figure

    means = sampled(values, parcels)
    table = LinearSegmentedColormap.from_list("surface", list(colours))
    inks = table(np.arange(table.N))[:, :3]
    figure = Figure(figsize=(12, 3.2), dpi=110, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    with mpl.rc_context({"font.size": 10}):
        for column, (side, view) in enumerate(_VIEWS):
            axes = figure.add_axes((0.25 * column + 0.01, 0.25, 0.23, 0.75))
            axes.imshow(seen(side, view).coloured(means[side], window, inks), interpolation="lanczos")
            axes.set_axis_off()
            figure.text(0.25 * column + 0.125, 0.2, f"{_LETTERS[side]} {view}", ha="center", color="#1C2B33")
        bar = figure.add_axes((0.36, 0.13, 0.28, 0.04))
        figure.colorbar(ScalarMappable(Normalize(*window), table), cax=bar, orientation="horizontal", label=unit)
        figure.text(0.01, 0.03, stamp, color="#7A5200", weight="bold")
        canvas.draw()
    return np.array(canvas.buffer_rgba())[..., :3]
