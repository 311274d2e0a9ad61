"""Skull stripping, and knowing a brain that has been stripped already."""

from functools import cache
from threading import Lock
from typing import Any

import nibabel as nib
import numpy as np

from petgen.case import InputError
from petgen.checksums import verify_package

BRAIN_LITRES = (0.7, 2.2)
EDGE_CM2 = 15.0
ONE_PIECE = 0.99
CHECK_SCAN = "Check that the scan is a T1w of a whole head or of a stripped brain."

_one_at_a_time = Lock()


def brain_mask(img: nib.Nifti1Image) -> tuple[np.ndarray, bool]:
    """Brain of a T1w, by deepbet's bundled network unless the scan holds nothing but a brain.

    Args:
        img: T1w, RAS+, whole head or already stripped.

    Returns:
        Mask on the scan's grid, bool, and whether the scan had been stripped before.

    Raises:
        InputError: There is no brain, or what was found is not the size of one (0.7 to 2.2 litres).
    """
    data = np.asarray(img.dataobj, dtype=np.float32)
    voxel_litres = abs(float(np.linalg.det(img.affine[:3, :3]))) / 1e6
    given = _only_a_brain(data, voxel_litres)
    if given is not None:
        return given, True
    mask = _deepbet_mask(data)
    litres = float(mask.sum()) * voxel_litres
    if not BRAIN_LITRES[0] <= litres <= BRAIN_LITRES[1]:
        raise InputError(
            f"the brain found measures {litres:.2f} litres, outside {BRAIN_LITRES[0]} to {BRAIN_LITRES[1]}",
            where="skull strip",
            mend=CHECK_SCAN,
        )
    return mask, False


def edge_area(mask: np.ndarray, affine: np.ndarray) -> float:
    """Largest area of a mask on one face of its volume, square centimetres; a cropped brain has a large one."""
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    areas = [
        float(mask.take(index, axis=axis).sum()) * float(np.prod(np.delete(sizes, axis))) / 100
        for axis in range(3)
        for index in (0, -1)
    ]
    return max(areas)


def _only_a_brain(data: np.ndarray, voxel_litres: float) -> np.ndarray | None:
    """The brain's mask where the background is exactly constant and all else is one brain-sized piece."""
    from scipy.ndimage import binary_fill_holes, label

    corners = data[:: data.shape[0] - 1, :: data.shape[1] - 1, :: data.shape[2] - 1]
    foreground = data != np.median(corners)
    if not BRAIN_LITRES[0] <= foreground.sum() * voxel_litres <= BRAIN_LITRES[1]:
        return None
    box = tuple(
        slice(int(np.flatnonzero(line)[0]), int(np.flatnonzero(line)[-1]) + 1)
        for line in (foreground.any(axis=(1, 2)), foreground.any(axis=(0, 2)), foreground.any(axis=(0, 1)))
    )
    pieces, _ = label(foreground[box])
    sizes = np.bincount(pieces.ravel())[1:]
    if sizes.max() < ONE_PIECE * sizes.sum():
        return None
    mask = np.zeros(data.shape, dtype=bool)
    mask[box] = binary_fill_holes(pieces == int(sizes.argmax()) + 1)
    return mask if mask.sum() * voxel_litres <= BRAIN_LITRES[1] else None


@cache
def _extractor() -> Any:
    from deepbet import BrainExtraction

    verify_package("deepbet", ".pt")
    return BrainExtraction(no_gpu=True)


def _deepbet_mask(data: np.ndarray) -> np.ndarray:
    with _one_at_a_time:
        extractor = _extractor()
        try:
            return np.asarray(extractor.postprocess(extractor.run_model(data.copy()) > 0.5), dtype=bool)
        except (ValueError, AssertionError) as error:
            raise InputError("no brain was found", where="skull strip", mend=CHECK_SCAN) from error
