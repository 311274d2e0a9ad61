"""The generator: an encoder of the T1w alone, a posterior of the load, a decoder that paints the PET of a load."""

import torch
from monai.networks.blocks import Convolution, ResidualUnit
from torch import nn
from torch.nn import functional

from petgen.generator.config import GeneratorConfig
from petgen.generator.fields import VOLUMES, FieldHead
from petgen.generator.grid import crop, pad
from petgen.generator.load import EDGES, LoadEmbedding
from petgen.generator.places import Places

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
        quarter = [size // 4 for size in config.padded]
        self.where = nn.Parameter(torch.zeros(1, widths[1], *(size // 2 for size in quarter)))

    def forward(self, t1: torch.Tensor) -> Levels:
        """Features, finest first.

        Args:
            t1: (batch, 1, 96, 112, 96) or another padded grid, white matter = 1.

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


def _plain(inside: int, outside: int) -> Convolution:
    return Convolution(3, inside, outside, kernel_size=3, act=_ACT, norm=_norm(outside), adn_ordering="NA")


class Modulated(nn.Module):
    """Two convolutions whose normalised features are scaled and shifted by the summary (FiLM, Perez 2018)."""

    def __init__(self, inside: int, outside: int, summary: int) -> None:
        super().__init__()
        self.first = _plain(inside, outside)
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


class VolumeHead(nn.Module):
    """Finds hippocampi and lateral ventricles in the encoder's features, as shares of blocks of 2 x 2 x 2 voxels."""

    scale: torch.Tensor

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        half, quarter, eighth = (config.width * 2**level for level in range(3))
        self.coarse = _plain(eighth + quarter, quarter)
        self.fine = _plain(quarter + half, half)
        self.find = nn.Conv3d(half, len(VOLUMES), 1)
        nn.init.constant_(self.find.bias, -5.0)  # type: ignore[arg-type]
        self.offset = nn.Parameter(torch.zeros(len(VOLUMES)))
        self.register_buffer("scale", torch.tensor(VOLUMES))

    def forward(self, t1: torch.Tensor, levels: Levels) -> tuple[torch.Tensor, torch.Tensor]:
        """Both structures.

        Args:
            t1: (batch, 1, ...) on the padded grid.
            levels: Encoder features.

        Returns:
            Their volumes (batch, 2), scaled as `petgen.generator.fields.scaled_volumes` does, and the logits of
            their shares (batch, 2, x / 2, y / 2, z / 2).
        """
        x = levels[2]
        for stage, level in ((self.coarse, levels[1]), (self.fine, levels[0])):
            x = stage(torch.cat([functional.interpolate(x, scale_factor=2, mode="trilinear"), level], 1))
        logits = self.find(x).float()
        found = logits.sigmoid().sum((2, 3, 4)) * 8 / (t1 > 0).sum((2, 3, 4)).clamp_min(1)
        centre, spread = self.scale.unbind(1)
        return (found.clamp_min(1e-5) / centre).log() / spread + self.offset, logits


class Decoder(nn.Module):
    """Encoder features, field tokens and a load to SUVR."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        widths = [config.width * 2**level for level in range(config.levels)]
        self.attention = CrossAttention(widths[-1], config)
        self.bottom = Modulated(widths[-1], widths[-1], config.token)
        self.stages = nn.ModuleList(
            Modulated(widths[k + 1] + widths[k], widths[k], config.token) for k in reversed(range(config.levels - 1))
        )
        self.places = Places(config) if config.places else None
        self.reduce = nn.Conv3d(widths[0], _HEAD_CHANNELS, 1)
        self.refine = nn.Conv3d(_HEAD_CHANNELS + 1, _HEAD_CHANNELS, 3, padding=1)
        self.out = nn.Conv3d(_HEAD_CHANNELS, 1, 1)
        nn.init.constant_(self.out.bias, 0.5)  # type: ignore[arg-type]

    def forward(
        self,
        t1: torch.Tensor,
        levels: Levels,
        places: torch.Tensor | None,
        summary: torch.Tensor,
        tokens: torch.Tensor,
    ) -> torch.Tensor:
        """SUVR (batch, 1, 96, 112, 96), positive, before masking."""
        x = self.bottom(self.attention(levels[-1], tokens), summary)
        skips = levels[:-1]
        if places is not None and skips:
            skips = [skips[0] + places.to(skips[0].dtype), *skips[1:]]
        for stage, level in zip(self.stages, reversed(skips), strict=True):
            x = stage(torch.cat([functional.interpolate(x, scale_factor=2, mode="trilinear"), level], 1), summary)
        x = functional.interpolate(self.reduce(x), scale_factor=2, mode="trilinear")
        x = functional.leaky_relu(self.refine(torch.cat([x, t1.to(x.dtype)], 1)), 0.1)
        return functional.softplus(self.out(x).float())


class Generator(nn.Module):
    """The whole generator; encoder features can be kept while values or the load change."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        self.fields = FieldHead(config)
        self.encoder = Encoder(config)
        self.volumes = VolumeHead(config)
        self.load = LoadEmbedding(config.token)
        self.decoder = Decoder(config)

    def forward(self, t1: torch.Tensor, parcels: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """SUVR at the median of the load's posterior.

        Args:
            t1: (batch, 1, 91, 109, 91), white matter = 1, zero outside the brain.
            parcels: (batch, 1, 91, 109, 91), int64, the atlas on the brain, 0 outside the regions.
            features: (batch, fields, 640).

        Returns:
            (batch, 1, 91, 109, 91), SUVR; positive in the brain, zero outside.
        """
        levels = self.encode(t1)
        volumes, _ = self.find_volumes(t1, levels)
        load = median(self.posterior(features, volumes))
        return self.decode(t1, levels, self.locate(parcels), volumes, features, load)

    def with_places(self) -> "Generator":
        """The same generator with a decoder that can learn places; until it is trained, it paints the same."""
        if self.decoder.places is not None:
            return self
        found = Generator(self.config.model_copy(update={"places": True}))
        found.load_state_dict({**found.state_dict(), **self.state_dict()})
        return found

    def encode(self, t1: torch.Tensor) -> Levels:
        """Features of the T1w (batch, 1, 91, 109, 91) at every level."""
        levels: Levels = self.encoder(pad(t1, self.config.padded))
        return levels

    def locate(self, parcels: torch.Tensor) -> torch.Tensor | None:
        """What the decoder is told of the places of a brain; the posterior and the volumes are read off the T1w alone.

        Args:
            parcels: (batch, 1, 91, 109, 91), int64, the atlas on the brain, 0 outside the regions.

        Returns:
            See `petgen.generator.places.Places`; None where the decoder knows nothing of places.
        """
        return None if self.decoder.places is None else self.decoder.places(parcels)

    def find_volumes(self, t1: torch.Tensor, levels: Levels) -> tuple[torch.Tensor, torch.Tensor]:
        """Volumes and shares of hippocampi and ventricles; see `VolumeHead`."""
        found: tuple[torch.Tensor, torch.Tensor] = self.volumes(pad(t1, self.config.padded), levels)
        return found

    def posterior(self, features: torch.Tensor, volumes: torch.Tensor) -> torch.Tensor:
        """What T1w and values say of the load: probabilities (batch, classes) of the classes of `load.EDGES`."""
        return self.fields.load_logits(features, volumes).float().softmax(1)

    def decode(
        self,
        t1: torch.Tensor,
        levels: Levels,
        places: torch.Tensor | None,
        volumes: torch.Tensor,
        features: torch.Tensor,
        load: torch.Tensor,
    ) -> torch.Tensor:
        """SUVR (batch, 1, 91, 109, 91) of a load (batch,), Centiloids, from what is kept of a T1w.

        Args:
            t1: (batch, 1, 91, 109, 91).
            levels: Of `encode`.
            places: Of `locate`.
            volumes: Of `find_volumes`, (batch, 2).
            features: (batch, fields, 640).
            load: (batch,), Centiloids.
        """
        summary, tokens = self.fields(features, volumes)
        token = self.load(load)
        tokens = torch.cat([tokens, token[:, None].to(tokens.dtype)], 1)
        suvr = self.decoder(pad(t1, self.config.padded), levels, places, summary + token, tokens)
        return crop(suvr, t1.shape[2:]) * (t1 > 0)


def median(chances: torch.Tensor) -> torch.Tensor:
    """Median load (batch,), Centiloids, of distributions (batch, classes); straight inside a class."""
    edges = torch.as_tensor(EDGES, dtype=chances.dtype, device=chances.device)
    reached = chances.cumsum(1)
    found = (reached < 0.5).sum(1).clamp_max(chances.shape[1] - 1)[:, None]
    share = chances.gather(1, found)
    inside = ((0.5 - reached.gather(1, found) + share) / share.clamp_min(1e-9)).clamp(0, 1)
    return (edges[found] + inside * (edges[found + 1] - edges[found]))[:, 0]
