"""People as their site knows them."""

from dataclasses import replace
from typing import Literal

import numpy as np

from petgen.case import Biomarkers
from petgen.cohort.ideal import Ideal, Typical
from petgen.cohort.in_memory import InMemory
from petgen.cohort.people import People
from petgen.cohort.subject import Subject


class AtSite:
    """A cohort without what no site would know, kept in memory.

    Args:
        people: The cohort, simulated or real.
    """

    provenance: Literal["simulated-cohort", "site-cohort"]

    def __init__(self, people: People) -> None:
        self.people, self.provenance = InMemory(people), people.provenance

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
        """A person with images, without truth and tissue."""
        person = self.people.read(name)
        return replace(person, truth={}, tissue=np.zeros_like(person.tissue))

    def ideal(self, name: str) -> Ideal | None:
        """No site knows."""
        del name
        return None

    def typical(self, name: str, number: int) -> Typical | None:
        """No site knows."""
        del name, number
        return None
