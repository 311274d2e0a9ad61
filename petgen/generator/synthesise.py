"""T1w and what is known of the patient to a posterior of the load, and to the SUVR of a load."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from petgen.generator.device import autocast, device_of
from petgen.generator.load import CENTRES, EDGES, between, part, quantile
from petgen.generator.network import Generator, Levels
from petgen.generator.paper import PaperGenerator


@dataclass(frozen=True)
class Encoded:
    """A T1w inside the network, kept while values and load change.

    Attributes:
        t1: (1, 1, 91, 109, 91).
        levels: Encoder features.
        volumes: Hippocampi and lateral ventricles, (1, 2), see `petgen.generator.network.Generator.find_volumes`.
        places: What the decoder is told of the places of the brain, see `petgen.generator.network.Generator.locate`.
    """

    t1: torch.Tensor
    levels: Levels
    volumes: torch.Tensor
    places: torch.Tensor | None

    def beside(self, network: torch.nn.Module) -> "Encoded":
        """The same on the device where the network is now."""
        device = device_of(network)
        if self.t1.device == device:
            return self
        places = None if self.places is None else self.places.to(device)
        levels = [level.to(device) for level in self.levels]
        return Encoded(self.t1.to(device), levels, self.volumes.to(device), places)


@dataclass(frozen=True)
class Outlook:
    """What T1w and values leave open.

    Attributes:
        chances: Posterior of the load, probabilities of the classes of `petgen.generator.load.EDGES`.
        median: Median load, Centiloids; the default image is painted at it.
        negative: (weight, load) of the negative scenario: the share of the posterior below the threshold, and its
            median, Centiloids.
        positive: The same above the threshold.
    """

    chances: np.ndarray
    median: float
    negative: tuple[float, float]
    positive: tuple[float, float]


@torch.inference_mode()
def encode(network: Generator, t1: np.ndarray, parcels: np.ndarray | None) -> Encoded:
    """Encodes a T1w and the atlas on it.

    Args:
        network: In evaluation mode, on the device it shall run on.
        t1: (91, 109, 91), float32, white matter = 1, zero outside the brain.
        parcels: Atlas labels on the brain, (91, 109, 91), 0 outside the regions; None where nothing will be painted.
    """
    image = _tensor(network, np.ascontiguousarray(t1))[:, None]
    labels = None if parcels is None else _tensor(network, np.ascontiguousarray(parcels, np.int64))[:, None]
    with autocast(image.device):
        levels = network.encode(image)
        found, _ = network.find_volumes(image, levels)
        return Encoded(image, levels, found, None if labels is None else network.locate(labels))


@torch.inference_mode()
def posterior(network: Generator, encoded: Encoded, features: np.ndarray) -> np.ndarray:
    """Distribution of the load, probabilities of the classes of `petgen.generator.load.EDGES`.

    Args:
        network: The generator.
        encoded: The T1w.
        features: (fields, features), float32.
    """
    encoded = encoded.beside(network)
    with autocast(encoded.t1.device):
        chances = network.posterior(_tensor(network, features), encoded.volumes)
    return np.asarray(chances[0].cpu().numpy(), dtype=float)


EIGHTH = 2
"""Level of the encoder at an eighth of the resolution."""


def encoder_features(encoded: Encoded) -> np.ndarray:
    """The encoder's features at an eighth of the resolution, (channels, 12, 14, 12), float32."""
    return np.asarray(encoded.levels[EIGHTH][0].float().cpu().numpy())


def volumes(encoded: Encoded) -> np.ndarray:
    """Hippocampi and lateral ventricles that the network finds, (2,), as `petgen.generator.fields.scaled_volumes`."""
    return np.asarray(encoded.volumes[0].float().cpu().numpy())


@torch.inference_mode()
def paint(network: Generator, encoded: Encoded, features: np.ndarray, load: float) -> np.ndarray:
    """SUVR of a load, (91, 109, 91), float32; positive in the brain, zero outside.

    Args:
        network: The generator.
        encoded: The T1w.
        features: (fields, features), float32.
        load: Centiloids.

    Raises:
        ValueError: The T1w was encoded without the atlas, which this generator needs.
    """
    if encoded.places is None and network.decoder.places is not None:
        raise ValueError("this generator paints with the atlas: encode the T1w with it")
    encoded = encoded.beside(network)
    with autocast(encoded.t1.device):
        amount = torch.tensor([load], dtype=torch.float32, device=encoded.t1.device)
        kept = (encoded.t1, encoded.levels, encoded.places, encoded.volumes)
        suvr = network.decode(*kept, _tensor(network, features), amount)
    return np.asarray(suvr[0, 0].float().cpu().numpy())


@torch.inference_mode()
def synthesise_suvr(network: PaperGenerator, t1: np.ndarray, features: np.ndarray) -> np.ndarray:
    """The synthetic PET of the paper's generator, SUVR (91, 109, 91), float32."""
    image = _tensor(network, np.ascontiguousarray(t1))[:, None]
    with autocast(image.device):
        suvr = network(image, _tensor(network, features))
    return np.asarray(suvr[0, 0].float().cpu().numpy())


def outlook(network: Generator, encoded: Encoded, features: np.ndarray, threshold: float) -> Outlook:
    """The posterior of the load, its median and both scenarios.

    Args:
        network: The generator.
        encoded: The T1w.
        features: (fields, features), float32.
        threshold: Load that divides negative from positive, Centiloids.
    """
    chances = posterior(network, encoded, features)
    negative, positive = scenario_loads(chances, threshold)
    return Outlook(chances, quantile(chances, 0.5), negative, positive)


def spread_map(chances: np.ndarray, images: Mapping[float, np.ndarray]) -> np.ndarray:
    """Standard deviation of the SUVR over the posterior of the load, (91, 109, 91), float32.

    Args:
        chances: Probabilities of the classes of load.
        images: SUVR by painted load; loads between are mixed, see `petgen.generator.load.between`.
    """
    mix = between(list(images), CENTRES)
    weights = chances / chances.sum()
    centred = mix - weights @ mix
    moments = (weights[:, None] * centred).T @ centred
    volumes = list(images.values())
    variance = sum(moments[i, j] * volumes[i] * volumes[j] for i in range(len(volumes)) for j in range(len(volumes)))
    return np.asarray(np.sqrt(np.maximum(variance, 0)), dtype=np.float32)


def scenario_loads(chances: np.ndarray, threshold: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The two patients that the posterior cannot tell apart: (weight, median load) of the negative and the positive.

    Args:
        chances: Probabilities of the classes of load.
        threshold: Load that divides them, Centiloids.
    """
    sides = [part(chances, low, high) for low, high in ((EDGES[0], threshold), (threshold, EDGES[-1]))]
    total = sum(float(side.sum()) for side in sides)
    found = [
        (float(side.sum()) / total, float(np.clip(quantile(side, 0.5), low, high)))
        for side, (low, high) in zip(sides, ((EDGES[0], threshold), (threshold, EDGES[-1])), strict=True)
    ]
    return found[0], found[1]


def _tensor(network: torch.nn.Module, values: np.ndarray) -> torch.Tensor:
    """Values with a leading axis on the network's device."""
    return torch.from_numpy(values)[None].to(device_of(network))
