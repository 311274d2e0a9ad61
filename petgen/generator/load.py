"""The amyloid load inside the network: its classes, its embedding, distributions over it."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

_WIDTH = 6.0
EDGES = np.array([-42.0, *np.arange(-30.0, 151.0, _WIDTH), 180.0])
"""Edges of the classes of load, Centiloids, the outer ones closed."""
CENTRES = (EDGES[1:] + EDGES[:-1]) / 2
CLASSES = len(CENTRES)


class LoadEmbedding(nn.Module):
    """A load in Centiloids as a token."""

    frequencies: torch.Tensor

    def __init__(self, token: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", torch.tensor([0.5, 1.0, 2.0, 4.0]))
        self.read = nn.Sequential(nn.Linear(9, token), nn.GELU(), nn.Linear(token, token))

    def forward(self, load: torch.Tensor) -> torch.Tensor:
        """Token (batch, token) of a load (batch,), Centiloids."""
        scaled = (load.float() / 100)[:, None]
        waves = scaled * self.frequencies
        token: torch.Tensor = self.read(torch.cat([scaled, waves.sin(), waves.cos()], 1))
        return token


def class_of(load: np.ndarray) -> np.ndarray:
    """Number of the class that holds each load, 0 to `CLASSES` - 1; what lies outside goes to the outer ones."""
    return np.asarray(np.clip(np.digitize(load, EDGES) - 1, 0, CLASSES - 1))


def below(chances: np.ndarray, load: float) -> float:
    """Probability of a load below a value in Centiloids, straight inside a class."""
    return float(np.interp(load, EDGES, np.concatenate([[0.0], np.cumsum(chances) / chances.sum()])))


def quantile(chances: np.ndarray, share: float) -> float:
    """Load below which a share of a distribution lies, Centiloids; the inverse of `below`.

    Args:
        chances: Probabilities of the classes between `EDGES`.
        share: Between 0 and 1.
    """
    return float(np.interp(share, np.concatenate([[0.0], np.cumsum(chances) / chances.sum()]), EDGES))


def part(chances: np.ndarray, low: float, high: float) -> np.ndarray:
    """Share of every class's probability that lies between two loads, (classes,); not normalised."""
    inside = np.clip(np.minimum(EDGES[1:], high) - np.maximum(EDGES[:-1], low), 0, None) / np.diff(EDGES)
    return np.asarray(chances * inside)


def between(loads: Sequence[float], wanted: np.ndarray) -> np.ndarray:
    """How to mix images painted at some loads into those at others, straight between them and on beyond.

    Args:
        loads: Painted loads, Centiloids; those within 3 CL of another count as one.
        wanted: Loads that are wanted.

    Returns:
        (len(wanted), len(loads)); every row sums to 1.
    """
    order = np.argsort(loads)
    x = np.asarray(loads, dtype=float)[order]
    kept = [0, *(k for k in range(1, len(x)) if x[k] - x[k - 1] > 3)]
    mix = np.zeros((len(wanted), len(x)))
    if len(kept) == 1:
        mix[:, order[0]] = 1
        return mix
    order, x = order[kept], x[kept]
    at = np.clip(np.searchsorted(x, wanted) - 1, 0, len(x) - 2)
    share = (wanted - x[at]) / (x[at + 1] - x[at])
    rows = np.arange(len(wanted))
    mix[rows, order[at]], mix[rows, order[at + 1]] = 1 - share, share
    return mix
