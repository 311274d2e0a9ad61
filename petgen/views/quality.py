"""Pictures for quality control: the brain mask's contour on the scan, and scan against template in a checkerboard."""

import numpy as np
from PIL import Image
from scipy.ndimage import binary_erosion

from petgen.imaging.grid import template
from petgen.views.marks import PlaneName, Position
from petgen.views.slices import plane

CUTS: tuple[tuple[PlaneName, tuple[Position, ...]], ...] = (
    ("axial", ((0, 0, -40), (0, 0, -10), (0, 0, 20), (0, 0, 50))),
    ("coronal", ((0, -70, 0), (0, -35, 0), (0, 0, 0), (0, 35, 0))),
    ("sagittal", ((-40, 0, 0), (-12, 0, 0), (12, 0, 0), (40, 0, 0))),
)
"""Slices of a picture, row by row, template millimetres."""
TILE_VOXELS = 10
_LINE = (230, 159, 0)
_SHOWN_PX = 300


def mask_picture(rim: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The brain mask's contour on the scan around it.

    Args:
        rim: The scan within 10 mm of the brain, (91, 109, 91), 0 to 1.
        mask: Brain, (91, 109, 91), bool.

    Returns:
        Twelve slices, (900, 1200, 3), uint8.
    """
    edges = (mask & ~binary_erosion(mask)).astype(np.float32)
    rows = []
    for name, cuts in CUTS:
        tiles = []
        for cut in cuts:
            picture = plane(rim, name, cut, (0, 1), "grey", crosshair=False).copy()
            line = plane(edges, name, cut, (0, 1), "grey", crosshair=False)[..., 1] > 128
            words = plane(np.zeros_like(rim), name, cut, (0, 1), "grey", crosshair=False)[..., 1] > 40
            picture[line & ~words] = _LINE
            tiles.append(_tile(picture))
        rows.append(np.concatenate(tiles, 1))
    return np.concatenate(rows)


def registration_picture(t1: np.ndarray) -> np.ndarray:
    """The patient's brain and the template in turn, square by square: edges run on where the registration is good.

    Args:
        t1: Brain-only T1w in template space, (91, 109, 91), white matter = 1.

    Returns:
        Twelve slices, (900, 1200, 3), uint8.
    """
    x, y, z = np.indices(t1.shape) // TILE_VOXELS
    ours = (x + y + z) % 2 == 0
    standard = template()
    bright = standard[standard > 0]
    scaled = standard / np.median(bright[bright > 0.75 * np.percentile(bright, 75)])
    mixed = np.where(ours, t1, scaled).astype(np.float32)
    rows = [
        np.concatenate([_tile(plane(mixed, name, cut, (0, 1.3), "grey", crosshair=False)) for cut in cuts], 1)
        for name, cuts in CUTS
    ]
    return np.concatenate(rows)


def _tile(picture: np.ndarray) -> np.ndarray:
    side = max(picture.shape[:2])
    square = np.zeros((side, side, 3), np.uint8)
    top, left = (side - picture.shape[0]) // 2, (side - picture.shape[1]) // 2
    square[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    return np.asarray(Image.fromarray(square).resize((_SHOWN_PX, _SHOWN_PX), Image.Resampling.LANCZOS))
