"""People as their site knows them, kept in memory."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np

from petgen.case import Biomarkers
from petgen.cohort.ideal import Ideal, Typical
from petgen.cohort.people import People
from petgen.cohort.subject import Subject

_KINDS = {"t1": np.float16, "pet": np.float16, "parcels": np.int16}


class AtSite:
    """A cohort without what no site would know; a person is read once and kept, 8 MB each.

    Args:
        people: The cohort, simulated or real.
    """

    provenance: Literal["simulated-cohort", "site-cohort"]

    def __init__(self, people: People) -> None:
        self.people, self.provenance = people, people.provenance
        self._kept: dict[str, Subject] = {}

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
        """A person with images, without truth and tissue; intensities within 1/1000."""
        if name not in self._kept:
            person = self.people.read(name)
            small: dict[str, Any] = {field: getattr(person, field).astype(kind) for field, kind in _KINDS.items()}
            nothing = np.broadcast_to(np.int32(0), person.tissue.shape)
            self._kept[name] = replace(person, truth={}, tissue=nothing, **small)
        kept = self._kept[name]
        return replace(
            kept,
            t1=kept.t1.astype(np.float32),
            pet=kept.pet.astype(np.float32),
            parcels=kept.parcels.astype(np.int32),
        )

    def ideal(self, name: str) -> Ideal | None:
        """No site knows."""
        del name
        return None

    def typical(self, name: str, number: int) -> Typical | None:
        """No site knows."""
        del name, number
        return None
