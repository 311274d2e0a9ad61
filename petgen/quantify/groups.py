"""What regions show on average in the public florbetapir group maps."""

from functools import cache

import pandas as pd

from petgen.assets import asset


def group_means() -> pd.DataFrame:
    """Regional SUVR of the public florbetapir group maps: label, name, negative, positive (whole cerebellum = 1)."""
    return pd.read_csv(asset("atlas", "florbetapir_regional_suvr.csv"))


@cache
def _negative() -> pd.Series:
    return group_means().set_index("label")["negative"]


def negative_suvr(regions: pd.DataFrame) -> pd.Series:
    """Mean SUVR of the amyloid-negative group, for each row of a table of regions.

    Args:
        regions: Column index (FreeSurfer's numbers).
    """
    found: pd.Series = regions["index"].map(_negative())
    return found
