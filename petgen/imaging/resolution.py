"""The resolution a PET has, measured against the patient's T1w, and the way to a coarser one."""

import numpy as np
from scipy.ndimage import binary_dilation, gaussian_filter

from petgen.imaging.grid import VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA

TARGET_MM = 8.0
"""Resolution (FWHM) that every PET is brought to (Joshi 2009, NeuroImage 46:154: ADNI's common resolution)."""
CANDIDATES_MM = np.arange(3.0, 17.01, 0.5)
NEAR_MM = 1.0
"""A PET whose measured resolution is this close to the target is left as it is: the measurement is no better."""
_STRETCH, _OFFSET_MM = 1.1, 0.3
"""Read and true resolution: read = 1.1 x true + 0.3 mm, SD 0.7 mm (36 simulated scans of 8, 10 and 12 mm)."""
_BEYOND_VOXELS = 4
_WHITE_T1, _GREY_T1, _CSF_T1 = 1.0, 0.72, 0.3


def measured_fwhm(pet: np.ndarray, t1: np.ndarray, mask: np.ndarray) -> float:
    """Resolution of a PET: the blur with which maps of the patient's grey and white matter explain it best.

    Both maps are read off the brightness of the T1w, blurred by each candidate, and fitted to the PET in and around
    the brain by least squares; the smallest residual decides, with a parabola between candidates.

    Args:
        pet: (91, 109, 91), any unit, also outside the brain where there is signal.
        t1: Brain-only T1w, (91, 109, 91), white matter = 1.
        mask: Brain, (91, 109, 91), bool.

    Returns:
        Full width at half maximum, millimetres, 2.5 to 15.
    """
    share = np.clip((t1 - _GREY_T1) / (_WHITE_T1 - _GREY_T1), 0, 1)
    tissue = np.clip((t1 - _CSF_T1) / (_GREY_T1 - _CSF_T1), 0, 1) * mask
    white, grey = (tissue * share).astype(np.float32), (tissue * (1 - share)).astype(np.float32)
    where = binary_dilation(mask, iterations=_BEYOND_VOXELS)[::2, ::2, ::2]
    wanted = pet[::2, ::2, ::2][where].astype(np.float64)
    errors = []
    for fwhm in CANDIDATES_MM:
        sigma = fwhm / FWHM_PER_SIGMA / VOXEL_MM
        maps = [gaussian_filter(volume, sigma)[::2, ::2, ::2][where] for volume in (grey, white)]
        design = np.column_stack([*maps, np.ones(len(wanted))])
        errors.append(float(np.linalg.lstsq(design, wanted)[1][0]))
    best = int(np.argmin(errors))
    found = float(CANDIDATES_MM[best])
    if 0 < best < len(errors) - 1:
        left, middle, right = errors[best - 1 : best + 2]
        found += 0.5 * (left - right) / (left - 2 * middle + right) * float(CANDIDATES_MM[1] - CANDIDATES_MM[0])
    return (found - _OFFSET_MM) / _STRETCH


def to_resolution(pet: np.ndarray, fwhm: float, target: float = TARGET_MM) -> np.ndarray:
    """A PET smoothed from one resolution to a coarser one; unchanged where it is as coarse already or nearly so.

    Args:
        pet: (91, 109, 91).
        fwhm: Resolution it has, millimetres.
        target: Resolution it shall have, millimetres.
    """
    if fwhm >= target - NEAR_MM:
        return np.asarray(pet, dtype=np.float32)
    return np.asarray(gaussian_filter(pet, np.sqrt(target**2 - fwhm**2) / FWHM_PER_SIGMA / VOXEL_MM), dtype=np.float32)
