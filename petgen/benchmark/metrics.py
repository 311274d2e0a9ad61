"""How like a synthetic PET is to its reference."""

from dataclasses import dataclass

import numpy as np

from petgen.quantify import centiloid, composite_suvr, regional_suvr
from petgen.quantify.suvr import normalise_to_cerebellum

SSIM_WINDOW, SSIM_SIGMA = 11, 1.5
DATA_RANGE = 2.5
"""SUVR range that SSIM takes as full scale."""


@dataclass(frozen=True)
class Agreement:
    """Agreement of one synthetic PET with its reference.

    Attributes:
        ssim_paper: SSIM over the whole masked volume, background included, as the paper measures it.
        ssim_brain: SSIM averaged inside the brain.
        mae_suvr: Mean absolute error inside the brain, SUVR.
        regional_r: Pearson correlation over the atlas regions.
        composite: (synthetic, reference) composite SUVR.
        centiloid: (synthetic, reference) Centiloid.
    """

    ssim_paper: float
    ssim_brain: float
    mae_suvr: float
    regional_r: float
    composite: tuple[float, float]
    centiloid: tuple[float, float]


def ssim_map(a: np.ndarray, b: np.ndarray, data_range: float = DATA_RANGE) -> np.ndarray:
    """Local structural similarity (Wang 2004, Gaussian window of 11 voxels, sigma 1.5) by scikit-image.

    Args:
        a: Volume (x, y, z).
        b: Volume of the same shape.
        data_range: Full scale of both.

    Returns:
        Similarity at every voxel whose window lies inside the volume, (x - 10, y - 10, z - 10).
    """
    from skimage.metrics import structural_similarity

    _, found = structural_similarity(
        a.astype(np.float32),
        b.astype(np.float32),
        data_range=data_range,
        gaussian_weights=True,
        sigma=SSIM_SIGMA,
        use_sample_covariance=False,
        full=True,
    )
    border = slice(SSIM_WINDOW // 2, -(SSIM_WINDOW // 2))
    return np.asarray(found[border, border, border])


def agreement(
    synthetic: np.ndarray,
    reference: np.ndarray,
    labels: np.ndarray,
    mask: np.ndarray,
    cortex: np.ndarray,
    cerebellum: np.ndarray,
) -> Agreement:
    """Compares a synthetic PET with its reference.

    Args:
        synthetic: SUVR, (91, 109, 91).
        reference: SUVR, (91, 109, 91).
        labels: Atlas labels on the subject, (91, 109, 91).
        mask: Brain mask.
        cortex: Centiloid cortex mask on the subject.
        cerebellum: Whole-cerebellum mask on the subject.
    """
    made = normalise_to_cerebellum(synthetic * mask, cerebellum)
    real = normalise_to_cerebellum(reference * mask, cerebellum)
    local = ssim_map(made, real)
    border = slice(SSIM_WINDOW // 2, -(SSIM_WINDOW // 2))
    inside = mask[border, border, border]
    tables = [regional_suvr(volume, labels)["suvr"].to_numpy() for volume in (made, real)]
    known = np.isfinite(tables[0]) & np.isfinite(tables[1])
    composites = tuple(composite_suvr(volume, cortex, cerebellum) for volume in (made, real))
    return Agreement(
        float(local.mean()),
        float(local[inside].mean()),
        float(np.abs(made - real)[mask].mean()),
        float(np.corrcoef(tables[0][known], tables[1][known])[0, 1]),
        (composites[0], composites[1]),
        (centiloid(composites[0]), centiloid(composites[1])),
    )


def summarise(found: list[Agreement]) -> dict[str, float]:
    """Means over subjects, and what only a group has: Centiloid correlation and AUC (positive: 25 and above)."""
    from sklearn.metrics import roc_auc_score

    made, real = np.array([item.centiloid for item in found]).T
    composites = np.array([item.composite for item in found])
    summary = {
        "ssim_paper": float(np.mean([item.ssim_paper for item in found])),
        "ssim_brain": float(np.mean([item.ssim_brain for item in found])),
        "mae_suvr": float(np.mean([item.mae_suvr for item in found])),
        "regional_r_within": float(np.mean([item.regional_r for item in found])),
        "composite_mae": float(np.abs(composites[:, 0] - composites[:, 1]).mean()),
        "centiloid_mae": float(np.abs(made - real).mean()),
        "centiloid_r": float(np.corrcoef(made, real)[0, 1]),
    }
    if 0 < (real >= 25).sum() < len(real):
        summary["auc_spet"] = float(roc_auc_score(real >= 25, made))
    return {name: round(value, 4) for name, value in summary.items()}
