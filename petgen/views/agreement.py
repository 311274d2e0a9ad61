"""Limits of agreement between synthetic and reference PET, over regions."""

import numpy as np
import pandas as pd


def limits_of_agreement(regions: pd.DataFrame) -> tuple[float, float, float] | None:
    """Mean of synthetic minus reference SUVR over regions, and 1.96 standard deviations below and above it.

    Source: Bland and Altman, Lancet 1986;327:307.

    Args:
        regions: Columns suvr and suvr_reference.

    Returns:
        (bias, lower limit, upper limit), SUVR; None with fewer than three regions that have both.
    """
    if "suvr_reference" not in regions:
        return None
    difference = (regions["suvr"] - regions["suvr_reference"]).to_numpy(dtype=float)
    known = difference[np.isfinite(difference)]
    if known.size < 3:
        return None
    bias, spread = float(known.mean()), 1.96 * float(known.std(ddof=1))
    return bias, bias - spread, bias + spread
