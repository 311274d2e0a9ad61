"""MRI, synthetic PET and reference in a few axial slices, on one picture."""

import numpy as np
from PIL import Image, ImageDraw

from petgen.case import SYNTHETIC, Synthesis
from petgen.views.colour import Colormap, font
from petgen.views.slices import plane
from petgen.views.tracers import synthetic_window

LEVELS_MM = (-26, 2, 26, 46)
"""Cerebellum and temporal lobes, striatum, cingulate and precuneus, parietal lobes: template z, millimetres."""
SCENARIO_LEVELS_MM = (2, 26)
"""Striatum, cingulate and precuneus: template z, millimetres."""
T1_WINDOW = (0.0, 1.25)
_STAMP = SYNTHETIC.split(",")[0]


def pet_montage(suvr: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    """A PET in the same axial slices, two by two, colours (rows, columns, 3), uint8.

    Args:
        suvr: (91, 109, 91).
        window: SUVR at the ends of the scale.
    """
    row = _row(suvr, window, stamp=_STAMP)
    return _smaller(np.concatenate(np.split(row, 2, axis=1)))


def overview_picture(synthesis: Synthesis) -> np.ndarray:
    """Axial slices, radiological: a row of the MRI, one of the synthetic PET, one of the reference where there is one;
    both PET in one window (`synthetic_window`).

    Args:
        synthesis: A finished case.

    Returns:
        Colours, (rows, columns, 3), uint8.
    """
    window = synthetic_window(synthesis)
    rows = [_row(synthesis.t1, T1_WINDOW, "grey"), _row(synthesis.suvr, window, stamp=_STAMP)]
    found = synthesis.result.reference
    if synthesis.reference is not None:
        rows.append(_row(synthesis.reference, window, stamp="SIMULATED" if found and found.simulated else "OWN PET"))
    return _smaller(np.concatenate(rows))


def scenario_picture(negative: np.ndarray, positive: np.ndarray, window: tuple[float, float]) -> np.ndarray:
    """Both scenarios in two slices each, side by side, colours (rows, columns, 3), uint8.

    Args:
        negative: SUVR if amyloid negative, (91, 109, 91).
        positive: Likewise if positive.
        window: SUVR at the ends of the scale.
    """
    rows = []
    for volume, words in ((negative, "if negative"), (positive, "if positive")):
        row = Image.fromarray(_row(volume, window, stamp=_STAMP, levels=SCENARIO_LEVELS_MM))
        draw, step = ImageDraw.Draw(row), row.width // len(SCENARIO_LEVELS_MM)
        for number in range(len(SCENARIO_LEVELS_MM)):
            draw.text((step * (number + 1) - 10, 10), words, fill=(50, 50, 50), font=font(24), anchor="rt")
        rows.append(np.asarray(row))
    return _smaller(np.concatenate(rows, axis=1))


def _smaller(picture: np.ndarray) -> np.ndarray:
    whole = Image.fromarray(picture)
    return np.asarray(whole.resize((whole.width * 3 // 4, whole.height * 3 // 4), Image.Resampling.LANCZOS))


def _row(
    volume: np.ndarray,
    window: tuple[float, float],
    colormap: Colormap = "inverse grey",
    *,
    stamp: str = "",
    levels: tuple[int, ...] = LEVELS_MM,
) -> np.ndarray:
    return np.concatenate(
        [plane(volume, "axial", (0, 0, z), window, colormap, stamp=stamp, crosshair=False) for z in levels],
        axis=1,
    )
