"""One scan of a stored result, with nothing that tells which of the two it is."""

from pathlib import Path
from typing import Literal

import numpy as np

from petgen.report.reopen import read_result, reading, stored_volume


def read_blinded(folder: Path, scan: Literal["reference", "synthetic"]) -> np.ndarray:
    """The reference or the synthetic PET of a result; both end at the same edge of the brain.

    Args:
        folder: As `write_outputs` wrote it with the flat layout.
        scan: Which of them.

    Returns:
        SUVR, whole cerebellum = 1, (91, 109, 91), float32, 0 or more; 0 outside the brain mask.

    Raises:
        InputError: A file is missing or damaged, or there is no reference.
    """
    with reading(folder):
        if scan == "reference" and read_result(folder).reference is None:
            raise FileNotFoundError
        values = np.nan_to_num(stored_volume(folder, f"desc-{scan}_pet"), nan=0.0)
        mask = stored_volume(folder, "label-brain_mask") > 0
        return np.where(mask, np.maximum(values, 0), 0).astype(np.float32)
