"""The PET of the cortex on an inflated surface, four views."""

import io
from typing import Any

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from petgen.imaging import on_grid
from petgen.views.colour import lookup

WINDOW = (0.6, 2.0)
SIGMA_VOXELS = 2.0
CORTEX_FROM = 1000
"""Atlas labels from here on are cortex."""
_NO_CORTEX = 0.05
_VIEWS = (("left", "lateral"), ("left", "medial"), ("right", "medial"), ("right", "lateral"))
_LETTERS = {"left": "L", "right": "R"}


def surface_picture(suvr: np.ndarray, parcels: np.ndarray, stamp: str = "") -> np.ndarray:
    """SUVR of the cortex on fsaverage5 (Fischl 1999; the copy that comes with nilearn), inflated.

    Only cortex is averaged, by a Gaussian of 4 mm standard deviation over its voxels, so that sulci of the patient
    that lie elsewhere than the surface's do not look like loss.

    Args:
        suvr: (91, 109, 91), in template space.
        parcels: Atlas labels on the subject, (91, 109, 91).
        stamp: Words written below.

    Returns:
        Left lateral and medial, right medial and lateral, side by side above a colour bar, on white,
        (rows, columns, 3), uint8.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import ListedColormap, Normalize
    from matplotlib.figure import Figure
    from nilearn.datasets import load_fsaverage
    from nilearn.plotting import plot_surf
    from nilearn.surface import SurfaceImage

    mesh = load_fsaverage("fsaverage5")
    sampled = SurfaceImage.from_volume(
        mesh=mesh["pial"], volume_img=on_grid(_cortical(suvr, parcels)), inner_mesh=mesh["white_matter"]
    )
    for values in sampled.data.parts.values():
        values[values < _NO_CORTEX] = np.nan
    colours = ListedColormap(lookup("hot") / 255)
    figure = Figure(figsize=(12, 3.2), dpi=110, facecolor="white")
    FigureCanvasAgg(figure)
    with mpl.rc_context({"font.size": 10}):
        for column, (side, view) in enumerate(_VIEWS):
            axes: Any = figure.add_axes((0.25 * column, 0.2, 0.25, 0.8), projection="3d")
            plot_surf(
                mesh["inflated"],
                sampled,
                hemi=side,
                view=view,
                cmap=colours,
                vmin=WINDOW[0],
                vmax=WINDOW[1],
                axes=axes,
                figure=figure,
                colorbar=False,
                engine="matplotlib",
            )
            axes.set_box_aspect(None, zoom=1.5)
            figure.text(0.25 * column + 0.125, 0.2, f"{_LETTERS[side]} {view}", ha="center", color="#1C2B33")
        bar = figure.add_axes((0.36, 0.13, 0.28, 0.04))
        figure.colorbar(ScalarMappable(Normalize(*WINDOW), colours), cax=bar, orientation="horizontal", label="SUVR")
        figure.text(0.01, 0.03, stamp, color="#7A5200", weight="bold")
    packed = io.BytesIO()
    figure.savefig(packed, format="png")
    return np.asarray(Image.open(packed).convert("RGB"))


def _cortical(suvr: np.ndarray, parcels: np.ndarray) -> np.ndarray:
    """Mean SUVR of the cortex around each voxel, zero where there is none."""
    cortex = (parcels >= CORTEX_FROM).astype(np.float32)
    weight = gaussian_filter(cortex, SIGMA_VOXELS)
    total = gaussian_filter(suvr * cortex, SIGMA_VOXELS)
    return np.asarray(np.where(weight > 1e-3, total / np.maximum(weight, 1e-3), 0), dtype=np.float32)
