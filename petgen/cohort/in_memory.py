"""A cohort kept in memory once it is read, on the working grid or a coarser one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import torch
from torch.nn import functional

from petgen.case import Biomarkers
from petgen.cohort.ideal import Ideal, Typical
from petgen.cohort.people import People
from petgen.cohort.subject import Subject

SHAPE_3MM = (61, 73, 61)
_VOLUMES = ("t1", "mask", "pet", "parcels", "tissue", "cortex", "cerebellum")
_SMALL = {"t1": np.float16, "pet": np.float16, "parcels": np.int16, "tissue": np.int16}
_WIDE = {"t1": np.float32, "pet": np.float32, "parcels": np.int32, "tissue": np.int32}


def coarser(volume: np.ndarray) -> np.ndarray:
    """A volume (91, 109, 91) at 2 mm on the same space at 3 mm, (61, 73, 61); labels and masks by the nearest voxel."""
    tensor = torch.from_numpy(np.ascontiguousarray(volume, dtype=np.float32))[None, None]
    if np.issubdtype(volume.dtype, np.floating):
        found = functional.interpolate(tensor, SHAPE_3MM, mode="trilinear", align_corners=False)
    else:
        found = functional.interpolate(tensor, SHAPE_3MM, mode="nearest-exact")
    return np.asarray(found[0, 0].numpy().astype(volume.dtype))


def as_it_is(volume: np.ndarray) -> np.ndarray:
    """The volume itself."""
    return volume


class InMemory:
    """A cohort whose people are read once and kept, intensities within 1/1000; 10 MB a person at 2 mm, 3 MB at 3 mm.

    Args:
        people: The cohort.
        grid: Brings a volume of the working grid to the one that is wanted, for example `coarser`.
        limit_gb: What may be kept; people beyond it are read again every time.
    """

    provenance: Literal["simulated-cohort", "site-cohort"]

    def __init__(
        self, people: People, grid: Callable[[np.ndarray], np.ndarray] = as_it_is, limit_gb: float = float("inf")
    ) -> None:
        self.people, self.provenance, self.grid = people, people.provenance, grid
        self._left = limit_gb * 1e9
        self._read: dict[str, Subject] = {}
        self._typical: dict[tuple[str, int], Typical | None] = {}

    def names(self, split: str | None) -> list[str]:
        """Names of a split's people, sorted; everybody's when None."""
        return self.people.names(split)

    def tracer(self, name: str) -> str:
        """Tracer of a person's PET."""
        return self.people.tracer(name)

    def values(self, name: str) -> Biomarkers:
        """A person's values."""
        return self.people.values(name)

    def read(self, name: str) -> Subject:
        """A person with images."""
        found = self._read.get(name)
        if found is None:
            person = self.people.read(name)
            small: dict[str, Any] = {key: self.grid(getattr(person, key)) for key in _VOLUMES}
            found = replace(person, **{key: volume.astype(_SMALL.get(key, bool)) for key, volume in small.items()})
            if self._room(sum(getattr(found, key).nbytes for key in _VOLUMES)):
                self._read[name] = found
        wide: dict[str, Any] = {key: getattr(found, key).astype(kind) for key, kind in _WIDE.items()}
        return replace(found, **wide)

    def ideal(self, name: str) -> Ideal | None:
        """What could be known at best; not kept."""
        found = self.people.ideal(name)
        return found and Ideal(self.grid(found.noise_free), found.typical)

    def typical(self, name: str, number: int) -> Typical | None:
        """The brain at one typical load."""
        key = (name, number)
        if key not in self._typical:
            found = self.people.typical(name, number)
            small = found and Typical(self.grid(found.suvr).astype(np.float16), found.centiloid)
            if self._room(small.suvr.nbytes if small else 0):
                self._typical[key] = small
        else:
            small = self._typical[key]
        return small and Typical(small.suvr.astype(np.float32), small.centiloid)

    def _room(self, wanted: int) -> bool:
        """Whether so many bytes more may be kept; if so, they are counted."""
        if wanted > self._left:
            return False
        self._left -= wanted
        return True
