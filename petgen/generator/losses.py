"""What a synthetic PET is asked for: the voxels, the structure, the regions, the load."""

from functools import cache

import torch
from torch.nn import functional

from petgen.quantify.centiloid import Equation

CROP = 32
"""Edge of the block in which the structure is compared, voxels; a whole brain at every step costs too much."""


def image_loss(made: torch.Tensor, real: torch.Tensor, brain: torch.Tensor) -> torch.Tensor:
    """Mean absolute error in the brain, at full resolution and over blocks of 16 mm.

    Args:
        made: Synthetic SUVR, (batch, 1, x, y, z).
        real: SUVR of the same shape.
        brain: Mask of the same shape.
    """
    difference = (made - real) * brain
    fine = difference.abs().sum() / brain.sum()
    weight = functional.avg_pool3d(brain, 8)
    coarse = functional.avg_pool3d(difference, 8).abs().sum() / weight.sum()
    return fine + coarse


@cache
def _ssim() -> torch.nn.Module:
    from monai.losses.ssim_loss import SSIMLoss

    loss: torch.nn.Module = SSIMLoss(3, data_range=2.5, win_size=7)
    return loss


def structure_loss(made: torch.Tensor, real: torch.Tensor, corner: tuple[int, int, int]) -> torch.Tensor:
    """One minus the structural similarity (MONAI) in a block of 32 voxels an edge, or less at the border.

    Args:
        made: Synthetic SUVR, (batch, 1, x, y, z).
        real: SUVR of the same shape.
        corner: First voxel of the block.
    """
    block = (slice(None), slice(None), *(slice(first, first + CROP) for first in corner))
    loss: torch.Tensor = _ssim()(made[block], real[block])
    return loss


def regional_loss(made: torch.Tensor, real: torch.Tensor, parcels: torch.Tensor) -> torch.Tensor:
    """Mean absolute error of the regions' mean SUVR.

    Args:
        made: Synthetic SUVR, (batch, 1, x, y, z).
        real: SUVR of the same shape.
        parcels: Number of the region at every voxel, int64, 0 outside the regions; of the same shape.
    """
    total = made.new_zeros(())
    for one, other, where in zip(made.float(), real.float(), parcels, strict=True):
        flat = where.flatten()
        size = int(flat.max()) + 1
        count = torch.bincount(flat, minlength=size)
        error = torch.zeros(size, device=made.device).index_add(0, flat, (one - other).flatten())
        known = count > 0
        known[0] = False
        total = total + (error[known] / count[known]).abs().mean()
    return total / len(made)


def composite_error(
    made: torch.Tensor, load: torch.Tensor, cortex: torch.Tensor, cerebellum: torch.Tensor, equation: Equation
) -> torch.Tensor:
    """Absolute error of the composite SUVR that an image measures against that of the load.

    Args:
        made: Synthetic SUVR, (batch, 1, x, y, z).
        load: (batch,), Centiloids.
        cortex: Centiloid cortex mask of the same shape as `made`, float.
        cerebellum: Whole-cerebellum mask of the same shape, float.
        equation: Of the tracer.
    """
    axes = (1, 2, 3, 4)
    target, reference = ((made * mask).sum(axes) / mask.sum(axes) for mask in (cortex, cerebellum))
    return (target / reference - (load - equation.intercept) / equation.slope).abs().mean()
