"""A volume as DICOM planes: in LPS, stored as whole numbers, with a word burned in."""

from dataclasses import dataclass

import nibabel as nib
import numpy as np
from PIL import Image, ImageDraw

from petgen.case import SYNTHETIC, InputError
from petgen.views.colour import font

WORD = SYNTHETIC.split(",")[0]
FULL = 65535
"""The largest stored value."""
SQUARE = 1e-3
"""Most that the cosine between rows and columns may be off zero (PS3.3 C.7.6.2 asks for a right angle)."""
_SMALLEST_PX, _OF_WIDTH, _MARGIN_PX = 10, 16, 1
_ROUND_UP = 1 + 1e-6
"""So that the slope, in the 16 characters that DICOM has for it, still reaches the peak."""
LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
"""Between RAS+ and DICOM's LPS, either way."""


@dataclass(frozen=True)
class Planes:
    """Slices from inferior to superior, or along another axis where only the others are square to each other.

    Attributes:
        stored: (slices, rows, columns), uint16.
        slope: Stored value times slope is the SUVR.
        affine: 4 x 4; (column, row, slice) to LPS millimetres.
        letters: (rows, columns), bool; where the word stands in every slice.
    """

    stored: np.ndarray
    slope: float
    affine: np.ndarray
    letters: np.ndarray


def planes(image: nib.Nifti1Image) -> Planes | None:
    """The planes of an image, axial where its grid allows; letters are as bright as its highest value.

    Outside the letters the SUVR comes back within half of `slope`; what is negative becomes 0.

    Args:
        image: SUVR on any grid.

    Returns:
        None where no two axes of the grid are square to each other, so that no plane can be DICOM's.

    Raises:
        InputError: A voxel is no number.
    """
    turned = nib.as_closest_canonical(image)
    through = slicing_axis(turned.affine)
    if through is None:
        return None
    across, down = (axis for axis in range(3) if axis != through)
    data = np.asarray(turned.dataobj, dtype=np.float32)
    if not np.isfinite(data).all():
        raise InputError("the synthetic PET holds what is no number", mend="Run the case again.")
    order = np.eye(4)[:, [across, down, through, 3]]
    flip = np.diag([-1.0, -1.0, 1.0, 1.0])
    flip[:2, 3] = data.shape[across] - 1, data.shape[down] - 1
    values = np.flip(data.transpose(through, down, across), (1, 2))
    peak = float(values.max())
    slope = float(f"{(peak if peak > 0 else 1.0) / FULL * _ROUND_UP:.8e}")
    stored = np.clip(np.rint(values / np.float64(slope)), 0, FULL).astype(np.uint16)
    letters = _letters(stored.max(axis=0) > 0)
    stored[:, letters] = FULL
    return Planes(stored, slope, LPS @ turned.affine @ order @ flip, letters)


def slicing_axis(affine: np.ndarray) -> int | None:
    """The axis to slice along: the first of superior, anterior, right whose other two are square to each other.

    Args:
        affine: 4 x 4, of a grid in RAS+ order; in another order the first of the last, second, first axis.
    """
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    for through in (2, 1, 0):
        one, other = (axis for axis in range(3) if axis != through)
        if abs(axes[:, one] @ axes[:, other]) < SQUARE:
            return through
    return None


def _letters(brain: np.ndarray) -> np.ndarray:
    """Where the word stands, in the corner or at the edge where it hides least.

    Args:
        brain: (rows, columns), bool; where any slice has signal.
    """
    rows, columns = brain.shape
    ink = font(max(_SMALLEST_PX, columns // _OF_WIDTH))
    found = []
    for anchor, y in (("d", rows - _MARGIN_PX), ("a", _MARGIN_PX)):
        for side, x in (("l", _MARGIN_PX), ("r", columns - _MARGIN_PX), ("m", columns // 2)):
            picture = Image.new("L", (columns, rows))
            draw = ImageDraw.Draw(picture)
            draw.fontmode = "1"
            draw.text((x, y), WORD, fill=255, font=ink, anchor=f"{side}{anchor}")
            found.append(np.asarray(picture) > 0)
    return min(found, key=lambda letters: int((letters & brain).sum()))
