"""A volume as bytes for a browser that draws its slices itself."""

import gzip
from base64 import b64encode
from typing import Any

import numpy as np

from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM

BOX_MM = ((-80, 80), (-114, 82), (-72, 86))
"""What is sent of the working grid, template millimetres: the brain with a narrow margin, the same for every scan."""
HIGHEST = 3.0
"""SUVR of the largest byte; 0 is the smallest."""


def stack_data(volume: np.ndarray) -> dict[str, Any]:
    """A PET inside `BOX_MM` as bytes, in steps of 0.012 SUVR.

    Args:
        volume: SUVR on the working grid, (91, 109, 91).

    Returns:
        `bytes` (gzip in base64; x fastest, then y, then z), `size` (voxels along x, y, z), `first` (millimetres of the
        first voxel), `voxel` (millimetres), `highest` (SUVR of 255).

    Raises:
        ValueError: Another shape.
    """
    if volume.shape != SHAPE:
        msg = f"expected an array of shape {SHAPE}, got {volume.shape}"
        raise ValueError(msg)
    first = [round((low - origin) / VOXEL_MM) for (low, _), origin in zip(BOX_MM, AFFINE[:3, 3], strict=True)]
    size = [round((high - low) / VOXEL_MM) + 1 for low, high in BOX_MM]
    inside = volume[tuple(slice(start, start + length) for start, length in zip(first, size, strict=True))]
    levels = np.rint(np.clip(np.nan_to_num(inside), 0, HIGHEST) * (255 / HIGHEST)).astype(np.uint8)
    return {
        "bytes": b64encode(gzip.compress(levels.tobytes(order="F"), 6, mtime=0)).decode("ascii"),
        "size": size,
        "first": [low for low, _ in BOX_MM],
        "voxel": VOXEL_MM,
        "highest": HIGHEST,
    }
