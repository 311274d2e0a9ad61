"""The good scan that bad ones are made from, and the same scan written in other good ways."""

import io
from typing import Any

import nibabel as nib
import numpy as np

from petgen.imaging import Scan

SHAPE = (40, 48, 36)
AFFINE = np.array([[4.0, 0, 0, -80], [0, 4, 0, -100], [0, 0, 4, -60], [0, 0, 0, 1]])
VOXELS = np.random.default_rng(0).integers(1, 1000, SHAPE).astype(np.int16)


def nifti(data: np.ndarray = VOXELS, affine: np.ndarray | None = AFFINE, kind: type = nib.Nifti1Image) -> bytes:
    return kind(data, affine).to_bytes()


def patched(data: np.ndarray = VOXELS, affine: np.ndarray = AFFINE, **fields: Any) -> bytes:
    """A NIfTI-1 whose header fields are overwritten without any check."""
    whole = nifti(data, affine)
    header = nib.Nifti1Header(whole[:348], check=False)
    for name, value in fields.items():
        header[name] = value
    return header.binaryblock + whole[348:]


def forms(sform: np.ndarray | None, qform: np.ndarray | None) -> bytes:
    """The scan with these two affines; None leaves one out. A singular sform stays as it is."""
    image = nib.Nifti1Image(VOXELS, AFFINE)
    image.set_qform(qform, 0 if qform is None else 1)
    whole = image.to_bytes()
    header = nib.Nifti1Header(whole[:348], check=False)
    header["sform_code"] = 0 if sform is None else 1
    if sform is not None:
        header["srow_x"], header["srow_y"], header["srow_z"] = sform[:3]
    return header.binaryblock + whole[348:]


def unlike(data: np.ndarray, value: Any, share: float) -> np.ndarray:
    """Float voxels of which a share holds another value."""
    changed = data.astype(np.float32).ravel()
    changed[: int(share * changed.size)] = value
    return changed.reshape(data.shape)


def as_good(found: Scan) -> None:
    """Voxels and place are those of the good scan."""
    np.testing.assert_allclose(np.asarray(found.image.dataobj), VOXELS, rtol=1e-6)
    np.testing.assert_allclose(found.image.affine, AFFINE, atol=1e-3)


def as_drawn(voxels: np.ndarray, affine: np.ndarray) -> Any:
    """A check that a scan is these voxels on this affine, turned to RAS+ by nibabel."""
    image = nib.as_closest_canonical(nib.Nifti1Image(voxels.astype(np.float32), affine))

    def right(found: Scan) -> None:
        np.testing.assert_allclose(np.asarray(found.image.dataobj), image.get_fdata(), rtol=1e-5)
        np.testing.assert_allclose(found.image.affine, image.affine, atol=1e-3)

    return right


def png() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(buffer, "png")
    return buffer.getvalue()
