"""The generator and discriminator of arXiv 2511.02206, rebuilt from the paper's description."""

from itertools import pairwise

import torch
from monai.networks.blocks import Convolution
from torch import nn
from torch.nn import functional

from petgen.generator.config import GeneratorConfig
from petgen.generator.grid import crop, pad

_ACT = ("LEAKYRELU", {"negative_slope": 0.2})


def _double(inside: int, outside: int) -> nn.Sequential:
    return nn.Sequential(
        *(
            Convolution(3, first, outside, kernel_size=3, act=_ACT, norm="BATCH", adn_ordering="NA")
            for first in (inside, outside)
        )
    )


class _Fusion(nn.Module):
    """Joins the pooled text feature with the bottleneck, in one of the paper's three ways."""

    def __init__(self, kind: str, channels: int, text: int, heads: int) -> None:
        super().__init__()
        self.kind = kind
        if kind == "affine":
            self.scale, self.shift = (
                nn.Sequential(nn.Linear(text, channels), nn.ReLU(), nn.Linear(channels, channels)) for _ in range(2)
            )
        elif kind == "concatenation":
            self.narrow = nn.Linear(text, channels)
            self.join = nn.Conv3d(2 * channels, channels, 1)
        else:
            self.attend = nn.MultiheadAttention(channels, heads, kdim=text, vdim=text, batch_first=True)

    def forward(self, x: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        """Features of the same shape (batch, channels, ...), given text (batch, fields, features)."""
        pooled = text.mean(1)
        if self.kind == "affine":
            scale, shift = (part(pooled)[:, :, None, None, None] for part in (self.scale, self.shift))
            changed: torch.Tensor = x + x * scale + shift
            return changed
        if self.kind == "concatenation":
            wide = self.narrow(pooled)[:, :, None, None, None].expand(-1, -1, *x.shape[2:])
            joined: torch.Tensor = self.join(torch.cat([x, wide.to(x.dtype)], 1))
            return joined
        places = x.flatten(2).transpose(1, 2)
        found: torch.Tensor = self.attend(places, text, text, need_weights=False)[0]
        return x + found.transpose(1, 2).reshape(x.shape)


class PaperGenerator(nn.Module):
    """3D U-Net of full resolution, three down-samplings, the text joined at the bottleneck; one image a patient.

    Text features are standardised, which the paper does not mention: the language model's norms differ a
    thousandfold from layer to layer.
    """

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        widths = [config.width * 2**level for level in range(config.levels)]
        fields, text = len(config.fields), config.text_features
        self.register_buffer("mean", torch.zeros(fields, text))
        self.register_buffer("spread", torch.ones(fields, text))
        self.down = nn.ModuleList(
            _double(inside, outside) for inside, outside in zip([1, *widths[:-1]], widths, strict=True)
        )
        self.fusion = _Fusion(config.fusion, widths[-1], text, config.heads)
        self.up = nn.ModuleList(
            _double(below + beside, beside) for below, beside in zip(widths[:0:-1], widths[-2::-1], strict=True)
        )
        self.out = nn.Conv3d(widths[0], 1, 1)
        nn.init.constant_(self.out.bias, 0.5)  # type: ignore[arg-type]

    def forward(self, t1: torch.Tensor, features: torch.Tensor | None) -> torch.Tensor:
        """SUVR (batch, 1, ...) from T1w (batch, 1, ...) and field features (batch, fields, features).

        Without features the U-Net paints from the T1w alone, as in the paper's first stage.
        """
        x = pad(t1, self.config.padded)
        beside: list[torch.Tensor] = []
        for stage in self.down:
            if beside:
                x = functional.max_pool3d(x, 2)
            x = stage(x)
            beside.append(x)
        if features is not None:
            x = self.fusion(x, self.scaled(features))
        for stage, level in zip(self.up, beside[-2::-1], strict=True):
            x = stage(torch.cat([functional.interpolate(x, scale_factor=2, mode="trilinear"), level], 1))
        return crop(functional.softplus(self.out(x).float()), t1.shape[2:]) * (t1 > 0)

    def scaled(self, features: torch.Tensor) -> torch.Tensor:
        """Standardised field features."""
        return ((features - self.mean) / self.spread).clamp(-8, 8)

    def standardise(self, features: torch.Tensor) -> None:
        """Takes mean and spread of each feature from a sample (n, fields, features)."""
        self.mean.copy_(features.mean(0))
        self.spread.copy_(features.std(0) + 0.05 * features.std((0, 2))[:, None] + 1e-3)


class Discriminator(nn.Module):
    """Tells real PET from synthetic, given T1w and text: four strided convolutions, text joined at the end."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.padded = config.padded
        widths = (2, 16, 32, 64, 128)
        self.stages = nn.Sequential(
            *(
                Convolution(
                    3, inside, outside, strides=2, kernel_size=3, act=_ACT, norm=("INSTANCE", {"affine": True}),
                    adn_ordering="NA",
                )
                for inside, outside in pairwise(widths)
            )
        )  # fmt: skip
        self.text = nn.Linear(config.text_features, 32)
        self.last = nn.Sequential(nn.Conv3d(widths[-1] + 32, 64, 1), nn.LeakyReLU(0.2), nn.Conv3d(64, 1, 1))

    def forward(self, pet: torch.Tensor, t1: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
        """Logit of being real (batch,), from PET and T1w (batch, 1, ...) and text (batch, fields, features)."""
        x = self.stages(pad(torch.cat([pet, t1], 1), self.padded))
        pooled = text.mean(1) if text.shape[1] else text.new_zeros(len(text), text.shape[2])
        wide = self.text(pooled)[:, :, None, None, None].expand(-1, -1, *x.shape[2:])
        logit: torch.Tensor = self.last(torch.cat([x, wide.to(x.dtype)], 1)).float().mean((1, 2, 3, 4))
        return logit
