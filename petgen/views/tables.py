"""The table of regions, on the screen and as a file."""

import pandas as pd

from petgen.case import SYNTHETIC, Synthesis
from petgen.quantify.lobes import lobe_of, readable

_SIDES = {"L": "left", "R": "right"}


def cortical_regions(regions: pd.DataFrame) -> pd.DataFrame:
    """SUVR of cortical regions, left beside right.

    Args:
        regions: Columns name, hemisphere, suvr.

    Returns:
        Columns lobe, name, L, R, mean (SUVR); lobes from the highest mean to the lowest, regions so within lobes.
    """
    cortex = regions[regions["name"].map(lobe_of) != ""]
    sides = cortex.pivot(index="name", columns="hemisphere", values="suvr").reindex(columns=["L", "R"]).reset_index()
    sides["lobe"] = sides["name"].map(lobe_of)
    sides["mean"] = sides[["L", "R"]].mean(axis=1)
    sides["lobe_mean"] = sides.groupby("lobe")["mean"].transform("mean")
    ordered = sides.sort_values(["lobe_mean", "lobe", "mean"], ascending=[False, True, False], ignore_index=True)
    ordered["name"] = ordered["name"].map(readable)
    return ordered[["lobe", "name", "L", "R", "mean"]].rename_axis(columns=None)


def region_table(regions: pd.DataFrame) -> pd.DataFrame:
    """Regions in plain words: region, side, suvr, its 90 % interval, volume_ml; reference (where there is
    one); highest SUVR first.
    """
    table = pd.DataFrame(
        {
            "region": regions["name"].map(lambda name: readable(str(name))),
            "side": regions["hemisphere"].map(lambda side: _SIDES.get(str(side), "midline")),
            "suvr": regions["suvr"],
            "interval": [_span(low, high) for low, high in zip(*_intervals(regions), strict=True)],
            "volume_ml": regions["volume_ml"],
        }
    )
    if "suvr_reference" in regions:
        table.insert(4, "reference", regions["suvr_reference"])
    return table.sort_values("suvr", ascending=False, ignore_index=True)


def _intervals(regions: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    empty = pd.Series(float("nan"), regions.index)
    return regions.get("suvr_low", empty), regions.get("suvr_high", empty)


def _span(low: float, high: float) -> str:
    return f"{low:.2f} to {high:.2f}" if low == low and high == high else ""


def regions_csv(synthesis: Synthesis) -> bytes:
    """Regions as a CSV file, each row marked as synthetic and with the model's version."""
    table = synthesis.regions.assign(
        code=synthesis.code, model_version=synthesis.result.model_version, provenance=SYNTHETIC
    )
    return bytes(table.to_csv(index=False, float_format="%.4f").encode())
