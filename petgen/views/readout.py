"""What lies under the crosshair."""

import numpy as np
import pandas as pd

from petgen.quantify.lobes import readable
from petgen.views.marks import Position
from petgen.views.slices import voxel_at

_SIDES = {"L": "left ", "R": "right "}


def value_at(volume: np.ndarray, mm: Position) -> float:
    """Value of a volume (91, 109, 91) at a point in template millimetres, in the volume's unit."""
    return float(volume[voxel_at(mm)])


def region_at(parcellation: np.ndarray, regions: pd.DataFrame, mm: Position) -> str:
    """Name and side of the region at a point in template millimetres, empty outside every region.

    Args:
        parcellation: Labels, (91, 109, 91).
        regions: Columns index, name, hemisphere.
        mm: Point (x, y, z).
    """
    rows = regions[regions["index"] == int(parcellation[voxel_at(mm)])]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    return f"{_SIDES.get(str(row['hemisphere']), '')}{readable(str(row['name']))}"
