"""What the scanners make of a brain: the T1w and the PET."""

import numpy as np
import torch
import torchio as tio
from scipy.ndimage import binary_dilation, binary_erosion, gaussian_filter

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy, plain_contrast
from petgen.cohort.uptake import blur, depth_gain, paint, uptake_table
from petgen.imaging.grid import SHAPE, VOXEL_MM
from petgen.imaging.intensity import normalise
from petgen.quantify.centiloid import INTERCEPT, SLOPE

PET_FWHM_MM = 8.0
"""Resolution of the PET after harmonisation (ADNI smooths to 8 mm)."""
NOISE = 0.035
"""Voxel noise after smoothing to 8 mm, of the local mean (3 to 5 %, assumed; Ikari 2016 allows 15 % unsmoothed)."""
CORTICAL_RANGE = (0.75, 1.35)
"""Bounds of the factor on a brain's non-specific cortical uptake (assumed)."""


def acquire_pet(anatomy: Anatomy, centiloid: float, rng: np.random.Generator) -> np.ndarray:
    """A noisy florbetapir SUVR image of a brain, (91, 109, 91), float32, zero outside the brain.

    Args:
        anatomy: The brain.
        centiloid: True amyloid load in Centiloids. Cortical uptake and load are set so that the noise-free image
            measures it whatever the brain's partial volume: published distributions are of measured Centiloids.
        rng: Source of randomness.
    """
    table, gain = uptake_table(), depth_gain(anatomy.parcels)
    base = table.base * _regional(0.04, rng)
    base[[codes.LEFT_WHITE, codes.RIGHT_WHITE]] *= np.exp(rng.normal(0, 0.07))
    onset = 1 / (1 + np.exp(-(centiloid - 15) / 10))
    early = 1 + (1 - onset) * 0.5 * (table.capacity / np.max(table.capacity) - 0.7)
    capacity = table.capacity * early * _regional(0.12, rng)
    cortical = np.arange(base.size) >= 1000
    elsewhere, cortex, amyloid = (
        blur(paint(anatomy.parcels, np.maximum(uptake, low), gain), PET_FWHM_MM)
        for uptake, low in ((base * ~cortical, 0), (base * cortical, 0), (capacity, -1))
    )
    reference, target = anatomy.cerebellum, anatomy.cortex
    scale = float((elsewhere + cortex)[reference].mean())

    def composite(volume: np.ndarray) -> float:
        return float(volume[target].mean()) / scale

    zero = composite(elsewhere)
    factor = float(np.clip((-INTERCEPT / SLOPE - zero) / composite(cortex), *CORTICAL_RANGE))
    load = ((centiloid - INTERCEPT) / SLOPE - zero - factor * composite(cortex)) / composite(amyloid)
    seen = elsewhere + factor * cortex + load * amyloid
    grain = gaussian_filter(rng.normal(size=SHAPE).astype(np.float32), 7.0 / 2.3548 / VOXEL_MM, truncate=2.5)
    seen = seen * (1 + NOISE * grain / grain.std())
    seen = np.maximum(seen, 0) * anatomy.mask
    return np.asarray(seen / seen[anatomy.cerebellum].mean(), dtype=np.float32)


def _regional(spread: float, rng: np.random.Generator) -> np.ndarray:
    """Log-normal factors by label, shape (2036,): 70 % of a cortical region's variance shared by left and right."""
    both = np.exp(rng.normal(0, spread * np.sqrt(0.7), 36))
    factors = np.exp(rng.normal(0, spread * np.sqrt(0.3), 2036))
    factors[1000:1036] *= both
    factors[2000:2036] *= both
    return factors


def acquire_t1(anatomy: Anatomy, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """A T1w of a brain as `petgen.imaging` hands it on, and its brain mask.

    Args:
        anatomy: The brain; where it has no T1w, contrast is synthesised from its labels.
        rng: Source of randomness.

    Returns:
        T1w (91, 109, 91), float32, white matter = 1, zero outside the mask; mask (91, 109, 91), bool.
    """
    torch.manual_seed(int(rng.integers(2**31)))
    mask = _mask_error(anatomy.mask, rng)
    t1 = _from_labels(anatomy, rng) if anatomy.t1 is None else anatomy.t1
    image = tio.ScalarImage(tensor=torch.from_numpy(np.ascontiguousarray(t1[None], dtype=np.float32)))
    chain = tio.Compose(
        [
            tio.RandomBlur((0, 0.5)),
            tio.RandomGamma((-0.25, 0.25)),
            tio.RandomBiasField(0.12, order=2),
            tio.RandomNoise(std=(0.005, 0.03)),
        ]
    )
    seen = chain(image).numpy()[0]
    return normalise(np.maximum(seen, 0), mask), mask


def _mask_error(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A skull stripper's small error: the border moved by a voxel in smooth patches."""
    patches = gaussian_filter(rng.normal(size=SHAPE).astype(np.float32), 5, truncate=2)
    patches /= patches.std()
    wide, narrow = binary_dilation(mask), binary_erosion(mask)
    return np.asarray(np.where(patches > 1.0, wide, np.where(patches < -1.2, narrow, mask)), dtype=bool)


def _from_labels(anatomy: Anatomy, rng: np.random.Generator) -> np.ndarray:
    """Contrast drawn for each structure around an MPRAGE's, with texture, on a label map."""
    plain = plain_contrast(anatomy.parcels)
    tissues = np.unique(plain[plain > 0])
    lookup = np.searchsorted(tissues, plain).astype(np.int32) + 1
    lookup[plain == 0] = 0
    means = [0.0] + [float(value * np.exp(rng.normal(0, 0.06))) for value in tissues]
    painted = tio.RandomLabelsToImage(
        label_key="parcels",
        image_key="t1",
        used_labels=list(range(len(means))),
        mean=[(mean, mean) for mean in means],
        std=[(0.01, 0.03)] * len(means),
    )(tio.Subject(parcels=tio.LabelMap(tensor=torch.from_numpy(lookup[None]))))
    t1 = painted["t1"].numpy()[0] * _structure_jitter(anatomy.parcels, rng)
    return np.asarray(gaussian_filter(t1, rng.uniform(0.5, 0.7)), dtype=np.float32)


def _structure_jitter(parcels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    table = np.exp(rng.normal(0, 0.03, int(parcels.max()) + 1)).astype(np.float32)
    return np.asarray(table[parcels])
