"""Headers and voxels of a T1w in NIfTI."""

import nibabel as nib
import numpy as np

from corpus.good import AFFINE, SHAPE, VOXELS, as_drawn, as_good, forms, nifti, patched, unlike
from corpus.kind import Kind, file
from petgen.imaging import open_scan

SINGULAR = np.diag([4.0, 4, 0, 1])
FLIPPED = np.diag([-4.0, 4, 4, 1])
TURNED = nib.affines.from_matvec(nib.eulerangles.euler2mat(0.3, 0.2, -0.1), [1, 2, 3]) @ AFFINE
RGB = np.zeros(SHAPE, [("R", "u1"), ("G", "u1"), ("B", "u1")])
CENTRED = VOXELS - np.float32(500)
UPSIDE_DOWN = np.diag([4.0, -4, -4, 1])


def _scaled() -> bytes:
    image = nib.Nifti1Image(VOXELS, AFFINE)
    image.header.set_slope_inter(0.5, 3)
    return image.to_bytes()


def _big_endian() -> bytes:
    return nib.Nifti1Image(VOXELS.astype(">i2"), AFFINE, header=nib.Nifti1Header(endianness=">")).to_bytes()


def _fine(mm: float) -> bytes:
    side = int(np.ceil(81 / mm))
    data = np.zeros((side, side, side), np.uint8)
    data[::2] = 7
    return nifti(data, np.diag([mm, mm, mm, 1]))


def _by(mm: float) -> bytes:
    return nifti(VOXELS, np.diag([mm, mm, mm, 1]))


def _sides(scan: object) -> None:
    assert scan.image.shape == (270,) * 3  # type: ignore[attr-defined]


def _dim(*lengths: int) -> np.ndarray:
    return np.array([len(lengths), *lengths, *[1] * (7 - len(lengths))], np.int16)


T1 = "T1w.nii"
REFUSED = {
    "header claims 10^12 voxels": (lambda: patched(dim=_dim(10000, 10000, 10000)), "declares 1e.12 voxels"),
    "negative lengths": (lambda: patched(dim=_dim(-40, 48, 36)), "not three dimensions"),
    "nine dimensions": (lambda: patched(dim=np.array([9, *SHAPE, 1, 1, 1, 1], np.int16)), "contradicts itself"),
    "two dimensions": (lambda: nifti(VOXELS[..., 0]), "not three dimensions"),
    "four dimensions": (lambda: nifti(np.stack([VOXELS] * 3, -1)), "3 volumes, not one"),
    "RGB": (lambda: nifti(RGB), "not real numbers"),
    "complex": (lambda: nifti(VOXELS.astype(np.complex64)), "not real numbers"),
    "half of it NaN": (lambda: nifti(unlike(VOXELS, np.nan, 0.5)), "50% of the voxels are not numbers"),
    "half of it infinite": (lambda: nifti(unlike(VOXELS, -np.inf, 0.5)), "50% of the voxels are not numbers"),
    "scaled beyond float32": (lambda: patched(scl_slope=3e38, scl_inter=0), "not numbers"),
    "intercept NaN": (lambda: patched(scl_slope=1, scl_inter=np.nan), "contradicts itself"),
    "constant": (lambda: nifti(np.full(SHAPE, 7, np.int16)), "every voxel has the same value"),
    "nothing but zero": (lambda: nifti(np.zeros(SHAPE, np.int16)), "every voxel has the same value"),
    "no qform and no sform": (lambda: forms(None, None), "orientation is unknown"),
    "singular sform alone": (lambda: forms(SINGULAR, None), "orientation is unknown"),
    "affine of NaN": (lambda: forms(np.full((4, 4), np.nan), None), "orientation is unknown"),
    "voxels inside the header": (lambda: patched(vox_offset=0), "where they cannot be"),
    "voxels behind the end": (lambda: patched(vox_offset=400), "ends before its last voxel"),
    "5 mm voxels": (lambda: _by(5), "voxels of 5.00 x 5.00 x 5.00 mm"),
    "mouse brain": (lambda: _by(0.1), "voxels of 0.10 x 0.10 x 0.10 mm"),
    "lengths in metres": (lambda: _by(0.004), "Check the header's units"),
    "a slab": (lambda: nifti(VOXELS[..., :12]), "field of view of 160 x 192 x 48 mm"),
    "a body": (lambda: nifti(np.zeros((40, 40, 200), np.int16)), "field of view of 160 x 160 x 800 mm"),
}
READ = {
    "big-endian": (_big_endian, as_good),
    "NIfTI-2": (lambda: nifti(kind=nib.Nifti2Image), as_good),
    "scaled integers": (_scaled, as_drawn(VOXELS * 0.5 + 3, AFFINE)),
    "one volume in four dimensions": (lambda: nifti(VOXELS[..., None]), as_good),
    "oblique": (lambda: nifti(VOXELS, TURNED), as_drawn(VOXELS, TURNED)),
    "stored upside-down": (lambda: nifti(VOXELS, UPSIDE_DOWN), as_drawn(VOXELS, UPSIDE_DOWN)),
    "stored from right to left": (lambda: nifti(VOXELS[::-1], FLIPPED), as_drawn(VOXELS[::-1], FLIPPED)),
    "sagittal": (lambda: nifti(VOXELS, AFFINE[:, [1, 2, 0, 3]]), as_drawn(VOXELS, AFFINE[:, [1, 2, 0, 3]])),
    "0.3 mm voxels": (lambda: _fine(0.3), _sides),
    "4 mm voxels": (nifti, as_good),
}
WARNED = {
    "a few NaN": (lambda: nifti(unlike(VOXELS, np.nan, 0.005)), "0.50% of the voxels were not numbers", None),
    "a few infinite": (lambda: nifti(unlike(VOXELS, np.inf, 0.005)), "0.50% of the voxels were not numbers", None),
    "standardised": (lambda: nifti(CENTRED), "negative, down to -499", as_drawn(CENTRED, AFFINE)),
    "CT in Hounsfield units": (lambda: nifti(VOXELS * 2 - 1024), "Check that it is no CT", None),
    "sform against qform": (lambda: forms(AFFINE, FLIPPED), "qform and sform disagree", as_good),
    "singular sform beside a qform": (lambda: forms(SINGULAR, AFFINE), "sform is not usable; the qform", as_good),
    "unit of length metre": (lambda: patched(xyzt_units=1), "lengths are in metres", as_good),
}
KINDS = [
    *(Kind(name, file(T1, make), open_scan, refused=words) for name, (make, words) in REFUSED.items()),
    *(Kind(name, file(T1, make), open_scan, right=right) for name, (make, right) in READ.items()),
    *(
        Kind(name, file(T1, make), open_scan, warned=words, right=check)
        for name, (make, words, check) in WARNED.items()
    ),
]
