"""The same people at 3 mm, kept in memory, for comparisons that must be cheap."""

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


def coarser(volume: np.ndarray) -> np.ndarray:
    """A volume (91, 109, 91) at 2 mm on the same space at 3 mm, (61, 73, 61); labels and masks by the nearest voxel."""
    tensor = torch.from_numpy(np.ascontiguousarray(volume, dtype=np.float32))[None, None]
    if np.issubdtype(volume.dtype, np.floating):
        found = functional.interpolate(tensor, SHAPE_3MM, mode="trilinear", align_corners=False)
    else:
        found = functional.interpolate(tensor, SHAPE_3MM, mode="nearest-exact")
    return np.asarray(found[0, 0].numpy().astype(volume.dtype))


class CoarsePeople:
    """A cohort at 3 mm; a person is read once and kept.

    Args:
        people: The cohort at 2 mm.
        change: Changes a person's values on reading, for example hides a panel.
    """

    provenance: Literal["simulated-cohort", "site-cohort"]

    def __init__(self, people: People, change: Callable[[Biomarkers], Biomarkers] | None = None) -> None:
        self.people, self.provenance, self.change = people, people.provenance, change
        self._kept: dict[str, Subject] = {}
        self._typical: dict[tuple[str, int], Typical | None] = {}

    def names(self, split: str | None) -> list[str]:
        """Names of a split's people, sorted; everybody's when None."""
        return self.people.names(split)

    def tracer(self, name: str) -> str:
        """Tracer of a person's PET."""
        return self.people.tracer(name)

    def values(self, name: str) -> Biomarkers:
        """A person's values, changed."""
        values = self.people.values(name)
        return self.change(values) if self.change else values

    def read(self, name: str) -> Subject:
        """A person with images at 3 mm; intensities within 1/1000."""
        if name not in self._kept:
            person = self.people.read(name)
            small: dict[str, Any] = {}
            for field in _VOLUMES:
                volume = coarser(getattr(person, field))
                kinds = {"t1": np.float16, "pet": np.float16, "parcels": np.int16, "tissue": np.int16}
                small[field] = volume.astype(kinds.get(field, bool))
            self._kept[name] = replace(person, values=self.values(name), **small)
        kept = self._kept[name]
        wide: dict[str, Any] = {
            "t1": kept.t1.astype(np.float32),
            "pet": kept.pet.astype(np.float32),
            "parcels": kept.parcels.astype(np.int32),
            "tissue": kept.tissue.astype(np.int32),
        }
        return replace(kept, **wide)

    def ideal(self, name: str) -> Ideal | None:
        """What could be known at best, at 3 mm."""
        found = self.people.ideal(name)
        return found and Ideal(coarser(found.noise_free), found.typical)

    def typical(self, name: str, number: int) -> Typical | None:
        """The brain at one typical load, at 3 mm; SUVR within 1/1000."""
        key = (name, number)
        if key not in self._typical:
            found = self.people.typical(name, number)
            self._typical[key] = found and Typical(coarser(found.suvr).astype(np.float16), found.centiloid)
        kept = self._typical[key]
        return kept and Typical(kept.suvr.astype(np.float32), kept.centiloid)
