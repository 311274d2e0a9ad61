"""What a scan comes in: wrong names, other formats, damage, bombs, and nothing at all."""

import gzip
import os
import zlib
from functools import partial
from pathlib import Path

import nibabel as nib
import numpy as np
from made_dicom import zipped

from corpus.good import AFFINE, VOXELS, as_good, nifti, png
from corpus.kind import Kind, file, given
from petgen.imaging import open_scan
from petgen.imaging.pet import read_pet

PACKED = gzip.compress(nifti(), 1)
TEXT = b"This is a letter about a patient, not a scan. " * 20


def bomb() -> bytes:
    """A header that declares 512 x 512 x 512 doubles, and a gigabyte of zeros that packs a thousandfold."""
    header = nib.Nifti1Header()
    header.set_data_shape((512,) * 3)
    header.set_data_dtype(np.float64)
    header.set_sform(np.diag([0.5, 0.5, 0.5, 1]), 1)
    header["vox_offset"], header["magic"] = 352, b"n+1"
    packer = zlib.compressobj(1, wbits=31)
    start = packer.compress(header.binaryblock + bytes(4))
    chunk = bytes(1 << 20)
    return start + b"".join(packer.compress(chunk) for _ in range(1024)) + packer.flush()


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "T1w.nii.gz")
    return folder / "T1w.nii.gz"


def _pair() -> bytes:
    image = nib.Nifti1Pair(VOXELS, AFFINE)
    image.header["magic"] = b"ni1"
    return image.header.binaryblock + bytes(4)


def _analyze() -> bytes:
    return nib.AnalyzeImage(VOXELS, AFFINE).header.binaryblock + VOXELS.tobytes()


WRONG_CRC = PACKED[:-8] + b"\0\1\2\3" + PACKED[-4:]
REFUSED = {
    "empty": ("T1w.nii.gz", b"", "the file is empty"),
    "text": ("T1w.nii.gz", TEXT, "not a NIfTI file"),
    "picture": ("T1w.nii.gz", png, "not a NIfTI file"),
    "MGH": ("T1w.nii", lambda: nib.MGHImage(VOXELS, AFFINE).to_bytes(), "not a NIfTI file"),
    "Analyze": ("T1w.nii", _analyze, "not a NIfTI file"),
    "header of a pair": ("T1w.hdr", _pair, "one half of a .hdr/.img pair"),
    "NIfTI cut short": ("T1w.nii", lambda: nifti()[:-999], "ends before its last voxel"),
    "gzip cut short": ("T1w.nii.gz", PACKED[: len(PACKED) // 2], "cut short or damaged"),
    "gzip cut in its header": ("T1w.nii.gz", PACKED[:5], "cut short or damaged"),
    "gzip with a wrong checksum": ("T1w.nii.gz", WRONG_CRC, "cut short or damaged"),
    "gzip with something behind it": ("T1w.nii.gz", PACKED + TEXT, "cut short or damaged"),
    "gzip in gzip": ("T1w.nii.gz", lambda: gzip.compress(PACKED, 1), "not a NIfTI file"),
    "gzip bomb of voxels": ("T1w.nii.gz", bomb, "packed more than 200-fold"),
    "gzip bomb behind the voxels": (
        "T1w.nii.gz",
        lambda: gzip.compress(nifti() + bytes(64 << 20), 1),
        "more data than its header declares",
    ),
    "NIfTI in a zip": ("T1w.zip", lambda: zipped([("T1w.nii", nifti())]), "no DICOM image in the one file"),
}
PATHS = {
    "no such file": (lambda folder: folder / "none.nii.gz", "no such file"),
    "folder without images": (lambda folder: folder, "no file was given"),
    "named pipe": (_pipe, "cannot be opened"),
    "name of 5,000 letters": (given("x" * 5000), "cannot be opened"),
    "name with a zero byte": (given("a\0b.nii"), "cannot be opened"),
    "nothing uploaded": (given([]), "no file was given"),
    "two NIfTI uploaded": (given([("a.nii", nifti()), ("b.nii", nifti())]), "no DICOM image in the 2 files"),
}
FRAMES = np.stack([VOXELS - 1, VOXELS, VOXELS + 1], -1)
KINDS = [
    *(Kind(name, file(path, content), open_scan, refused=words) for name, (path, content, words) in REFUSED.items()),
    *(Kind(name, make, open_scan, refused=words) for name, (make, words) in PATHS.items()),
    Kind("gzip named .nii", file("T1w.nii", PACKED), open_scan, right=as_good),
    Kind("plain NIfTI named .nii.gz", file("T1w.nii.gz", nifti), open_scan, right=as_good),
    Kind("NIfTI named .dcm", file("T1w.dcm", nifti), open_scan, right=as_good),
    Kind("PET of three frames", file("pet.nii", lambda: nifti(FRAMES)), read_pet, right=as_good),
    Kind("PET of 200 frames", file("pet.nii", partial(nifti, np.zeros((20, 20, 20, 200), np.uint8))), read_pet,
         refused="200 volumes, not at most 120"),
    Kind("PET without signal", file("pet.nii", lambda: nifti(-VOXELS)), read_pet, refused="holds no signal"),
    Kind("PET missing", lambda folder: folder / "pet.nii.gz", read_pet, refused="no such file"),
]  # fmt: skip
