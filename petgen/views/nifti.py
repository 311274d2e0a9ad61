"""Volumes as NIfTI files that say what they are."""

import gzip
from pathlib import Path

import nibabel as nib
import numpy as np

from petgen.case import SYNTHETIC
from petgen.imaging import resample
from petgen.imaging.grid import AFFINE, SHAPE, on_grid


def image_bytes(image: nib.Nifti1Image) -> bytes:
    """An image as the bytes of a .nii.gz file, float32, marked as synthetic in the header's `descrip`."""
    marked = nib.Nifti1Image(np.asarray(image.dataobj, dtype=np.float32), image.affine)
    marked.header.set_xyzt_units("mm")
    marked.header["descrip"] = SYNTHETIC.encode()
    return gzip.compress(marked.to_bytes(), compresslevel=4, mtime=0)


def nifti_bytes(array: np.ndarray) -> bytes:
    """A volume (91, 109, 91) on the working grid as the bytes of a .nii.gz file, marked as synthetic."""
    return image_bytes(on_grid(array))


def read_volume(path: Path, matrix: np.ndarray) -> np.ndarray:
    """A bundled volume that lies on a scan, brought to the working grid as the scan was.

    Args:
        path: The volume, in the scan's own millimetres.
        matrix: 4 x 4; millimetres of the template to millimetres of the scan.

    Returns:
        Array (91, 109, 91), float32, linear interpolation.
    """
    return resample(nib.load(path), matrix, AFFINE, SHAPE)
