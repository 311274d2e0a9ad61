"""DICOM planes in their order in space: where the slices lie, whether any is missing, and the affine."""

from dataclasses import dataclass

import numpy as np

from petgen.case import InputError
from petgen.imaging.dicom_header import Frame
from petgen.imaging.dicom_series import Series
from petgen.imaging.header import MAX_VOXELS

UNEVEN = 0.05
SAME_PLACE_MM = 0.02
OFF_LINE_MM = 0.5
WHOLE = "Export the whole series again, with every slice once."


@dataclass(frozen=True)
class Stack:
    """Planes by slice.

    Attributes:
        slices: For every slice from the first to the last along the normal, its planes in order of time.
        affine: 4 x 4, (column, row, slice) to RAS+ millimetres.
        name: The series in two words.
    """

    slices: tuple[tuple[Frame, ...], ...]
    affine: np.ndarray
    name: str

    @property
    def shape(self) -> tuple[int, int, int]:
        """Columns, rows, slices."""
        rows, columns = self.slices[0][0].shape
        return columns, rows, len(self.slices)


def stack(series: Series) -> Stack:
    """The slices of a series and its affine; a tilted gantry gives a sheared one.

    Raises:
        InputError: One slice only, slices missing or unevenly spaced or not in one line, or too many voxels.
    """
    heights = series.heights()
    order = np.argsort(heights, kind="stable")
    cuts = np.flatnonzero(np.diff(heights[order]) > SAME_PLACE_MM) + 1
    slices = tuple(
        tuple(sorted((series.frames[int(n)] for n in level), key=lambda frame: frame.time))
        for level in np.split(order, cuts)
    )
    rows, columns = series.frames[0].shape
    if len(slices) < 2:
        raise InputError("the series has one slice only", where=series.name, mend=WHOLE)
    if rows * columns * len(slices) > MAX_VOXELS:
        raise InputError("the series has more than 512 x 512 x 512 voxels", where=series.name, mend="Resample it.")
    places = np.array([level[0].place for level in slices])
    _evenly(heights[order][np.concatenate([[0], cuts])], series.name)
    step = (places[-1] - places[0]) / (len(places) - 1)
    line = places[0] + np.arange(len(places))[:, None] * step
    if np.abs(places - line).max() > max(OFF_LINE_MM, UNEVEN * float(np.linalg.norm(step))):
        raise InputError("the slices do not lie in one line", where=series.name, mend=WHOLE)
    return Stack(slices, _affine(series.frames[0], places[0], step), series.name)


def _evenly(heights: np.ndarray, name: str) -> None:
    """Refuses gaps; says how many slices are missing and after which, where the gaps are whole numbers of slices."""
    gaps = np.diff(heights)
    usual = float(np.median(gaps))
    uneven = np.flatnonzero(np.abs(gaps - usual) > UNEVEN * usual)
    if not uneven.size:
        return
    missing = gaps[uneven] / usual - 1
    if np.abs(missing - missing.round()).max() <= 2 * UNEVEN and missing.min() > 0.5:
        count = int(missing.round().sum())
        after = ", ".join(f"slice {at + 1}" for at in uneven[:10]) + (" and others" if len(uneven) > 10 else "")
        what = f"{count} {'slice is' if count == 1 else 'slices are'} missing, after {after} of {len(heights)}"
    else:
        what = (
            f"the slices are unevenly spaced: {gaps.min():.2f} to {gaps.max():.2f} mm, usually {usual:.2f} mm, "
            f"first after slice {uneven[0] + 1} of {len(heights)}"
        )
    raise InputError(what, where=name, mend=WHOLE)


def _affine(frame: Frame, origin: np.ndarray, step: np.ndarray) -> np.ndarray:
    affine = np.eye(4)
    affine[:3, 0] = np.array(frame.turn[:3]) * frame.spacing[1]
    affine[:3, 1] = np.array(frame.turn[3:]) * frame.spacing[0]
    affine[:3, 2] = step
    affine[:3, 3] = origin
    return np.diag([-1.0, -1.0, 1.0, 1.0]) @ affine
