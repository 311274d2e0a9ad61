"""The intensity convention of T1w images: white matter is 1."""

from functools import cache

import numpy as np

from petgen.case import InputError
from petgen.imaging.grid import template_white_matter

CEILING = 2.0
BRIGHT = 0.75
"""Share of the upper quartile below which a voxel is taken for CSF: wide ventricles reach into the template's white
matter."""
WHITE_OF_BRIGHT = 0.95
"""Median of true white matter over the median of those bright voxels (15 segmented NiChart scans: 0.90 to 0.97)."""

NEGATIVE_DEPTH = 0.05
"""Negative intensities count from this share of the 99th percentile on."""
NEGATIVE_SHARE = 0.01


@cache
def _sure_white_matter() -> np.ndarray:
    from scipy.ndimage import binary_erosion

    return np.asarray(binary_erosion(template_white_matter() > 0.9))


def normalise(t1: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Scales a T1w so that the median of white matter is 1, clips it to [0, 2] and masks it.

    White matter is looked for where the template has it for certain; what is dark there is left out.

    Args:
        t1: T1w on the working grid, (91, 109, 91), any unit.
        mask: Brain mask, (91, 109, 91), bool.

    Returns:
        T1w, white matter = 1, zero outside the mask, float32.

    Raises:
        InputError: There is no signal where white matter should be.
    """
    inside = t1[_sure_white_matter() & mask]
    bright = inside[inside > BRIGHT * np.percentile(inside, 75)] if inside.size else inside
    white = WHITE_OF_BRIGHT * float(np.median(bright)) if bright.size else 0.0
    if not np.isfinite(white) or white <= 0:
        raise InputError(
            "no signal where white matter should be", mend="Check that the scan is a T1w of a whole head or brain."
        )
    return np.where(mask, np.clip(t1 / white, 0, CEILING), 0).astype(np.float32)


def negative(data: np.ndarray) -> list[str]:
    """A warning where a T1w holds negative intensities to speak of, as CT and standardised images do; else none.

    Overshoot of an interpolation stays: it is small, and rare.

    Args:
        data: Voxels, any shape and unit.
    """
    some = data[tuple(slice(None, None, 2) for _ in data.shape)]
    bright = float(np.percentile(some, 99))
    share = float((some < -NEGATIVE_DEPTH * abs(bright)).mean())
    if share <= NEGATIVE_SHARE:
        return []
    return [
        f"{share:.0%} of the voxels are negative, down to {float(data.min()):.4g}; a T1w has none. "
        "Check that it is no CT and was not standardised."
    ]
