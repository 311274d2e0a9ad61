"""New anatomies from known ones: random diffeomorphisms, ageing and atrophy."""

import warnings
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import torch
from scipy.ndimage import gaussian_filter
from torch.nn import functional

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM

SPREAD_MM = 4.0
"""Standard deviation of the random velocity at its control points, 22 mm apart (assumed)."""
_CONTROL = (8, 9, 8)
_HALF = (46, 55, 46)
_MEDIAL_TEMPORAL = (1006, 1016, 2006, 2016, 18, 54)
_REACH_MM = {"ventricles": 5.0, "hippocampus": 3.0, "entorhinal": 3.0}
_LARGEST_PULL_MM = 7.0
_ROUNDS = 3


@dataclass(frozen=True)
class Atrophy:
    """What age and disease leave of a brain.

    Attributes:
        hippocampus: Wanted volume of both hippocampi, share of the brain mask.
        ventricles: Wanted volume of both lateral ventricles, share of the brain mask.
        thinning_mm: How far sulci open on each bank, by lobe ("temporal", "parietal", "frontal", "occipital"), mm.
    """

    hippocampus: float
    ventricles: float
    thinning_mm: dict[str, float]


def volumes(anatomy: Anatomy) -> tuple[float, float]:
    """Shares of hippocampi and of lateral ventricles in the brain mask, by counting voxels."""
    size = max(int(anatomy.mask.sum()), 1)
    return tuple(  # type: ignore[return-value]
        float(np.isin(anatomy.tissue, labels).sum()) / size for labels in (codes.HIPPOCAMPI, codes.LATERAL_VENTRICLES)
    )


def deform(
    anatomy: Anatomy, atrophy: Atrophy, rng: np.random.Generator, *, residual: np.ndarray | None = None
) -> Anatomy:
    """A new brain after an old one.

    Args:
        anatomy: The brain to start from.
        atrophy: What the new brain should measure.
        rng: Source of randomness.
        residual: 4 x 4, millimetres to millimetres of template space: what registration leaves over; none when None.

    Returns:
        The deformed brain, all arrays warped by the same field; tissue shares and T1w linearly, labels by the
        nearest voxel.
    """
    field = displacement(anatomy, atrophy, rng)
    if residual is not None:
        moved = torch.from_numpy(_affine_displacement(residual))[None]
        field = (moved + _warper("bilinear", "border")(torch.from_numpy(field)[None], moved))[0].numpy()
    return warp(anatomy, field)


def displacement(anatomy: Anatomy, atrophy: Atrophy, rng: np.random.Generator) -> np.ndarray:
    """The deformation from the new brain to the old one, (3, 91, 109, 91), voxels, float32.

    A stationary velocity field is integrated by scaling and squaring, so that nothing folds; the pulls on
    hippocampus and ventricles are set in a few Newton rounds so that both measure what is wanted.
    """
    random = _random_velocity(rng)
    pulls = {
        "ventricles": _pull(np.isin(anatomy.tissue, codes.LATERAL_VENTRICLES), _REACH_MM["ventricles"]),
        "hippocampus": _pull(np.isin(anatomy.tissue, codes.HIPPOCAMPI), _REACH_MM["hippocampus"])
        + 0.7 * _pull(np.isin(anatomy.tissue, _MEDIAL_TEMPORAL), _REACH_MM["entorhinal"]),
    }
    wanted = {"ventricles": atrophy.ventricles, "hippocampus": atrophy.hippocampus}
    amount = dict.fromkeys(wanted, 0.0)
    previous: dict[str, tuple[float, float]] = {}
    half = random
    parts = {
        "ventricles": _halved(np.isin(anatomy.tissue, codes.LATERAL_VENTRICLES)),
        "hippocampus": _halved(np.isin(anatomy.tissue, codes.HIPPOCAMPI)),
        "mask": _halved(anatomy.mask),
    }
    for _ in range(_ROUNDS):
        half = _integrate(random + sum(amount[name] * pulls[name] for name in wanted))
        seen = _volumes_after(parts, half)
        for name in wanted:
            error = float(np.log(wanted[name] / max(seen[name] / seen["mask"], 1e-5)))
            slope = 0.12 if name == "hippocampus" else 0.2
            if name in previous and abs(amount[name] - previous[name][0]) > 1e-3:
                found = (previous[name][1] - error) / (amount[name] - previous[name][0])
                slope = float(np.clip(found, slope / 3, slope * 3))
            previous[name] = (amount[name], error)
            amount[name] = float(np.clip(amount[name] + error / slope, -_LARGEST_PULL_MM, _LARGEST_PULL_MM))
    half = _integrate(random + sum(amount[name] * pulls[name] for name in wanted))
    full = functional.interpolate(half * 2, size=SHAPE, mode="trilinear", align_corners=True)[0].numpy()
    return np.asarray(full + _thinning(anatomy, atrophy.thinning_mm), dtype=np.float32)


def warp(anatomy: Anatomy, field: np.ndarray) -> Anatomy:
    """The anatomy sampled at x + field(x).

    Args:
        anatomy: The brain.
        field: (3, 91, 109, 91), voxels.
    """
    ddf = torch.from_numpy(np.ascontiguousarray(field, dtype=np.float32))[None]
    smooth = ["grey", "white"] + (["t1"] if anatomy.t1 is not None else [])
    hard = ["tissue", "grey_label", "white_label", "mask", "parcels", "cortex", "cerebellum"]
    changed: dict[str, np.ndarray] = {}
    for names, mode in ((smooth, "bilinear"), (hard, "nearest")):
        stack = torch.from_numpy(np.stack([getattr(anatomy, name) for name in names]).astype(np.float32))[None]
        for name, volume in zip(names, _warper(mode)(stack, ddf)[0].numpy(), strict=True):
            changed[name] = volume.astype(getattr(anatomy, name).dtype)
    return replace(anatomy, **changed)  # type: ignore[arg-type]


@cache
def _warper(mode: str, outside: str = "zeros") -> torch.nn.Module:
    from monai.networks.blocks import Warp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warper: torch.nn.Module = Warp(mode, outside)
    return warper


@cache
def _integrator() -> torch.nn.Module:
    from monai.networks.blocks import DVF2DDF

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        integrator: torch.nn.Module = DVF2DDF(6)
    return integrator


def _integrate(velocity: torch.Tensor) -> torch.Tensor:
    ddf: torch.Tensor = _integrator()(velocity)
    return ddf


def _random_velocity(rng: np.random.Generator) -> torch.Tensor:
    """Smooth random velocity on the half grid, (1, 3, 46, 55, 46), its voxels."""
    control = torch.from_numpy(rng.normal(0, SPREAD_MM / (2 * VOXEL_MM), (1, 3, *_CONTROL)).astype(np.float32))
    coarse = functional.interpolate(control, size=_HALF, mode="trilinear", align_corners=True)[0].numpy()
    return torch.from_numpy(np.stack([gaussian_filter(part, 2, truncate=2.5) for part in coarse]))[None]


def _halved(region: np.ndarray) -> torch.Tensor:
    """Share of a region in the voxels of the half grid, (1, 1, 46, 55, 46); its voxel i lies at voxel 2 i."""
    whole = torch.from_numpy(region.astype(np.float32))[None, None]
    return functional.avg_pool3d(functional.pad(whole, (1, 1, 1, 1, 1, 1)), 3, stride=2)


def _pull(region: np.ndarray, reach_mm: float) -> torch.Tensor:
    """Velocity that widens a region by about 1 mm where its border is steepest, (1, 3, 46, 55, 46), half voxels."""
    smooth = gaussian_filter(_halved(region)[0, 0].numpy(), reach_mm / (2 * VOXEL_MM), truncate=3)
    slope = np.stack(np.gradient(smooth))
    steepest = max(float(np.sqrt((slope**2).sum(0)).max()), 1e-6)
    return torch.from_numpy((slope / steepest / (2 * VOXEL_MM)).astype(np.float32))[None]


def _volumes_after(parts: dict[str, torch.Tensor], half: torch.Tensor) -> dict[str, float]:
    sums = _warper("bilinear")(torch.cat(list(parts.values()), 1), half)[0].sum((1, 2, 3))
    return dict(zip(parts, sums.tolist(), strict=True))


LOBES = {
    "temporal": (1, 6, 7, 9, 15, 16, 30, 33, 34),
    "parietal": (8, 10, 22, 23, 25, 29, 31),
    "frontal": (2, 3, 12, 14, 17, 18, 19, 20, 24, 26, 27, 28, 32, 35),
    "occipital": (5, 11, 13, 21),
}


def _thinning(anatomy: Anatomy, amounts_mm: dict[str, float]) -> np.ndarray:
    """Displacement that opens sulci, (3, 91, 109, 91), voxels."""
    by_label = np.zeros(2036, np.float32)
    for lobe, numbers in LOBES.items():
        for first in (1000, 2000):
            by_label[[first + n for n in numbers]] = amounts_mm.get(lobe, 0.0) / VOXEL_MM
    outside = gaussian_filter(anatomy.csf + ~anatomy.mask, 0.8, truncate=2.5)
    slope = np.stack(np.gradient(outside))
    height = np.sqrt((slope**2).sum(0))
    return np.asarray(slope / np.maximum(height, 0.1) * by_label[anatomy.grey_label])


@cache
def _grid() -> np.ndarray:
    return np.stack(np.meshgrid(*(np.arange(n, dtype=np.float32) for n in SHAPE), indexing="ij"))


def _affine_displacement(matrix: np.ndarray) -> np.ndarray:
    voxels = np.linalg.inv(AFFINE) @ matrix @ AFFINE - np.eye(4)
    moved = np.tensordot(voxels[:3, :3].astype(np.float32), _grid(), 1)
    return np.asarray(moved + voxels[:3, 3, None, None, None], dtype=np.float32)
