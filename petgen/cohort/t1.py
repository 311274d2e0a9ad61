"""A T1w of a brain as the way to template space hands it on, with that way's errors."""

import numpy as np
import torch
import torchio as tio
from scipy.ndimage import distance_transform_edt, gaussian_filter

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import CONTRAST, Anatomy
from petgen.cohort.evidence import constant
from petgen.cohort.imaging_errors import ImagingErrors
from petgen.imaging.grid import SHAPE, VOXEL_MM
from petgen.imaging.intensity import CEILING
from petgen.imaging.prepare import FWHM_PER_SIGMA

_CONTRAST_SPREAD = constant(
    "SD of the logarithm of a tissue's T1w mean", 0.06, "assumed", "vendors and field strengths"
)
_TEXTURE = constant("T1w variation within a tissue, of white matter", (0.01, 0.03), "assumed", "3 T MPRAGE")
_SCANNER = constant(
    "T1w: blur (voxels of 2 mm), gamma (logarithm), noise SD, chances of motion and of thick slices",
    ((0.0, 0.4), (-0.2, 0.2), (0.005, 0.03), 0.1, 0.15),
    "assumed",
    "noise 2 to 3 % of white matter: 3 T MPRAGE",
)
_BORDER_VARIES_MM = constant(
    "distance over which the mask's border moves together (mm FWHM)",
    30.0,
    "assumed",
    "a brain extractor errs by region, not by voxel; the spread is measured at 10 mm",
)
_BEYOND_BRAIN = 0.3
"""Brightness of what a mask too large lets in: dura and CSF, white matter = 1."""


def acquire_t1(anatomy: Anatomy, errors: ImagingErrors, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A T1w of a brain as `petgen.imaging` hands it on, and its brain mask.

    Args:
        anatomy: The brain, already moved by the residual of the registration; where it has no T1w, contrast is
            synthesised from its tissue shares.
        errors: What strip, bias correction and intensity scale leave.
        rng: Source of randomness.

    Returns:
        T1w (91, 109, 91), float32, white matter = 1 but for the errors, zero outside the mask; mask, bool.
    """
    torch.manual_seed(int(rng.integers(2**31)))
    mask = _mask_with_errors(anatomy.mask, errors, rng)
    t1 = _from_tissue(anatomy, rng) if anatomy.t1 is None else anatomy.t1
    t1 = np.where(anatomy.mask, t1, _BEYOND_BRAIN * (1 + 0.3 * rng.standard_normal(SHAPE, dtype=np.float32)))
    blur, gamma, noise, motion, thick = _SCANNER
    chain = tio.Compose(
        [
            tio.RandomMotion(degrees=2, translation=1.5, num_transforms=1, p=motion),
            tio.RandomAnisotropy(downsampling=(1.2, 2.0), p=thick),
            tio.RandomBlur(blur),
            tio.RandomGamma(gamma),
            tio.RandomNoise(std=noise),
        ]
    )
    image = tio.ScalarImage(tensor=torch.from_numpy(np.ascontiguousarray(t1[None], dtype=np.float32)))
    seen = np.maximum(chain(image).numpy()[0], 0)
    white = np.isin(anatomy.tissue, (codes.LEFT_WHITE, codes.RIGHT_WHITE))
    seen = seen * _bias(white, errors.bias_sd, rng)
    seen *= np.exp(errors.log_white) / max(float(np.median(seen[white])), 1e-3)
    return np.where(mask, np.clip(seen, 0, CEILING), 0).astype(np.float32), mask


def _mask_with_errors(mask: np.ndarray, errors: ImagingErrors, rng: np.random.Generator) -> np.ndarray:
    """The mask with its border moved by a smooth random distance."""
    outward = distance_transform_edt(~mask, sampling=VOXEL_MM) - distance_transform_edt(mask, sampling=VOXEL_MM)
    outward += np.where(mask, VOXEL_MM / 2, -VOXEL_MM / 2)
    width = _BORDER_VARIES_MM / FWHM_PER_SIGMA / VOXEL_MM
    patches = gaussian_filter(rng.standard_normal(SHAPE, dtype=np.float32), width)
    limit = errors.border_mm + errors.border_sd_mm * patches / patches.std()
    return np.asarray(outward <= limit, dtype=bool)


def _bias(white: np.ndarray, spread: float, rng: np.random.Generator) -> np.ndarray:
    """What bias correction leaves: a smooth field with the given SD of its logarithm over white matter."""
    coefficients = rng.normal(size=20).tolist()
    field = tio.BiasField.generate_bias_field(torch.zeros(1, *SHAPE), order=3, coefficients=coefficients)
    logarithm = np.log(np.asarray(field, dtype=np.float32))
    inside = logarithm[white]
    return np.asarray(np.exp((logarithm - inside.mean()) * (spread / max(float(inside.std()), 1e-6))))


def _from_tissue(anatomy: Anatomy, rng: np.random.Generator) -> np.ndarray:
    """Contrast drawn around an MPRAGE's for every tissue and, a little, for every structure, with texture."""
    table = np.full(2036, CONTRAST["cortex"])
    table[[10, 11, 12, 13, 26, 28, 49, 50, 51, 52, 58, 60]] = CONTRAST["deep"]
    table = table * np.exp(rng.normal(0, 0.03, table.size) + rng.normal(0, _CONTRAST_SPREAD))
    csf = CONTRAST["csf"] * np.exp(rng.normal(0, _CONTRAST_SPREAD))
    t1 = anatomy.grey * table[anatomy.grey_label] + anatomy.white * CONTRAST["white"] + anatomy.csf * csf
    texture = gaussian_filter(rng.standard_normal(SHAPE, dtype=np.float32), 0.7)
    return np.asarray(t1 + rng.uniform(*_TEXTURE) * texture / texture.std(), dtype=np.float32)
