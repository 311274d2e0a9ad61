"""What a NIfTI header declares, checked before any voxel is read."""

from dataclasses import dataclass
from typing import BinaryIO

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError

from petgen.case import InputError
from petgen.imaging.orientation import orientation

MAX_VOXELS = 512**3
MAX_OFFSET = 16 << 20
EXTENSION_FLAG = 4
"""Bytes between header and voxels that a single-file NIfTI always has."""
MOST_DIMENSIONS = 7
OTHER_LENGTHS = {1: "metres", 3: "micrometres"}
"""Units of length that a NIfTI may state beside millimetres, by the lowest three bits of xyzt_units."""
VOXEL_MM = (0.3, 4.0)
FIELD_MM = (80.0, 400.0)
HEADER_SIZES = {348: nib.Nifti1Header, 540: nib.Nifti2Header}
CONVERT_AGAIN = "Convert the original again, for example with dcm2niix."
NOT_NIFTI = "Give a T1w as .nii or .nii.gz; convert DICOM with dcm2niix."


@dataclass(frozen=True)
class Geometry:
    """How the voxels lie in the file and in space.

    Attributes:
        shape: Three lengths, in voxels.
        frames: Volumes in the file, one after another.
        dtype: Type on disk, integer or float.
        offset: Bytes before the first voxel.
        slope: Stored value times slope plus intercept is the intensity.
        intercept: See slope.
        affine: 4 x 4, voxel indices to RAS+ millimetres.
        warnings: One sentence each.
    """

    shape: tuple[int, int, int]
    frames: int
    dtype: np.dtype
    offset: int
    slope: float
    intercept: float
    affine: np.ndarray
    warnings: tuple[str, ...]


def parse_header(stream: BinaryIO, where: str) -> tuple[nib.Nifti1Header, int]:
    """The NIfTI-1 or NIfTI-2 header at the start of a stream, and its length in bytes.

    Raises:
        InputError: This is not a single-file NIfTI.
    """
    start = stream.read(4)
    size = next((n for n in HEADER_SIZES for order in ("<i4", ">i4") if start == np.array(n, order).tobytes()), 0)
    block = start + stream.read(max(size - 4, 0))
    if not size or len(block) < size:
        raise InputError("this is not a NIfTI file", where=where, mend=NOT_NIFTI)
    magic = block[344:348] if size == 348 else block[4:8]
    if magic[:3] in (b"ni1", b"ni2"):
        raise InputError(
            "this is one half of a .hdr/.img pair", where=where, mend="Save the pair as one .nii.gz and give that."
        )
    if magic[:3] not in (b"n+1", b"n+2"):
        raise InputError("this is not a NIfTI file (wrong magic)", where=where, mend=NOT_NIFTI)
    order = "<" if start == np.array(size, "<i4").tobytes() else ">"
    return HEADER_SIZES[size](block, endianness=order, check=False), size


def geometry(header: nib.Nifti1Header, where: str, *, most_frames: int = 1) -> Geometry:
    """The header's layout and orientation.

    Args:
        header: Of the file.
        where: Named in errors.
        most_frames: Volumes that the file may hold.

    Raises:
        InputError: Not 3D volumes of real numbers of a head's size, or its orientation is unknown.
    """
    try:
        lengths = tuple(int(n) for n in header.get_data_shape())
        dtype = header.get_data_dtype()
        slope, intercept = header.get_slope_inter()
        offset = float(header["vox_offset"])
        if not 0 < int(header["dim"][0]) <= MOST_DIMENSIONS:
            raise HeaderDataError("dim[0]")
    except (HeaderDataError, ValueError, KeyError, OverflowError) as error:
        raise InputError("the header contradicts itself", where=where, mend=CONVERT_AGAIN) from error
    shape, frames = _three_dimensions(lengths, where, most_frames)
    if dtype.kind not in "iuf" or dtype.itemsize > 8:
        raise InputError(
            f"the voxels are not real numbers (type {dtype})",
            where=where,
            mend="Save one channel, as integers or float32.",
        )
    if not int(header["sizeof_hdr"]) + EXTENSION_FLAG <= offset <= MAX_OFFSET:
        raise InputError("the header puts the voxels where they cannot be", where=where, mend=CONVERT_AGAIN)
    affine, warnings = orientation(header, shape, where)
    if unit := OTHER_LENGTHS.get(int(header["xyzt_units"]) % 8):
        warnings = (*warnings, f"The header says that its lengths are in {unit}; they were taken as millimetres.")
    head_sized(shape, affine, where)
    return Geometry(
        shape, frames, dtype, int(offset), 1.0 if slope is None else slope, intercept or 0.0, affine, warnings
    )


def _three_dimensions(lengths: tuple[int, ...], where: str, most_frames: int) -> tuple[tuple[int, int, int], int]:
    if len(lengths) < 3 or min(lengths) < 1:
        raise InputError(
            f"the scan has shape {lengths}, not three dimensions", where=where, mend="Give one 3D T1w volume."
        )
    volumes = int(np.prod([float(n) for n in lengths[3:]]))
    if volumes > most_frames:
        allowed = "one" if most_frames == 1 else f"at most {most_frames}"
        raise InputError(
            f"the file holds {volumes} volumes, not {allowed}", where=where, mend="Extract a single 3D volume."
        )
    voxels = float(np.prod([float(n) for n in lengths[:3]]))
    if voxels > MAX_VOXELS:
        raise InputError(
            f"the scan declares {voxels:.3g} voxels, more than 512 x 512 x 512",
            where=where,
            mend="Resample it to 1 mm voxels.",
        )
    return (lengths[0], lengths[1], lengths[2]), volumes


def head_sized(shape: tuple[int, int, int], affine: np.ndarray, where: str) -> None:
    """Checks that voxels and field of view are those of a head.

    Raises:
        InputError: A voxel or the field is too small or too large, with its millimetres.
    """
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    if sizes.min() < VOXEL_MM[0] - 1e-3 or sizes.max() > VOXEL_MM[1] + 1e-3:
        raise InputError(
            f"voxels of {_by(sizes, '.2f')} mm; petgen reads {VOXEL_MM[0]} to {VOXEL_MM[1]:g} mm",
            where=where,
            mend="Check the header's units, or give the 3D T1w rather than a thick-slice or microscopy series.",
        )
    field = sizes * np.array(shape)
    if field.min() < FIELD_MM[0] or field.max() > FIELD_MM[1]:
        raise InputError(
            f"a field of view of {_by(field, '.0f')} mm; "
            f"a head needs {FIELD_MM[0]:g} to {FIELD_MM[1]:g} mm on each axis",
            where=where,
            mend="Give a scan of the whole head.",
        )


def _by(values: np.ndarray, form: str) -> str:
    return " x ".join(format(value, form) for value in values)
