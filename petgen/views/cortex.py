"""What the surface of the cortex samples of a volume: means along lines from the white matter to the pia."""

from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from petgen.imaging.grid import AFFINE, SHAPE
from petgen.views.mesh import Side, fsaverage

CORTEX_FROM = 1000
"""Atlas labels from here on are cortex."""
_SAMPLES = 10
"""Points a line."""
_SIGMA_VOXELS = 2.0
_LEAST_WEIGHT = 1e-3
_DRAWN_WEIGHT = 0.01
"""Share of cortex around a vertex from which on it is drawn; the means reach farther, so none is mixed with zeros."""


def sampled(values: np.ndarray, parcels: np.ndarray) -> dict[Side, np.ndarray]:
    """Means of the cortex at the vertices of fsaverage5, as nilearn's `SurfaceImage.from_volume` takes them.

    Where the points lie is worked out once for all volumes.

    Args:
        values: (91, 109, 91), in template space.
        parcels: Atlas labels on the subject, (91, 109, 91).

    Returns:
        By hemisphere, (vertices,); NaN where there is no cortex.
    """
    means, weight = _cortical(values, parcels)
    drawn = weight > _DRAWN_WEIGHT
    return {"left": _along(means, drawn, "left"), "right": _along(means, drawn, "right")}


def _along(means: np.ndarray, drawn: np.ndarray, side: Side) -> np.ndarray:
    points, voxels = _places(side)
    used = drawn[voxels].reshape(-1, _SAMPLES)
    found = map_coordinates(means, points, order=1, mode="nearest").reshape(-1, _SAMPLES)
    count = used.sum(axis=1)
    return np.where(count > 0, (found * used).sum(axis=1) / np.maximum(count, 1), np.nan)


@cache
def _places(side: Side) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    """The points in voxels, (3, vertices x points), and the voxel that each lies in."""
    pia, white = (
        np.asarray(fsaverage()[name].parts[side].coordinates, dtype=float)[:, None] for name in ("pial", "white_matter")
    )
    lines = pia + np.linspace(0, 1, _SAMPLES)[:, None] * (white - pia)
    points = ((lines.reshape(-1, 3) - AFFINE[:3, 3]) @ np.linalg.inv(AFFINE[:3, :3]).T).T
    assert (points >= 0).all()
    assert (points < np.array(SHAPE)[:, None]).all()
    return points, tuple(points.astype(int))


def _cortical(values: np.ndarray, parcels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean of the cortex around each voxel, and the share of cortex there, both (91, 109, 91)."""
    cortex = (parcels >= CORTEX_FROM).astype(np.float32)
    weight = gaussian_filter(cortex, _SIGMA_VOXELS)
    total = gaussian_filter(values * cortex, _SIGMA_VOXELS)
    means = np.where(weight > _LEAST_WEIGHT, total / np.maximum(weight, _LEAST_WEIGHT), 0)
    return means.astype(np.float32), weight
