"""New anatomies from known ones: smooth random deformation, ageing and atrophy."""

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates, zoom

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.imaging.grid import SHAPE, VOXEL_MM

_COARSE = (8, 9, 8)
_MEDIAL_TEMPORAL = (1006, 1016, 2006, 2016, 17, 18, 53, 54)


def _random_field(rng: np.random.Generator, spread_mm: float) -> np.ndarray:
    """Smooth random displacement, (3, 91, 109, 91), voxels."""
    coarse = rng.normal(0, spread_mm / VOXEL_MM, (3, *_COARSE))
    factors = [n / c for n, c in zip(SHAPE, _COARSE, strict=True)]
    return np.stack([gaussian_filter(zoom(part, factors, order=1), 4, truncate=2.5) for part in coarse])


def _pull(region: np.ndarray, amount_mm: float, reach_mm: float) -> np.ndarray:
    """Displacement that makes a region larger (positive amount) or smaller, (3, 91, 109, 91), voxels."""
    smooth = gaussian_filter(region.astype(np.float32), reach_mm / VOXEL_MM, truncate=2.5)
    slope = np.stack([np.gradient(smooth, axis=axis) for axis in range(3)])
    steepest = np.sqrt((slope**2).sum(0)).max()
    return slope * (amount_mm / VOXEL_MM / max(float(steepest), 1e-6))


def _affine(rng: np.random.Generator) -> np.ndarray:
    """Displacement of a small affine change, what registration leaves over, (3, 91, 109, 91), voxels."""
    linear = rng.normal(0, 0.012, (3, 3))
    centred = np.stack(np.meshgrid(*(np.arange(n) - n / 2 for n in SHAPE), indexing="ij"))
    return np.tensordot(linear, centred, 1) + rng.normal(0, 0.4, 3).reshape(3, 1, 1, 1)


def deform(anatomy: Anatomy, neurodegeneration: float, rng: np.random.Generator, spread_mm: float = 4.0) -> Anatomy:
    """A new brain after an old one.

    Args:
        anatomy: The brain to start from.
        neurodegeneration: z of the subject, lower is worse; moves ventricles, hippocampus and sulci.
        rng: Source of randomness.
        spread_mm: Standard deviation of the random displacement at its control points, mm.

    Returns:
        The deformed brain, all arrays warped by the same field.
    """
    field = _random_field(rng, spread_mm) + _affine(rng)
    loss = -neurodegeneration - 1.0
    parcels = anatomy.parcels
    field += _pull(np.isin(parcels, codes.VENTRICLES), 1.5 * loss, 4.0)
    field += _pull(np.isin(parcels, _MEDIAL_TEMPORAL), -0.8 * loss, 3.0)
    field += _pull((parcels == codes.CSF) | ~anatomy.mask, 0.35 * loss, 2.0)
    where = np.stack(np.meshgrid(*(np.arange(n) for n in SHAPE), indexing="ij")) + field

    def warp(volume: np.ndarray, order: int) -> np.ndarray:
        return np.asarray(map_coordinates(volume, where, order=order, mode="constant", cval=0))

    return Anatomy(
        anatomy.name,
        warp(parcels, 0),
        warp(anatomy.mask.astype(np.uint8), 0) > 0,
        warp(anatomy.cortex.astype(np.uint8), 0) > 0,
        warp(anatomy.cerebellum.astype(np.uint8), 0) > 0,
        None if anatomy.t1 is None else warp(anatomy.t1, 1).astype(np.float32),
    )
