"""A volume as a small NIfTI file in text, for a browser to draw."""

import gzip
from base64 import b64encode

import nibabel as nib
import numpy as np

from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM

BOX_MM = ((-84, 84), (-120, 88), (-72, 96))
"""What is sent of the working grid, template millimetres: any brain in template space and a margin for lettering."""


def nifti_text(volume: np.ndarray, step: float = 1.0) -> str:
    """A volume inside `BOX_MM` as a gzipped NIfTI of 16-bit integers, in base64.

    Args:
        volume: Values on the working grid, (91, 109, 91); those that are not finite become zero.
        step: What one integer stands for, in the volume's unit; the error is at most half of it.

    Raises:
        ValueError: Another shape, or values too large for the step.
    """
    if volume.shape != SHAPE:
        msg = f"expected an array of shape {SHAPE}, got {volume.shape}"
        raise ValueError(msg)
    first = [round((low - origin) / VOXEL_MM) for (low, _), origin in zip(BOX_MM, AFFINE[:3, 3], strict=True)]
    size = [round((high - low) / VOXEL_MM) + 1 for low, high in BOX_MM]
    inside = volume[tuple(slice(start, start + length) for start, length in zip(first, size, strict=True))]
    levels = np.rint(np.nan_to_num(inside.astype(np.float64), posinf=0, neginf=0) / step)
    if np.abs(levels).max() > np.iinfo(np.int16).max:
        msg = f"values up to {np.abs(inside).max():g} do not fit into 16 bits in steps of {step:g}"
        raise ValueError(msg)
    affine = AFFINE.copy()
    affine[:3, 3] = [low for low, _ in BOX_MM]
    picture = nib.Nifti1Image(levels.astype(np.int16), affine)
    picture.header.set_slope_inter(step, 0)
    picture.header.set_xyzt_units("mm")
    content = picture.to_bytes()
    return b64encode(gzip.compress(content, 6, mtime=0)).decode("ascii")
