"""Cortical regions by lobe, with names as a physician writes them."""

import pandas as pd

_LOBES: dict[str, dict[str, str]] = {
    "Frontal": {
        "superiorfrontal": "superior frontal",
        "rostralmiddlefrontal": "rostral middle frontal",
        "caudalmiddlefrontal": "caudal middle frontal",
        "parsopercularis": "pars opercularis",
        "parstriangularis": "pars triangularis",
        "parsorbitalis": "pars orbitalis",
        "lateralorbitofrontal": "lateral orbitofrontal",
        "medialorbitofrontal": "medial orbitofrontal",
        "precentral": "precentral",
        "paracentral": "paracentral",
        "frontalpole": "frontal pole",
    },
    "Cingulate": {
        "rostralanteriorcingulate": "rostral anterior cingulate",
        "caudalanteriorcingulate": "caudal anterior cingulate",
        "posteriorcingulate": "posterior cingulate",
        "isthmuscingulate": "isthmus of cingulate",
    },
    "Parietal": {
        "superiorparietal": "superior parietal",
        "inferiorparietal": "inferior parietal",
        "supramarginal": "supramarginal",
        "postcentral": "postcentral",
        "precuneus": "precuneus",
    },
    "Temporal": {
        "superiortemporal": "superior temporal",
        "middletemporal": "middle temporal",
        "inferiortemporal": "inferior temporal",
        "bankssts": "banks of STS",
        "fusiform": "fusiform",
        "transversetemporal": "transverse temporal",
        "entorhinal": "entorhinal",
        "temporalpole": "temporal pole",
        "parahippocampal": "parahippocampal",
    },
    "Occipital": {
        "lateraloccipital": "lateral occipital",
        "lingual": "lingual",
        "cuneus": "cuneus",
        "pericalcarine": "pericalcarine",
    },
    "Insula": {"insula": "insula"},
}
_LOBE = {name: lobe for lobe, names in _LOBES.items() for name in names}
_READABLE = {name: text for names in _LOBES.values() for name, text in names.items()}


def readable(name: str) -> str:
    """Name of a region in plain words; names outside the cortex stay as they are."""
    return _READABLE.get(name, name)


def lobe_of(name: str) -> str:
    """Lobe of a cortical region, empty outside the cortex."""
    return _LOBE.get(name, "")


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
