"""Variants, baselines and the ceiling on people that nobody trained on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel

from petgen import __version__
from petgen.benchmark.baselines import BASELINES, Baselines, fit_baselines
from petgen.benchmark.bootstrap import Figure, resamples, with_intervals
from petgen.benchmark.ceiling import Knowable, knowable
from petgen.benchmark.predictor import load_predictor
from petgen.benchmark.rows import Judged, Rows, across, auc, figures, regions_inside, within
from petgen.case import InputError
from petgen.cohort.people import People, open_people
from petgen.diagnosis.intervals import Intervals
from petgen.quantify import POSITIVE_CENTILOID, equation_of
from petgen.quantify.agreement import agreement

Progress = Callable[[str], None]
Figures = dict[str, Figure]
REGIONAL = ("regional_r_across", "regional_r_within")
"""Figures that are given twice. The ceiling's are of its expected regions, and, as `_default`, of the regions at the
median of the load, which an image at the median cannot exceed. A variant's are of its default image, and, as
`_expected`, of its expected regions."""
MAPS_FROM = 400
"""Training people, at most, that the baselines are fitted on."""


class Cell(BaseModel):
    """Coverage of the 90 % intervals in one cell of zone x panel."""

    n: int
    coverage_90_centiloid: Figure
    coverage_90_regions: Figure


class Metrics(BaseModel):
    """What `petgen evaluate` writes as metrics.json.

    Attributes:
        n: Test people.
        n_anatomies: Anatomies they come from.
        data: What the people are, in words.
        provenance: Whether they are simulated.
        variants: Figures by variant.
        baselines: Figures of maps that never saw the brain.
        ceiling: What a perfect model would reach given the same inputs; of simulated people only.
        difference: The variant `petgen` minus another variant, a baseline or the ceiling, by name, paired.
        cells: Coverage of `petgen`'s intervals by zone x panel.
        weights_sha256: Checksum of the weights by variant.
        petgen_version: Version that measured.
    """

    n: int
    n_anatomies: int
    data: str
    provenance: Literal["simulated-cohort", "site-cohort"]
    variants: dict[str, Figures]
    baselines: dict[str, Figures]
    ceiling: Figures
    difference: dict[str, Figures]
    cells: dict[str, Cell]
    weights_sha256: dict[str, str]
    petgen_version: str


@dataclass(frozen=True)
class Measured:
    """Everything measured on one person.

    Attributes:
        anatomy: Anatomy, or the person where everybody has an own.
        judged: By method.
        cell: Zone x panel of the variant `petgen`.
        limit: SSIM in the brain of the noise-free scan, NaN where nobody knows.
        knowable: What a perfect model would say; None where nobody knows.
    """

    anatomy: str
    judged: dict[str, Judged]
    cell: str
    limit: float
    knowable: Knowable | None


def evaluate(
    data: Path, weights: Path, variants: Sequence[str], progress: Progress, n: int | None = None
) -> tuple[Metrics, str]:
    """Measures variants on the people of the split `test`.

    Args:
        data: A simulated dataset, or a site's BIDS dataset.
        weights: Folder of the weights.
        variants: Names of the variants.
        progress: Told how far it is.
        n: The first n test people; everybody when None.

    Returns:
        The figures, and a table (tab-separated) of single people, for looking at who fares badly.

    Raises:
        InputError: There are no people to test on, or none to fit the baselines on.
    """
    from joblib import Parallel, delayed

    people = open_people(data)
    test, known = people.names("test")[:n], people.names("train")[:MAPS_FROM]
    if not test or not known:
        missing = "train" if test else "test"
        mend = f"Run `petgen simulate --split {missing}` first."
        raise InputError(f"no people of the split {missing}", where=str(data), mend=mend)
    progress(f"baselines: fitting on {len(known)} people")
    baselines = fit_baselines(people, known)
    found: list[Measured] = []
    work = Parallel(n_jobs=-1, return_as="generator", batch_size=1, max_nbytes="1M")
    for item in work(delayed(_measured)(data, weights, tuple(variants), baselines, name) for name in test):
        found.append(item)
        if len(found) % 20 == 0:
            progress(f"test people: {len(found)} of {len(test)}")
    words = f"{len(test)} {'simulated ' * (people.provenance == 'simulated-cohort')}people of the split test"
    checksums = {name: load_predictor(weights, name).checksum for name in variants}
    return summarise(found, variants, people.provenance, words, checksums), _single_people(test, found)


def _single_people(names: Sequence[str], found: Sequence[Measured]) -> str:
    scalars = ("ssim_paper", "ssim_brain", "psnr_brain", "mae_suvr", "regional_r")
    head = ("name", "anatomy", "method", *scalars, "centiloid", "reference_centiloid", "ssim_noise_free")
    lines = ["\t".join(head)]
    for name, item in zip(names, found, strict=True):
        for method, judged in item.judged.items():
            seen = judged.agreement
            values = (*(getattr(seen, scalar) for scalar in scalars), *seen.centiloid, item.limit)
            lines.append("\t".join((name, item.anatomy, method, *(f"{value:.4f}" for value in values))))
    return "\n".join(lines) + "\n"


def _measured(data: Path, weights: Path, variants: tuple[str, ...], baselines: Baselines, name: str) -> Measured:
    import torch

    torch.set_num_threads(1)
    return measure(open_people(data), name, weights, variants, baselines)


def measure(people: People, name: str, weights: Path, variants: Sequence[str], baselines: Baselines) -> Measured:
    """Everything about one test person.

    Args:
        people: The cohort.
        name: Name of the person.
        weights: Folder of the weights.
        variants: Names of the variants.
        baselines: As from `fit_baselines`.
    """
    person, ideal = people.read(name), people.ideal(name)
    where = (person.parcels, person.mask, person.cortex, person.cerebellum)
    real = equation_of(people.tracer(name))
    judged, cell = {}, ""
    for variant in variants:
        predicted = load_predictor(weights, variant).predict(person, _intervals(weights, variant))
        equations = (load_predictor(weights, variant).network.config.equation, real)
        found, seen = agreement(predicted.suvr, person.pet, *where, equations), predicted.assessment
        judged[variant] = Judged(found)
        if seen:
            load = seen.centiloid_interval or (np.nan, np.nan)
            judged[variant] = Judged(found, load, seen.regions_interval, seen.regions_expected)
        if seen and variant == "petgen":
            cell = seen.cell
    for baseline in BASELINES:
        made = np.maximum(baselines.paint(baseline, person.values), 0) * person.mask
        judged[baseline] = Judged(agreement(made, person.pet, *where, (real, real)))
    limit, best = float("nan"), None
    if ideal:
        limit = agreement(ideal.noise_free, person.pet, *where).ssim_brain
        volumes = (float(person.truth["hippocampus"]), float(person.truth["ventricles"]))
        best = knowable(person.values, *volumes, ideal)
    return Measured(person.anatomy, judged, cell, limit, best)


@cache
def _intervals(weights: Path, variant: str) -> Intervals | None:
    file = weights / f"{variant}-intervals.json"
    return Intervals.read(file) if file.exists() else None


def summarise(
    found: Sequence[Measured],
    variants: Sequence[str],
    provenance: Literal["simulated-cohort", "site-cohort"],
    data: str,
    checksums: dict[str, str],
) -> Metrics:
    """Figures with their intervals from what was measured of each person.

    Args:
        found: One item a person.
        variants: Names of the variants.
        provenance: Whether the people are simulated.
        data: What they are, in words.
        checksums: Of the weights by variant.
    """
    groups = [item.anatomy for item in found]
    draws = resamples(groups)
    methods = [*variants, *BASELINES]
    columns = {name: Rows([item.judged[name] for item in found]).arrays() for name in methods}
    floor, limits = columns["mean_map"]["ssim_brain"], np.array([item.limit for item in found])
    limit = limits if np.isfinite(limits).all() else None
    best = [item.knowable for item in found if item.knowable]

    def of(name: str, chosen: np.ndarray) -> dict[str, float]:
        part = {key: values[chosen] for key, values in columns[name].items()}
        return figures(part, floor[chosen], None if limit is None else limit[chosen])

    real = columns["mean_map"]["centiloid"][:, 1]
    regions = columns["mean_map"]["regions"][:, 1]

    def of_ceiling(chosen: np.ndarray) -> dict[str, float]:
        return _ceiling([best[k] for k in chosen], real[chosen], regions[chosen])

    def between(name: str) -> Callable[[np.ndarray], dict[str, float]]:
        def difference(chosen: np.ndarray) -> dict[str, float]:
            ours = of("petgen", chosen)
            other = of_ceiling(chosen) if name == "ceiling" else of(name, chosen)
            other = {**other, "auc_spet": other["auc"]} if "auc" in other else other
            gaps = {key: ours[key] - value for key, value in other.items() if key in ours}
            if name == "ceiling":
                gaps["centiloid_mae_ratio"] = ours["centiloid_mae"] / other["centiloid_mae"]
                gaps |= {f"{key}_default": ours[key] - other[f"{key}_default"] for key in REGIONAL}
                told = [key for key in REGIONAL if f"{key}_expected" in ours]
                gaps |= {f"{key}_expected": ours[f"{key}_expected"] - other[key] for key in told}
            return gaps

        return difference

    whole = len(best) == len(found)
    compared = [name for name in methods if name != "petgen"] + ["ceiling"] * whole if "petgen" in variants else []
    tables = {name: with_intervals(lambda k, name=name: of(name, k), len(found), draws) for name in methods}  # type: ignore[misc]
    return Metrics(
        n=len(found),
        n_anatomies=len(set(groups)),
        data=data,
        provenance=provenance,
        variants={name: tables[name] for name in variants},
        baselines={name: tables[name] for name in BASELINES},
        ceiling=with_intervals(of_ceiling, len(found), draws) if whole else {},
        difference={name: with_intervals(between(name), len(found), draws) for name in compared},
        cells=_cells(found, columns["petgen"], groups) if "petgen" in variants else {},
        weights_sha256=checksums,
        petgen_version=__version__,
    )


def _ceiling(best: Sequence[Knowable], real: np.ndarray, regions: np.ndarray) -> dict[str, float]:
    from petgen.quantify.agreement import correlation

    said = np.array([item.centiloid for item in best])
    shown = {"": np.array([item.regions for item in best]), "_default": np.array([item.default for item in best])}
    return {
        "centiloid_mae": float(np.abs(said - real).mean()),
        "centiloid_r": correlation(said, real),
        "auc": auc(np.array([item.chance for item in best]), real >= POSITIVE_CENTILOID),
        **{f"regional_r_across{which}": across(made, regions) for which, made in shown.items()},
        **{f"regional_r_within{which}": within(made, regions) for which, made in shown.items()},
    }


def _cells(found: Sequence[Measured], columns: dict[str, np.ndarray], groups: Sequence[str]) -> dict[str, Cell]:
    if not np.isfinite(columns["centiloid_interval"]).all():
        return {}
    low, high = columns["centiloid_interval"].T
    real = columns["centiloid"][:, 1]
    load, regions = ((low <= real) & (real <= high)).astype(float), regions_inside(columns)
    cells = np.array([item.cell for item in found])
    told = {}
    for name in sorted(set(cells)):
        members = np.flatnonzero(cells == name)
        draws = resamples([groups[k] for k in members])
        spans: Any = with_intervals(
            lambda chosen, members=members: {  # type: ignore[misc]
                "coverage_90_centiloid": float(load[members[chosen]].mean()),
                "coverage_90_regions": float(np.nanmean(regions[members[chosen]])),
            },
            len(members),
            draws,
        )
        told[name] = Cell(n=len(members), **spans)
    return told
