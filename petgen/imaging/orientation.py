"""Which way the voxels of a NIfTI lie in space."""

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from petgen.case import InputError

FORMS_AGREE_MM = 1.0
SET_ORIENTATION = "Convert the original DICOM again with dcm2niix, which writes qform and sform."


def orientation(
    header: nib.Nifti1Header, shape: tuple[int, int, int], where: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The affine to trust: sform when usable, else qform.

    Args:
        header: Of the file.
        shape: Three lengths, in voxels.
        where: Named in errors.

    Returns:
        4 x 4, voxel indices to RAS+ millimetres; and warnings.

    Raises:
        InputError: Neither is usable.
    """
    sform, qform = _usable(header, "sform"), _usable(header, "qform")
    if sform is None and qform is None:
        raise InputError(
            "the orientation is unknown (no usable qform or sform), so left and right cannot be told apart",
            where=where,
            mend=SET_ORIENTATION,
        )
    warnings = []
    if sform is not None and qform is not None:
        corners = np.array([[x, y, z, 1] for x in (0, shape[0]) for y in (0, shape[1]) for z in (0, shape[2])])
        apart = float(np.linalg.norm(corners @ (sform - qform).T, axis=1).max())
        if apart > FORMS_AGREE_MM:
            warnings.append(
                f"The header's qform and sform disagree by up to {apart:.0f} mm; the sform was used. "
                "Check left and right."
            )
    elif sform is None and int(header["sform_code"]) > 0:
        warnings.append("The header's sform is not usable; the qform was used. Check left and right.")
    trusted = qform if sform is None else sform
    assert trusted is not None
    return trusted, tuple(warnings)


def _usable(header: nib.Nifti1Header, form: str) -> np.ndarray | None:
    if int(header[f"{form}_code"]) <= 0:
        return None
    try:
        with np.errstate(all="ignore"):
            affine = np.asarray(header.get_sform() if form == "sform" else header.get_qform(), dtype=np.float64)
    except (HeaderDataError, ValueError):
        return None
    if not np.isfinite(affine).all():
        return None
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    if sizes.min() < 1e-6 or abs(np.linalg.det(affine[:3, :3] / sizes)) < 0.1:
        return None
    return affine
