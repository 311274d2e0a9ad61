"""Skull stripping, and knowing a brain that has been stripped already."""

from dataclasses import dataclass
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
LEAST_CORNERS = 6
"""Corners of a stripped brain's volume, of eight, that hold nothing but background."""
RIM_LITRES = 0.09
"""Volume outside the brain from which a strip has failed: 16 simulated and 17 real stripped brains hold at most 0.05
litres more than 2 mm outside deepbet's brain, 15 with a rim of skull and scalp at least 0.14."""
RIM_MM = 2.0
BARE_HEAD_LITRES = 2.6
"""A scan with an empty background may hold more than this: a whole head on cleared air."""
CHECK_SCAN = "Check that the scan is a T1w of a whole head or of a stripped brain."

_one_at_a_time = Lock()


@dataclass(frozen=True)
class Stripped:
    """Where the brain is.

    Attributes:
        mask: On the scan's grid, bool.
        already: Whether the scan held nothing but a brain.
        rim_litres: Volume around the brain that an earlier strip left on; 0 for a whole head.
    """

    mask: np.ndarray
    already: bool
    rim_litres: float = 0.0


def strip(img: nib.Nifti1Image) -> Stripped:
    """Brain of a T1w, by deepbet's bundled network unless the scan holds nothing but a brain.

    A scan on empty background is measured against deepbet's brain too: where a rim of skull is left, that counts.

    Args:
        img: T1w, RAS+, whole head or already stripped.

    Raises:
        InputError: There is no brain, or what was found is not the size of one (0.7 to 2.2 litres).
    """
    data = np.asarray(img.dataobj, dtype=np.float32)
    voxel_litres = abs(float(np.linalg.det(img.affine[:3, :3]))) / 1e6
    given = _on_empty_background(data, voxel_litres)
    brain_sized = given is not None and given.sum() * voxel_litres <= BRAIN_LITRES[1]
    try:
        mask = _deepbet_mask(data)
    except InputError:
        if given is None or not brain_sized:
            raise
        return Stripped(given, already=True)
    litres = float(mask.sum()) * voxel_litres
    found = BRAIN_LITRES[0] <= litres <= BRAIN_LITRES[1]
    rim = 0.0 if given is None or not found else _outside(given, mask, img.affine) * voxel_litres
    if given is not None and brain_sized and rim <= RIM_LITRES:
        return Stripped(given, already=True)
    if not found:
        raise InputError(
            f"the brain found measures {litres:.2f} litres, outside {BRAIN_LITRES[0]} to {BRAIN_LITRES[1]}",
            where="skull strip",
            mend=CHECK_SCAN,
        )
    return Stripped(mask, already=False, rim_litres=rim if rim > RIM_LITRES else 0.0)


def edge_area(mask: np.ndarray, affine: np.ndarray) -> float:
    """Largest area of a mask on one face of its volume, square centimetres; a cropped brain has a large one."""
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    areas = [
        float(mask.take(index, axis=axis).sum()) * float(np.prod(np.delete(sizes, axis))) / 100
        for axis in range(3)
        for index in (0, -1)
    ]
    return max(areas)


def _on_empty_background(data: np.ndarray, voxel_litres: float) -> np.ndarray | None:
    """All that stands out from an exactly constant background, if one piece of about a brain's size."""
    from scipy.ndimage import binary_fill_holes, label

    corners = data[:: data.shape[0] - 1, :: data.shape[1] - 1, :: data.shape[2] - 1]
    background = np.median(corners)
    if np.count_nonzero(corners == background) < LEAST_CORNERS:
        return None
    foreground = data != background
    if not BRAIN_LITRES[0] <= foreground.sum() * voxel_litres <= BARE_HEAD_LITRES:
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
    return mask if mask.sum() * voxel_litres <= BARE_HEAD_LITRES else None


def _outside(given: np.ndarray, brain: np.ndarray, affine: np.ndarray) -> float:
    """Voxels of a mask further than 2 mm from the brain."""
    from scipy.ndimage import distance_transform_edt, find_objects

    box = find_objects(given.astype(np.uint8))[0]
    sizes = np.linalg.norm(affine[:3, :3], axis=0)
    far = distance_transform_edt(~brain[box], sampling=sizes) > RIM_MM
    return float((given[box] & far).sum())


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
