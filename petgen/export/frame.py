"""The frame of reference that a DICOM file and a volume share: known where a plane of the file lies on its grid."""

from typing import Any

import nibabel as nib
import numpy as np
from nibabel.affines import apply_affine
from pydicom.uid import UID

from petgen.export.slices import LPS, slicing_axis
from petgen.imaging import dicom_header
from petgen.imaging.dicom_files import Part
from petgen.imaging.dicom_header import Frame, frames_of
from petgen.imaging.dicom_parse import DAMAGE

KEYWORD = "FrameOfReferenceUID"
TAGS = (KEYWORD, *dicom_header.TAGS)
OFF_VOXELS = 0.05
"""Most that a pixel may lie off the nearest voxel, which leaves room for the digits of headers only."""


def shared_frame(header: Any, part: Part, image: nib.Nifti1Image) -> str:
    """The UID of a file's frame of reference, where one of its planes coincides with voxels of a volume.

    A plane of other spacing, direction or place says nothing of the volume, and a file that does not say where it
    lies neither: coordinates of two frames of reference must not be mixed (PS3.3 C.7.4.1).

    Args:
        header: pydicom.Dataset with the `TAGS`.
        part: Where it was read.
        image: Any grid, RAS+ millimetres.

    Returns:
        The UID; empty where it is not known, or the grid has no plane that DICOM can say.
    """
    if slicing_axis(image.affine) is None:
        return ""
    try:
        uid = UID(str(header.get(KEYWORD) or "").strip(" \0"))
        lies = any(_lies_on(plane, image) for plane in frames_of(header, part) if plane.located)
    except DAMAGE:
        return ""
    return str(uid) if lies and uid.is_valid else ""


def _lies_on(plane: Frame, image: nib.Nifti1Image) -> bool:
    """Whether the plane's pixels are voxels of the image; either may be cropped."""
    rows, columns = plane.shape
    to_voxels = np.linalg.inv(image.affine) @ LPS
    sides = np.transpose([plane.turn[:3], plane.turn[3:]]) * [plane.spacing[1], plane.spacing[0]]
    corners = sides @ [[0, columns - 1, 0, columns - 1], [0, 0, rows - 1, rows - 1]]
    found = apply_affine(to_voxels, corners.T + plane.place)
    steps = np.sort(np.abs(to_voxels[:3, :3] @ sides), axis=0)
    if np.abs(found - found.round()).max() > OFF_VOXELS or np.abs(steps.T - [0, 0, 1]).max() > 0.5 / max(rows, columns):
        return False
    low, high = found.round().min(axis=0), found.round().max(axis=0)
    return bool((high >= 0).all() and (low < image.shape).all())
