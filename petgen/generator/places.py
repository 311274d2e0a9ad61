"""What the decoder is told of a place: where it lies in the template, and which region of the atlas it belongs to."""

from functools import cache

import torch
from torch import nn

from petgen.generator.config import GeneratorConfig
from petgen.generator.grid import pad
from petgen.quantify.atlas import regions

LABELS = 2036
"""Length of a table by atlas label; the highest is 2035."""


@cache
def kinds() -> dict[str, int]:
    """Number of every region's name, from 1; both hemispheres share one, as training swaps left and right."""
    return {name: number for number, name in enumerate(sorted({region.name for region in regions()}), 1)}


class Places(nn.Module):
    """Features of places at half resolution; zero before training."""

    kind: torch.Tensor

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.padded = config.padded
        kind = torch.zeros(LABELS, dtype=torch.long)
        for region in regions():
            kind[region.index] = kinds()[region.name]
        self.register_buffer("kind", kind)
        self.map = nn.Parameter(torch.zeros(1, config.width, *(size // 2 for size in config.padded)))
        self.region = nn.Linear(len(kinds()) + 1, config.width, bias=False)
        nn.init.zeros_(self.region.weight)

    def forward(self, parcels: torch.Tensor) -> torch.Tensor:
        """Features of the places of a brain.

        Args:
            parcels: Atlas labels, (batch, 1, x, y, z), int64, 0 outside the regions.

        Returns:
            (batch, width, x / 2, y / 2, z / 2) of the padded grid.
        """
        found: torch.Tensor = self.region(self.shares(parcels))
        return self.map + found.permute(0, 4, 1, 2, 3)

    def shares(self, parcels: torch.Tensor) -> torch.Tensor:
        """Shares of the kinds of regions in blocks of 2 x 2 x 2 voxels, (batch, x / 2, y / 2, z / 2, kinds), float32.

        Kind 0 is what lies outside the regions.
        """
        kind = pad(self.kind[parcels.clamp(0, LABELS - 1)], self.padded)
        batch, _, x, y, z = kind.shape
        blocks = kind.view(batch, x // 2, 2, y // 2, 2, z // 2, 2).permute(0, 1, 3, 5, 2, 4, 6)
        blocks = blocks.reshape(batch, x // 2, y // 2, z // 2, 8)
        counts = torch.zeros(*blocks.shape[:-1], len(kinds()) + 1, device=parcels.device)
        return counts.scatter_add_(4, blocks, torch.full(blocks.shape, 0.125, device=parcels.device))
