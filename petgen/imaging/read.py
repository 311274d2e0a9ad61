"""A T1w scan in: NIfTI from a path or from the bytes of an upload, checked before it is trusted."""

import gzip
import hashlib
import io
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import nibabel as nib
import numpy as np

from petgen.case import InputError
from petgen.case.plain import shown
from petgen.imaging.header import geometry, parse_header
from petgen.imaging.intensity import negative
from petgen.imaging.voxels import EXPORT_AGAIN, check_packing, read_voxels

Wanted = Literal["T1w", "PET"]
MAX_NON_FINITE = 0.01
MOST_FRAMES: dict[Wanted, int] = {"T1w": 1, "PET": 120}
"""Volumes that a file may hold; several are averaged."""
ONE_FILE = "Give one readable .nii or .nii.gz file."
SUFFIXES = (".nii.gz", ".nii")
OTHER_FORMATS = (
    (0, b"PK\x03\x04", "a zip archive", "Give it as DICOM, or unpack the .nii or .nii.gz inside."),
    (128, b"DICM", "a DICOM file", "Give the whole series: its folder, or a zip of it."),
)


@dataclass(frozen=True)
class Scan:
    """A scan that passed the checks.

    Attributes:
        image: T1w, RAS+, millimetres, float32, three dimensions, with a fresh header (nothing of the original's text).
        warnings: What the reader should know, one sentence each.
        sha256: Hex digest of the voxels, shape and affine.
        origin: Which DICOM series it is and why that one; empty for NIfTI.
    """

    image: nib.Nifti1Image
    warnings: tuple[str, ...]
    sha256: str
    origin: str = ""


def read_scan(source: Path | str | bytes, name: str = "", *, wanted: Wanted = "T1w") -> Scan:
    """Reads and checks a scan in NIfTI, plain or gzipped, without trusting its name, header or size.

    Args:
        source: Path of a file, or the bytes of an upload (which stay in memory).
        name: Name of the upload; only its suffix is used.
        wanted: What the scan shall be; the frames of a PET are averaged.

    Returns:
        The scan in RAS+, float32.

    Raises:
        InputError: The file is missing, damaged, not NIfTI, not one 3D volume of real numbers, of unknown orientation,
            or not the size of a head.
    """
    with ExitStack() as stack:
        if isinstance(source, bytes):
            where = "uploaded scan" + next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")
            raw: BinaryIO = io.BytesIO(source)
        else:
            where = shown(Path(source).name, 100)
            raw = stack.enter_context(_open(Path(source), where))
        try:
            return _read(raw, where, wanted)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError("the compressed file is cut short or damaged", where=where, mend=EXPORT_AGAIN) from error
        except OSError as error:
            raise InputError("the file could not be read", where=where, mend=EXPORT_AGAIN) from error


def _open(path: Path, where: str) -> BinaryIO:
    try:
        if path.exists() and not path.is_file():
            raise OSError("no plain file")
        return path.open("rb")
    except FileNotFoundError as error:
        raise InputError("there is no such file", where=where, mend="Check the path.") from error
    except (OSError, ValueError) as error:
        raise InputError("the file cannot be opened", where=where, mend=ONE_FILE) from error


def _read(raw: BinaryIO, where: str, wanted: Wanted) -> Scan:
    size = raw.seek(0, io.SEEK_END)
    raw.seek(0)
    start = raw.read(132)
    raw.seek(0)
    if not start:
        raise InputError("the file is empty", where=where, mend=EXPORT_AGAIN)
    for offset, magic, kind, mend in OTHER_FORMATS:
        if start[offset:].startswith(magic):
            raise InputError(f"this is {kind}, not NIfTI", where=where, mend=mend)
    stream: BinaryIO = gzip.GzipFile(fileobj=raw) if start.startswith(b"\x1f\x8b") else raw  # type: ignore[assignment]
    header, consumed = parse_header(stream, where)
    space = geometry(header, where, most_frames=MOST_FRAMES[wanted])
    if stream is not raw:
        check_packing(size, space, where)
    data, non_finite = read_voxels(stream, space, consumed, where)
    warnings = list(space.warnings)
    if non_finite > MAX_NON_FINITE:
        raise InputError(
            f"{non_finite:.0%} of the voxels are not numbers (NaN or infinite)",
            where=where,
            mend="Replace them by 0, for example with nilearn.image.new_img_like and numpy.nan_to_num.",
        )
    if non_finite:
        warnings.append(f"{non_finite:.2%} of the voxels were not numbers and were set to 0.")
    if data.min() == data.max():
        raise InputError("every voxel has the same value", where=where, mend=EXPORT_AGAIN)
    if wanted == "T1w":
        warnings += negative(data)
    return canonical(data, space.affine, tuple(warnings))


def canonical(data: np.ndarray, affine: np.ndarray, warnings: tuple[str, ...]) -> Scan:
    """The one form in which scans go on: voxels on any oriented grid, in RAS+ with a fresh header.

    Args:
        data: Three dimensions, any real type.
        affine: 4 x 4, voxel indices to RAS+ millimetres.
        warnings: What the reader should know.
    """
    turned = nib.as_closest_canonical(nib.Nifti1Image(data, affine))
    voxels = np.ascontiguousarray(turned.dataobj, dtype=np.float32)
    image = nib.Nifti1Image(voxels, turned.affine)
    image.header.set_xyzt_units("mm")
    return Scan(image, warnings, scan_checksum(image))


def scan_checksum(image: nib.Nifti1Image) -> str:
    """SHA-256 of a scan's shape, affine and voxels; nothing of the file that it came in.

    Args:
        image: As `canonical` makes it: RAS+, float32.
    """
    voxels = np.ascontiguousarray(image.dataobj, dtype="<f4")
    digest = hashlib.sha256(np.asarray(voxels.shape, "<i8").tobytes())
    digest.update(image.affine.astype("<f8").tobytes())
    digest.update(voxels.data)
    return digest.hexdigest()
