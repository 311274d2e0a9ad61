"""One simulated person: biology, anatomy and both scans."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.deform import deform
from petgen.cohort.scanner import acquire_pet, acquire_t1
from petgen.quantify.centiloid import centiloid

SPLITS = ("train", "validation", "calibration", "test", "demo")


@dataclass(frozen=True)
class Subject:
    """A simulated person; arrays are (91, 109, 91).

    Attributes:
        anatomy: Name of the anatomy the brain was deformed from.
        values: Measured values, as a site would have them.
        t1: T1w, white matter = 1, zero outside the mask, float32.
        mask: Brain mask as the skull stripper leaves it, bool.
        pet: Noisy florbetapir SUVR, float32.
        parcels: aparc+aseg labels, int32.
        cortex: Centiloid cortex mask on the brain, bool.
        cerebellum: Whole-cerebellum mask on the brain, bool.
        centiloid: Measured on `pet`.
    """

    anatomy: str
    values: Biomarkers
    t1: np.ndarray
    mask: np.ndarray
    pet: np.ndarray
    parcels: np.ndarray
    cortex: np.ndarray
    cerebellum: np.ndarray
    centiloid: float


def random_source(seed: int, split: str, index: int) -> np.random.Generator:
    """Randomness of one subject, keyed so that no two splits share a draw."""
    return np.random.default_rng([seed, SPLITS.index(split), index])


def split_anatomies(files: Sequence[Path]) -> dict[str, list[Path]]:
    """Divides anatomies between training, validation and test, a fifth of every source for the test.

    Args:
        files: Prepared anatomies; the part of the name before the last "-" tells sources apart.

    Returns:
        Files by split; a file stands in one split only.
    """
    found: dict[str, list[Path]] = {"train": [], "validation": [], "test": []}
    sources: dict[str, list[Path]] = {}
    for file in sorted(files):
        sources.setdefault(file.stem.split("-")[0], []).append(file)
    for members in sources.values():
        held, checked = len(members) // 5, len(members) // 10
        found["test"] += members[:held]
        found["validation"] += members[held : held + checked]
        found["train"] += members[held + checked :]
    return found


def simulate(anatomies: Sequence[Anatomy], split: str, index: int, seed: int = 0) -> Subject:
    """Simulates one person.

    Args:
        anatomies: The split's anatomies; one is drawn.
        split: One of `SPLITS`.
        index: Number of the person within the split.
        seed: Seed of the cohort.
    """
    rng = random_source(seed, split, index)
    person = biology.draw(1, rng)
    values = Biomarkers(**biology.values_of(biology.hide_missing(person, rng).iloc[0]))
    source = anatomies[int(rng.integers(len(anatomies)))]
    return scan_person(
        source, values, float(person["centiloid"].iloc[0]), float(person["neurodegeneration"].iloc[0]), rng
    )


def scan_person(
    source: Anatomy, values: Biomarkers, load: float, neurodegeneration: float, rng: np.random.Generator
) -> Subject:
    """Both scans of a person whose biology is known.

    Args:
        source: Anatomy to deform.
        values: Measured values.
        load: True amyloid load, Centiloids.
        neurodegeneration: z, lower is worse.
        rng: Source of randomness.
    """
    brain = deform(source, neurodegeneration, rng)
    if rng.random() < 0.5:
        brain = _mirrored(brain)
    t1, mask = acquire_t1(brain, rng)
    pet = acquire_pet(brain, load, rng) * mask
    measured = centiloid(float(pet[brain.cortex].mean() / pet[brain.cerebellum].mean()))
    return Subject(source.name, values, t1, mask, pet, brain.parcels, brain.cortex, brain.cerebellum, measured)


_SIDES = {2: 41, 3: 42, 4: 43, 5: 44, 7: 46, 8: 47, 10: 49, 11: 50, 12: 51, 13: 52, 17: 53, 18: 54, 26: 58, 28: 60}


def _mirrored(brain: Anatomy) -> Anatomy:
    """The brain with left and right exchanged; the grid is symmetric about x = 0."""
    table = np.arange(2036)
    for left, right in _SIDES.items():
        table[left], table[right] = right, left
    table[1000:1036], table[2000:2036] = np.arange(2000, 2036), np.arange(1000, 1036)
    return Anatomy(
        brain.name,
        table[brain.parcels[::-1]],
        brain.mask[::-1],
        brain.cortex[::-1],
        brain.cerebellum[::-1],
        None if brain.t1 is None else brain.t1[::-1],
    )
