"""One simulated person: biology, anatomy and both scans."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.deform import Atrophy, deform, volumes
from petgen.cohort.ideal import Ideal, Typical, ideal_scan, typical_scans
from petgen.cohort.imaging_errors import draw_errors
from petgen.cohort.pet import Amyloid, acquire_pet, true_uptake
from petgen.cohort.scanners import USUAL, Scanner
from petgen.cohort.splits import SPLITS
from petgen.cohort.t1 import acquire_t1
from petgen.cohort.tracers import TRACERS, Tracer
from petgen.quantify.suvr import composite_suvr


@dataclass(frozen=True)
class Subject:
    """A simulated person; arrays are (91, 109, 91).

    Attributes:
        anatomy: Name of the anatomy the brain was deformed from.
        values: Measured values, as a site would have them.
        diagnosis: "CU", "MCI" or "AD".
        t1: T1w, white matter = 1, zero outside the mask, float32.
        mask: Brain mask as the skull stripper leaves it, bool.
        pet: Noisy SUVR, whole cerebellum = 1, float32.
        parcels: The atlas on the brain, as the pipeline would find it, int32.
        tissue: True aparc+aseg labels, int32.
        cortex: Centiloid cortex mask on the brain, bool.
        cerebellum: Whole-cerebellum mask on the brain, bool.
        centiloid: Measured on `pet`.
        truth: What was drawn (also the values that were then hidden) and what the scanner was, by name.
        ideal: What could be known of the PET at best; of test people only.
        typical: The brain as it would typically look at other loads; of training people only.
    """

    anatomy: str
    values: Biomarkers
    diagnosis: str
    t1: np.ndarray
    mask: np.ndarray
    pet: np.ndarray
    parcels: np.ndarray
    tissue: np.ndarray
    cortex: np.ndarray
    cerebellum: np.ndarray
    centiloid: float
    truth: dict[str, float | str]
    ideal: Ideal | None = None
    typical: tuple[Typical, ...] = ()


def random_source(seed: int, split: str, index: int) -> np.random.Generator:
    """Randomness of one subject, keyed so that no two splits share a draw."""
    return np.random.default_rng([seed, SPLITS.index(split), index])


def simulate(
    anatomies: Sequence[Anatomy],
    split: str,
    index: int,
    seed: int = 0,
    tracer: Tracer = TRACERS["florbetapir"],
    scanner: Scanner = USUAL,
    *,
    aligned: bool = False,
) -> Subject:
    """Simulates one person.

    Args:
        anatomies: The split's anatomies; one is drawn.
        split: One of `petgen.cohort.splits.SPLITS`.
        index: Number of the person within the split.
        seed: Seed of the cohort.
        tracer: What is injected.
        scanner: What the PET is taken with.
        aligned: Whether the PET lies exactly on the T1w; all else stays as drawn.
    """
    rng = random_source(seed, split, index)
    person = biology.draw(1, rng)
    values = Biomarkers(**biology.values_of(biology.hide_missing(person, rng).iloc[0]))
    source = anatomies[int(rng.integers(len(anatomies)))]
    asked = {"with_ideal": split == "test", "with_typical": split == "train"}
    return scan_person(source, values, person.iloc[0], rng, tracer, scanner, aligned=aligned, **asked)


def scan_person(
    source: Anatomy,
    values: Biomarkers,
    person: "pd.Series[Any]",
    rng: np.random.Generator,
    tracer: Tracer = TRACERS["florbetapir"],
    scanner: Scanner = USUAL,
    *,
    with_ideal: bool = False,
    with_typical: bool = False,
    aligned: bool = False,
) -> Subject:
    """Both scans of a person whose biology is known.

    Args:
        source: Anatomy to deform.
        values: Measured values.
        person: A row of `petgen.cohort.biology.draw`; its measurable values only go to the truth.
        rng: Source of randomness.
        tracer: What is injected.
        scanner: What the PET is taken with.
        with_ideal: Whether to find out what could be known of the PET at best, a second's work.
        with_typical: Whether to find out what the brain would typically look like at other loads, a second's work.
        aligned: Whether the PET lies exactly on the T1w.
    """
    errors = draw_errors(rng)
    neuro = float(person["neurodegeneration"])
    atrophy = Atrophy(float(person["hippocampus"]), float(person["ventricles"]), biology.thinning(neuro))
    brain = deform(source, atrophy, rng, residual=errors.matrix)
    if rng.random() < 0.5:
        brain = _mirrored(brain)
    t1, mask = acquire_t1(brain, errors, rng)
    amyloid = Amyloid(
        float(person["centiloid"]),
        str(person["subtype"]),
        float(person["subtype_strength"]),
        float(person["asymmetry"]),
    )
    uptake = true_uptake(brain, amyloid, rng, tracer)
    scan = acquire_pet(uptake, brain, rng, scanner, aligned=aligned)
    hippocampus, ventricles = volumes(brain)
    truth: dict[str, float | str] = {
        "load": amyloid.load,
        "subtype": amyloid.subtype,
        "subtype_strength": amyloid.subtype_strength,
        "asymmetry": amyloid.asymmetry,
        "neurodegeneration": neuro,
        "hippocampus": hippocampus,
        "ventricles": ventricles,
        "scanner_fwhm_mm": scan.fwhm_mm,
        "noise": scan.noise,
    }
    truth |= {f"drawn_{name}": value for name, value in biology.values_of(person).items()}
    return Subject(
        source.name,
        values,
        str(person["diagnosis"]),
        t1,
        mask,
        scan.suvr * mask,
        brain.parcels * mask,
        brain.tissue,
        brain.cortex & mask,
        brain.cerebellum & mask,
        tracer.centiloid(composite_suvr(scan.suvr * mask, brain.cortex & mask, brain.cerebellum & mask)),
        truth,
        ideal_scan(brain, mask, uptake, tracer, scanner) if with_ideal else None,
        typical_scans(brain, mask, rng, tracer, scanner) if with_typical else (),
    )


def _mirrored(brain: Anatomy) -> Anatomy:
    """The brain with left and right exchanged; the grid is symmetric about x = 0."""
    table = np.arange(2036, dtype=np.int32)
    for left, right in codes.PAIRS:
        table[left], table[right] = right, left
    flipped: dict[str, Any] = {
        name: getattr(brain, name)[::-1] for name in ("grey", "white", "mask", "cortex", "cerebellum")
    }
    flipped |= {name: table[getattr(brain, name)[::-1]] for name in ("tissue", "grey_label", "white_label", "parcels")}
    return replace(brain, t1=None if brain.t1 is None else brain.t1[::-1], **flipped)
