"""A volume of the working grid back on the scan it came from."""

import nibabel as nib
import numpy as np

from petgen.imaging.grid import AFFINE, on_grid
from petgen.imaging.register import resample


def to_native(suvr: np.ndarray, matrix: np.ndarray, scan: nib.Nifti1Image) -> nib.Nifti1Image:
    """A map in template space on the grid of a scan, by linear interpolation.

    Args:
        suvr: Map on the working grid, (91, 109, 91), zero outside the brain.
        matrix: 4 x 4; millimetres of the template to millimetres of the scan (`Prepared.matrix`).
        scan: Image whose grid to fill.

    Returns:
        Image with the scan's shape and affine, float32, zero outside the brain.
    """
    out = np.zeros(scan.shape[:3], np.float32)
    filled = np.argwhere(suvr)
    if filled.size:
        low, high = filled.min(0) - 1, filled.max(0) + 1
        corners = np.array(
            [[x, y, z, 1] for x in (low[0], high[0]) for y in (low[1], high[1]) for z in (low[2], high[2])]
        )
        reached = corners @ (np.linalg.inv(scan.affine) @ matrix @ AFFINE).T
        start = np.clip(np.floor(reached[:, :3].min(0)).astype(int), 0, out.shape)
        stop = np.clip(np.ceil(reached[:, :3].max(0)).astype(int) + 1, 0, out.shape)
        if (stop > start).all():
            box = scan.affine.copy()
            box[:3, 3] += scan.affine[:3, :3] @ start
            size = (int(stop[0] - start[0]), int(stop[1] - start[1]), int(stop[2] - start[2]))
            part = resample(on_grid(suvr), np.linalg.inv(matrix), box, size)
            out[start[0] : stop[0], start[1] : stop[1], start[2] : stop[2]] = part
    img = nib.Nifti1Image(out, scan.affine)
    img.header.set_xyzt_units("mm")
    return img
