"""What training sees of one person."""

from typing import NamedTuple

import numpy as np
import torch


class Sample(NamedTuple):
    """One training pair; volumes are (91, 109, 91), or (61, 73, 61) at 3 mm.

    Attributes:
        t1: float32, white matter = 1, zero outside the brain.
        pet: float32, SUVR.
        features: (fields, features), float32.
        load: Centiloids measured on the PET.
        cortex: Centiloid cortex mask, bool.
        cerebellum: Whole-cerebellum mask, bool.
        parcels: Atlas labels, int32.
        atlas: The same as the network sees them, with a registration's error.
        volumes: (2,), as from `petgen.generator.fields.scaled_volumes`; NaN where nobody knows.
        structures: (2, x / 2, y / 2, z / 2) of the padded grid, float32: shares of hippocampi and lateral
            ventricles; NaN where nobody knows.
    """

    t1: np.ndarray
    pet: np.ndarray
    features: np.ndarray
    load: float
    cortex: np.ndarray
    cerebellum: np.ndarray
    parcels: np.ndarray
    atlas: np.ndarray
    volumes: np.ndarray
    structures: np.ndarray


class Batch(NamedTuple):
    """Samples as tensors: volumes (batch, 1, x, y, z), `load` (batch,), the rest with a leading batch axis."""

    t1: torch.Tensor
    pet: torch.Tensor
    features: torch.Tensor
    load: torch.Tensor
    cortex: torch.Tensor
    cerebellum: torch.Tensor
    parcels: torch.Tensor
    atlas: torch.Tensor
    volumes: torch.Tensor
    structures: torch.Tensor

    @property
    def brain(self) -> torch.Tensor:
        """Brain mask, float."""
        return (self.t1 > 0).float()


def batch_of(samples: list[Sample], device: torch.device) -> Batch:
    """Samples of one grid together on a device."""
    columns = [np.stack([np.asarray(value) for value in column]) for column in zip(*samples, strict=True)]
    kinds = {"parcels": np.int64, "atlas": np.int64}
    found = {}
    for name, column in zip(Sample._fields, columns, strict=True):
        volume = torch.from_numpy(np.ascontiguousarray(column, dtype=kinds.get(name, np.float32))).to(device)
        found[name] = volume[:, None] if name in ("t1", "pet", "cortex", "cerebellum", "parcels", "atlas") else volume
    return Batch(**found)
