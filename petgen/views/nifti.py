"""A bundled volume on the working grid."""

from pathlib import Path

import nibabel as nib
import numpy as np

from petgen.imaging import resample
from petgen.imaging.grid import AFFINE, SHAPE


def read_volume(path: Path, matrix: np.ndarray) -> np.ndarray:
    """A bundled volume that lies on a scan, brought to the working grid as the scan was.

    Args:
        path: The volume, in the scan's own millimetres.
        matrix: 4 x 4; millimetres of the template to millimetres of the scan.

    Returns:
        Array (91, 109, 91), float32, linear interpolation.
    """
    return resample(nib.load(path), matrix, AFFINE, SHAPE)
