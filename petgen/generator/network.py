"""The conditional 3D generator: an encoder of the T1w alone, a decoder that the prompt's fields condition."""

import torch
from monai.networks.blocks import Convolution, ResidualUnit
from torch import nn
from torch.nn import functional

from petgen.generator.config import PADDED, GeneratorConfig
from petgen.generator.fields import FieldHead

Levels = list[torch.Tensor]
_ACT = ("LEAKYRELU", {"negative_slope": 0.1})
_HEAD_CHANNELS = 8


def _norm(channels: int) -> tuple[str, dict[str, int]]:
    return ("GROUP", {"num_groups": max(channels // 8, 1)})


class Encoder(nn.Module):
    """T1w to features at a half, a quarter, an eighth and a sixteenth of the resolution."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        widths = [config.width * 2**level for level in range(config.levels)]
        self.stages = nn.ModuleList()
        before = 1
        for width in widths:
            self.stages.append(
                ResidualUnit(
                    3,
                    before,
                    width,
                    strides=2,
                    kernel_size=3,
                    subunits=2,
                    act=_ACT,
                    norm=_norm(width),
                    adn_ordering="NA",
                )
            )
            before = width
        quarter = [size // 4 for size in PADDED]
        self.where = nn.Parameter(torch.zeros(1, widths[1], *(size // 2 for size in quarter)))

    def forward(self, t1: torch.Tensor) -> Levels:
        """Features, finest first.

        Args:
            t1: (batch, 1, 96, 112, 96), white matter = 1.

        Returns:
            (batch, width x 2^k, 96 / 2^(k+1), ...) for each level k.
        """
        levels: Levels = []
        x = t1
        for depth, stage in enumerate(self.stages):
            x = stage(x)
            if depth == 1:
                x = x + functional.interpolate(self.where, x.shape[2:], mode="trilinear").to(x.dtype)
            levels.append(x)
        return levels


class Modulated(nn.Module):
    """Two convolutions whose normalised features are scaled and shifted by the summary (FiLM, Perez 2018)."""

    def __init__(self, inside: int, outside: int, summary: int) -> None:
        super().__init__()
        self.first = Convolution(3, inside, outside, kernel_size=3, act=_ACT, norm=_norm(outside), adn_ordering="NA")
        self.second = nn.Conv3d(outside, outside, 3, padding=1)
        self.norm = nn.GroupNorm(max(outside // 8, 1), outside, affine=False)
        self.film = nn.Sequential(nn.Linear(summary, summary), nn.GELU(), nn.Linear(summary, 2 * outside))
        self.skip = nn.Conv3d(inside, outside, 1)

    def forward(self, x: torch.Tensor, summary: torch.Tensor) -> torch.Tensor:
        """Features (batch, outside, ...) from (batch, inside, ...) and the summary (batch, token)."""
        scale, shift = self.film(summary)[:, :, None, None, None].chunk(2, 1)
        y: torch.Tensor = self.norm(self.second(self.first(x))) * (1 + scale) + shift
        straight: torch.Tensor = self.skip(x)
        return functional.leaky_relu(y, 0.1) + straight


class CrossAttention(nn.Module):
    """Each place of the coarsest level looks up the fields."""

    def __init__(self, channels: int, config: GeneratorConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.attend = nn.MultiheadAttention(
            channels, config.heads, kdim=config.token, vdim=config.token, batch_first=True
        )

    def forward(self, x: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """Features of the same shape (batch, channels, x, y, z), given tokens (batch, fields, token)."""
        places = x.flatten(2).transpose(1, 2)
        found: torch.Tensor = self.attend(self.norm(places), tokens, tokens, need_weights=False)[0]
        return x + found.transpose(1, 2).reshape(x.shape)


class Decoder(nn.Module):
    """Encoder features and field tokens to SUVR."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        widths = [config.width * 2**level for level in range(config.levels)]
        self.attention = CrossAttention(widths[-1], config)
        self.bottom = Modulated(widths[-1], widths[-1], config.token)
        self.stages = nn.ModuleList(
            Modulated(widths[k + 1] + widths[k], widths[k], config.token) for k in reversed(range(config.levels - 1))
        )
        self.reduce = nn.Conv3d(widths[0], _HEAD_CHANNELS, 1)
        self.refine = nn.Conv3d(_HEAD_CHANNELS + 1, _HEAD_CHANNELS, 3, padding=1)
        self.out = nn.Conv3d(_HEAD_CHANNELS, 1, 1)
        nn.init.constant_(self.out.bias, 0.5)  # type: ignore[arg-type]

    def forward(self, t1: torch.Tensor, levels: Levels, summary: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """SUVR (batch, 1, 96, 112, 96), positive, before masking."""
        x = self.bottom(self.attention(levels[-1], tokens), summary)
        for stage, level in zip(self.stages, reversed(levels[:-1]), strict=True):
            x = stage(torch.cat([functional.interpolate(x, scale_factor=2, mode="trilinear"), level], 1), summary)
        x = functional.interpolate(self.reduce(x), scale_factor=2, mode="trilinear")
        x = functional.leaky_relu(self.refine(torch.cat([x, t1.to(x.dtype)], 1)), 0.1)
        return functional.softplus(self.out(x).float())


class Generator(nn.Module):
    """The whole generator; encoder features can be kept while values change."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        self.fields = FieldHead(config)
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)

    def forward(self, t1: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """SUVR from images and field features.

        Args:
            t1: (batch, 1, 91, 109, 91), white matter = 1, zero outside the brain.
            features: (batch, fields, 640).

        Returns:
            (batch, 1, 91, 109, 91), SUVR; positive in the brain, zero outside.
        """
        return self.decode(t1, self.encode(t1), features)

    def encode(self, t1: torch.Tensor) -> Levels:
        """Features of the T1w (batch, 1, 91, 109, 91) at every level."""
        levels: Levels = self.encoder(pad(t1))
        return levels

    def decode(self, t1: torch.Tensor, levels: Levels, features: torch.Tensor) -> torch.Tensor:
        """SUVR (batch, 1, 91, 109, 91) from kept encoder features and new field features."""
        summary, tokens = self.fields(features)
        suvr = self.decoder(pad(t1), levels, summary, tokens)
        return crop(suvr, t1.shape[2:]) * (t1 > 0)


def pad(volume: torch.Tensor) -> torch.Tensor:
    """Zeros after each axis up to `PADDED`."""
    missing = [size - have for size, have in zip(PADDED, volume.shape[2:], strict=True)]
    return functional.pad(volume, (0, missing[2], 0, missing[1], 0, missing[0]))


def crop(volume: torch.Tensor, shape: torch.Size) -> torch.Tensor:
    """The leading part of each axis, the inverse of `pad`."""
    return volume[:, :, : shape[0], : shape[1], : shape[2]]
