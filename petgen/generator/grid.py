"""To the grid inside the networks and back."""

import torch
from torch.nn import functional


def pad(volume: torch.Tensor, padded: tuple[int, int, int]) -> torch.Tensor:
    """Zeros after each axis up to the padded grid."""
    missing = [size - have for size, have in zip(padded, volume.shape[2:], strict=True)]
    return functional.pad(volume, (0, missing[2], 0, missing[1], 0, missing[0]))


def crop(volume: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """The leading part of each axis, the inverse of `pad`."""
    return volume[:, :, : shape[0], : shape[1], : shape[2]]
