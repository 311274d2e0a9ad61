"""People with images to measure a model on, simulated ones or a site's own."""

from pathlib import Path
from typing import Literal, Protocol

from petgen.case import Biomarkers
from petgen.cohort.dataset import (
    TRUTH,
    read_ideal,
    read_record,
    read_subject,
    read_typical,
    read_values,
    subjects,
)
from petgen.cohort.ideal import Ideal, Typical
from petgen.cohort.subject import Subject


class People(Protocol):
    """A cohort on disk."""

    provenance: Literal["simulated-cohort", "site-cohort"]

    def names(self, split: str | None) -> list[str]:
        """Names of a split's people, sorted; everybody's when None."""

    def tracer(self, name: str) -> str:
        """Tracer of a person's PET, a key of `petgen.quantify.EQUATIONS`."""

    def read(self, name: str) -> Subject:
        """A person with images on the working grid."""

    def values(self, name: str) -> Biomarkers:
        """A person's values, without reading an image."""

    def ideal(self, name: str) -> Ideal | None:
        """What could be known at best of the PET; None where nobody knows."""

    def typical(self, name: str, number: int) -> Typical | None:
        """The person's brain as it would typically look at one load of `TYPICAL_LOADS`; None where nobody knows."""


class SimulatedPeople:
    """People that `petgen simulate` wrote.

    Args:
        root: Folder of the dataset.
    """

    provenance: Literal["simulated-cohort", "site-cohort"] = "simulated-cohort"

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self, split: str | None) -> list[str]:
        """Names of a split's people, sorted; everybody's when None."""
        return subjects(self.root, split)

    def tracer(self, name: str) -> str:
        """Tracer that was simulated."""
        return str(read_record(self.root, name)["tracer"])

    def read(self, name: str) -> Subject:
        """A person with images."""
        return read_subject(self.root, name)

    def values(self, name: str) -> Biomarkers:
        """A person's values."""
        return read_values(self.root, name)

    def ideal(self, name: str) -> Ideal | None:
        """What could be known at best; test people have it."""
        return read_ideal(self.root, name) if name.startswith("test") else None

    def typical(self, name: str, number: int) -> Typical | None:
        """The person's brain as it would typically look at one load; training people have it."""
        return read_typical(self.root, name, number)


def is_simulated(root: Path) -> bool:
    """Whether `petgen simulate` wrote a folder."""
    return (root / TRUTH / "simulation.json").exists()


def open_people(root: Path) -> People:
    """The cohort in a folder, simulated or a site's own (BIDS).

    Raises:
        InputError: The folder holds neither.
    """
    if is_simulated(root):
        return SimulatedPeople(root)
    from petgen.cohort.site import SitePeople

    return SitePeople(root)
