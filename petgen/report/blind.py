"""One scan of a stored result, with nothing that tells which of the two it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from petgen.report.reopen import read_result, reading, stored_volume
from petgen.views.tracers import own_window


@dataclass(frozen=True)
class Blinded:
    """A scan to read.

    Attributes:
        suvr: SUVR, whole cerebellum = 1, (91, 109, 91), float32, 0 or more; 0 outside the brain mask.
        high: SUVR at the upper end of its scale, by its tracer's rule on this scan alone.
    """

    suvr: np.ndarray
    high: float


def read_blinded(folder: Path, scan: Literal["reference", "synthetic"]) -> Blinded:
    """The reference or the synthetic PET of a result; both end at the same edge of the brain.

    Args:
        folder: As `write_outputs` wrote it with the flat layout.
        scan: Which of them.

    Raises:
        InputError: A file is missing or damaged, or there is no reference.
    """
    with reading(folder):
        result = read_result(folder)
        if scan == "reference" and result.reference is None:
            raise FileNotFoundError
        tracer = result.reference.tracer if scan == "reference" and result.reference else result.tracer
        values = np.nan_to_num(stored_volume(folder, f"desc-{scan}_pet"), nan=0.0)
        mask = stored_volume(folder, "label-brain_mask") > 0
        suvr = np.where(mask, np.maximum(values, 0), 0).astype(np.float32)
        return Blinded(suvr, own_window(suvr, stored_volume(folder, "desc-atlas_dseg"), tracer)[1])
