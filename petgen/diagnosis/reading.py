"""An automated read of a florbetapir PET by the published rule: is the contrast of grey and white matter lost?

The rule (prescribing information of florbetapir, in our words): a negative scan shows more uptake in white matter than
in the cortex beside it, everywhere. A scan is positive when that contrast is reduced or gone in at least two areas of
the brain, each larger than one gyrus, or when in at least one such area the cortex is intense and clearly exceeds the
white matter beside it. "Reduced" is measured here against amyloid-negative scans, gyrus by gyrus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from petgen.case import InputError, Reading
from petgen.case.plain import shown
from petgen.checksums import verified
from petgen.imaging.grid import VOXEL_MM
from petgen.quantify.atlas import Region, regions
from petgen.quantify.lobes import lobe_of
from petgen.quantify.suvr import region_means

AREAS = ("Frontal", "Temporal", "Parietal", "Precuneus and posterior cingulate", "Occipital")
"""Areas that the label asks to look at, the cerebellum aside."""
GYRI = 2
"""An area counts when at least so many of its gyri show the sign: larger than one gyrus."""
REDUCED_FROM = 2.25
"""Standard deviations above amyloid-negative scans from which a gyrus' contrast counts as reduced (chosen on simulated
calibration scans, where kappa with 25 Centiloids is largest, 0.75; `petgen calibrate` tells how well)."""
INTENSE_FROM = 1.05
"""Cortex over adjacent white matter from which the cortex is intense (assumed: the label gives no number)."""
_BESIDE_MM = (3.0, 14.0)
_WHITE = (2, 41)
_GREY_T1, _WHITE_T1 = (0.5, 0.9), 0.9
"""Brightness of the T1w, white matter = 1, at which labelled voxels are taken for grey and for white matter."""
_NOT_READ = ("entorhinal", "parahippocampal", "temporalpole", "frontalpole", "Insula")
_MIDLINE = ("precuneus", "posteriorcingulate", "isthmuscingulate")


@dataclass(frozen=True)
class _Gyrus:
    place: int
    area: str


@cache
def _gyri() -> tuple[_Gyrus, ...]:
    """Cortical regions that are read: their place in `regions` and their area."""
    return tuple(_Gyrus(k, area) for k, region in enumerate(regions()) if (area := _area(region)))


def _area(region: Region) -> str:
    if region.name in _NOT_READ:
        return ""
    if region.name in _MIDLINE:
        return AREAS[3]
    lobe = lobe_of(region.name)
    return lobe if lobe in AREAS else ""


def contrast(suvr: np.ndarray, labels: np.ndarray, t1: np.ndarray) -> np.ndarray:
    """Uptake of every region's grey matter over that of the white matter beside it, (regions,), as in `regions`.

    White matter beside a region is what lies nearest to it among all cortical regions, 3 to 14 mm away.

    Args:
        suvr: (91, 109, 91), any unit.
        labels: Atlas labels on the subject, (91, 109, 91), 0 outside the brain.
        t1: The subject's T1w, (91, 109, 91), white matter = 1.

    Returns:
        Ratios; NaN outside the cortex and where a region or its white matter is lost.
    """
    from scipy.ndimage import distance_transform_edt

    cortex = np.isin(labels, [region.index for region in regions() if lobe_of(region.name)])
    if not cortex.any():
        return np.full(len(regions()), np.nan)
    away, nearest = distance_transform_edt(~cortex, sampling=VOXEL_MM, return_indices=True)
    near, far = _BESIDE_MM
    beside = np.isin(labels, _WHITE) & (away >= near) & (away <= far) & (t1 > _WHITE_T1)
    grey = cortex & (t1 > _GREY_T1[0]) & (t1 < _GREY_T1[1])
    owner = np.where(beside, labels[tuple(nearest)], 0)
    return np.asarray(region_means(suvr, np.where(grey, labels, 0)) / region_means(suvr, owner))


class ReadingNorms(BaseModel):
    """The contrast of amyloid-negative scans, kept as JSON beside the weights.

    Attributes:
        mean: Mean of the logarithm of `contrast` by region; None where it is not measured.
        sd: Its standard deviation.
        n: Scans.
        data: What the scans are.
    """

    mean: list[float | None]
    sd: list[float | None]
    n: int
    data: str

    def above(self, ratios: np.ndarray) -> np.ndarray:
        """Standard deviations by which each region exceeds negative scans, (regions,); NaN where unknown."""
        mean, sd = (np.array(values, dtype=float) for values in (self.mean, self.sd))
        return np.asarray((np.log(ratios) - mean) / sd)

    def save(self, path: Path) -> None:
        """Writes the norms as JSON."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "ReadingNorms":
        """The norms that `save` wrote.

        Raises:
            InputError: The file is missing or damaged.
        """
        verified(path)
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"norms cannot be read ({shown(str(error), 200)})", where=str(path), mend="Reinstall petgen."
            ) from None


def fit_norms(ratios: Sequence[np.ndarray], data: str) -> ReadingNorms:
    """Norms from amyloid-negative scans.

    Args:
        ratios: As from `contrast`, one array a scan.
        data: What the scans are.
    """
    logs = np.log(np.array(ratios))
    known = np.isfinite(logs).sum(0) >= max(2, len(logs) // 2)

    def column(values: np.ndarray) -> list[float | None]:
        return [round(float(value), 5) if ok else None for value, ok in zip(values, known, strict=True)]

    filled = np.where(known, logs, 0.0)
    return ReadingNorms(
        mean=column(np.nanmean(filled, 0)), sd=column(np.nanstd(filled, 0, ddof=1)), n=len(logs), data=data
    )


def read(ratios: np.ndarray, norms: ReadingNorms) -> Reading:
    """The rule on one scan.

    Args:
        ratios: As from `contrast`.
        norms: Of amyloid-negative scans.
    """
    reduced, intense = _areas_above(norms.above(ratios), REDUCED_FROM), _areas_above(ratios, INTENSE_FROM)
    return Reading(positive=len(reduced) >= 2 or bool(intense), reduced=reduced, intense=intense)


def _areas_above(signs: np.ndarray, limit: float) -> list[str]:
    return [
        area
        for area in AREAS
        if sum(bool(signs[gyrus.place] >= limit) for gyrus in _gyri() if gyrus.area == area) >= GYRI
    ]
