"""The table of regions, on the screen and as a file."""

import pandas as pd

from petgen.case import SYNTHETIC, Synthesis
from petgen.quantify.groups import negative_suvr
from petgen.quantify.lobes import lobe_of, readable

_SIDES = {"L": "left", "R": "right"}
_ENDS = ("low", "high")


def cortical_regions(regions: pd.DataFrame) -> pd.DataFrame:
    """SUVR of cortical regions, left beside right.

    Args:
        regions: Columns index, name, hemisphere, suvr, and where there are intervals suvr_low, suvr_high.

    Returns:
        Columns lobe, name, L, R, mean (SUVR), negative (mean of the amyloid-negative group over both sides), and the
        intervals L_low, L_high, R_low, R_high, empty where there are none; lobes from the highest mean to the lowest,
        regions so within lobes.
    """
    cortex = regions[regions["name"].map(lobe_of) != ""]
    negative = negative_suvr(cortex).groupby(cortex["name"]).mean()
    sides = _beside(cortex, "suvr").reset_index()
    for end, values in zip(_ENDS, _intervals(cortex), strict=True):
        ends = _beside(cortex.assign(end=values), "end")
        for side in ("L", "R"):
            sides[f"{side}_{end}"] = sides["name"].map(ends[side])
    sides["lobe"] = sides["name"].map(lobe_of)
    sides["mean"] = sides[["L", "R"]].mean(axis=1)
    sides["lobe_mean"] = sides.groupby("lobe")["mean"].transform("mean")
    ordered = sides.sort_values(["lobe_mean", "lobe", "mean"], ascending=[False, True, False], ignore_index=True)
    ordered["negative"] = ordered["name"].map(negative)
    ordered["name"] = ordered["name"].map(readable)
    columns = ["lobe", "name", "L", "R", "mean", "negative", *(f"{side}_{end}" for side in "LR" for end in _ENDS)]
    return ordered[columns].rename_axis(columns=None)


def _beside(cortex: pd.DataFrame, column: str) -> pd.DataFrame:
    return cortex.pivot(index="name", columns="hemisphere", values=column).reindex(columns=["L", "R"])


def region_table(regions: pd.DataFrame) -> pd.DataFrame:
    """Regions in plain words: region, side, suvr, its 90 % interval, the mean of the amyloid-negative group, reference
    (where there is one); highest SUVR first.
    """
    table = pd.DataFrame(
        {
            "region": regions["name"].map(lambda name: readable(str(name))),
            "side": regions["hemisphere"].map(lambda side: _SIDES.get(str(side), "midline")),
            "suvr": regions["suvr"],
            "interval": [_span(low, high) for low, high in zip(*_intervals(regions), strict=True)],
            "negative": negative_suvr(regions),
        }
    )
    if "suvr_reference" in regions:
        table.insert(5, "reference", regions["suvr_reference"])
    return table.sort_values("suvr", ascending=False, ignore_index=True)


def _intervals(regions: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    empty = pd.Series(float("nan"), regions.index)
    return regions.get("suvr_low", empty), regions.get("suvr_high", empty)


def _span(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}" if low == low and high == high else ""


def regions_csv(synthesis: Synthesis) -> bytes:
    """Regions as a CSV file with the amyloid-negative group's means, each row marked as synthetic and with the model's
    version.
    """
    table = synthesis.regions.assign(
        suvr_negative_group=negative_suvr(synthesis.regions),
        code=synthesis.code,
        model_version=synthesis.result.model_version,
        provenance=SYNTHETIC,
    )
    return bytes(table.to_csv(index=False, float_format="%.4f").encode())
