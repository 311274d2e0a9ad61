"""How like a synthetic PET is to its reference."""

from dataclasses import dataclass

import numpy as np

from petgen.quantify import Equation, composite_suvr, region_means
from petgen.quantify.centiloid import FLORBETAPIR
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
        psnr_brain: Peak signal-to-noise ratio inside the brain, dB; peak: `DATA_RANGE`.
        mae_suvr: Mean absolute error inside the brain, SUVR.
        regional_r: Pearson correlation over the atlas regions.
        composite: (synthetic, reference) composite SUVR.
        centiloid: (synthetic, reference) Centiloid.
        regions: (2, regions): SUVR of synthetic and reference by region; NaN where one is lost.
    """

    ssim_paper: float
    ssim_brain: float
    psnr_brain: float
    mae_suvr: float
    regional_r: float
    composite: tuple[float, float]
    centiloid: tuple[float, float]
    regions: np.ndarray


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
    equations: tuple[Equation, Equation] = (FLORBETAPIR, FLORBETAPIR),
) -> Agreement:
    """Compares a synthetic PET with its reference.

    Args:
        synthetic: SUVR, (91, 109, 91).
        reference: SUVR, (91, 109, 91).
        labels: Atlas labels on the subject, (91, 109, 91).
        mask: Brain mask.
        cortex: Centiloid cortex mask on the subject.
        cerebellum: Whole-cerebellum mask on the subject.
        equations: Of the tracers of both.
    """
    made = normalise_to_cerebellum(synthetic * mask, cerebellum)
    real = normalise_to_cerebellum(reference * mask, cerebellum)
    local = ssim_map(made, real)
    border = slice(SSIM_WINDOW // 2, -(SSIM_WINDOW // 2))
    inside = mask[border, border, border]
    tables = np.stack([region_means(volume, labels) for volume in (made, real)])
    difference = (made - real)[mask]
    composites = tuple(composite_suvr(volume, cortex, cerebellum) for volume in (made, real))
    return Agreement(
        float(local.mean()),
        float(local[inside].mean()),
        float(10 * np.log10(DATA_RANGE**2 / max(float((difference**2).mean()), 1e-12))),
        float(np.abs(difference).mean()),
        correlation(*tables),
        (composites[0], composites[1]),
        (equations[0].centiloid(composites[0]), equations[1].centiloid(composites[1])),
        tables,
    )


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson correlation over the places where both are finite; NaN when one of them does not vary."""
    known = np.isfinite(a) & np.isfinite(b)
    x, y = a[known] - a[known].mean(), b[known] - b[known].mean()
    size = float(np.sqrt((x**2).sum() * (y**2).sum()))
    return float((x * y).sum() / size) if size > 1e-9 else float("nan")
