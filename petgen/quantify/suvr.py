"""Regional and composite SUVR."""

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter

from petgen.case import InputError
from petgen.imaging.grid import VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA
from petgen.quantify.atlas import regions


def normalise_to_cerebellum(pet: np.ndarray, cerebellum: np.ndarray) -> np.ndarray:
    """Scales a PET so that the whole cerebellum has mean 1.

    Args:
        pet: (91, 109, 91), any unit.
        cerebellum: Whole-cerebellum mask on the subject, (91, 109, 91), bool.

    Raises:
        InputError: No signal in the reference region.
    """
    inside = pet[cerebellum]
    reference = float(inside.mean()) if inside.size else 0.0
    if not np.isfinite(reference) or reference <= 0:
        raise InputError("no signal in the cerebellum, the reference region", mend="Check the field of view.")
    return (pet / reference).astype(np.float32)


def blurred(suvr: np.ndarray, fwhm_mm: float, mask: np.ndarray) -> np.ndarray:
    """A PET at a lower resolution, (91, 109, 91), float32; what lies outside the brain plays no part.

    Args:
        suvr: (91, 109, 91), zero outside the brain.
        fwhm_mm: Of the Gaussian.
        mask: Brain mask.
    """
    width = fwhm_mm / FWHM_PER_SIGMA / VOXEL_MM
    image, inside = (gaussian_filter(volume.astype(np.float32), width) for volume in (suvr, mask))
    return np.asarray(np.where(mask, image / np.maximum(inside, 1e-3), 0), dtype=np.float32)


def on_line(suvr: np.ndarray, gain: float, mask: np.ndarray) -> np.ndarray:
    """A PET on a site's scale: the straight line through (1, 1), where the reference region stands on every scale.

    A tracer's or a scanner's uptake is taken for a straight line of another's, as the Centiloid equations take it
    (Klunk 2015); the whole cerebellum is 1 on both, so the slope alone is open.

    Args:
        suvr: (91, 109, 91), whole cerebellum = 1.
        gain: Slope of the line.
        mask: Brain mask; outside stays zero, and inside nothing falls below zero.
    """
    return np.asarray(np.where(mask, np.maximum(gain * suvr + (1 - gain), 0), 0), dtype=np.float32)


def composite_suvr(suvr: np.ndarray, cortex: np.ndarray, cerebellum: np.ndarray) -> float:
    """Mean SUVR in the Centiloid cortex mask relative to the whole cerebellum (Klunk 2015).

    Args:
        suvr: (91, 109, 91).
        cortex: Centiloid cortex mask on the subject, (91, 109, 91), bool.
        cerebellum: Whole-cerebellum mask on the subject, (91, 109, 91), bool.
    """
    return float(suvr[cortex].mean() / suvr[cerebellum].mean())


def region_means(suvr: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean SUVR of every region of the atlas, (regions,), in the order of `regions`; NaN where one is lost.

    Args:
        suvr: (91, 109, 91).
        labels: Atlas labels on the subject, (91, 109, 91), 0 outside the brain.
    """
    wanted = [region.index for region in regions()]
    size = max(*wanted, int(labels.max())) + 1
    count = np.bincount(labels.ravel(), minlength=size)[wanted]
    total = np.bincount(labels.ravel(), weights=suvr.ravel(), minlength=size)[wanted]
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))


def regional_suvr(suvr: np.ndarray, labels: np.ndarray) -> pd.DataFrame:
    """Volume and mean SUVR of every region of the atlas.

    Args:
        suvr: (91, 109, 91).
        labels: Atlas labels on the subject, (91, 109, 91), 0 outside the brain.

    Returns:
        One row a region with columns index, name, hemisphere ("L", "R" or ""), volume_ml, suvr; a region that
        the registration lost has volume 0 and no SUVR (NaN).
    """
    count = np.bincount(labels.ravel())
    rows = []
    for region, mean in zip(regions(), region_means(suvr, labels), strict=True):
        n = int(count[region.index]) if region.index < len(count) else 0
        rows.append((region.index, region.name, region.hemisphere, n * VOXEL_MM**3 / 1000, float(mean)))
    return pd.DataFrame(rows, columns=["index", "name", "hemisphere", "volume_ml", "suvr"])
