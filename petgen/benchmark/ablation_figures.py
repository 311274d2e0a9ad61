"""What a variant's images are worth on people nobody trained on, also under inputs never seen, and as a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from petgen.benchmark.predictor import Predictor
from petgen.benchmark.rows import auc
from petgen.benchmark.wording import CONDITIONS
from petgen.cohort.subject import Subject
from petgen.conditioning import Conditioning
from petgen.generator.at_load import OnSubject, at_load
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.synthesise import encode
from petgen.quantify import POSITIVE_CENTILOID, centiloid, composite_suvr, normalise_to_cerebellum, region_means

OWN_LOAD = "painted at the PET's own load"
"""Name of the images that leave nothing to guess but the pattern; the paper's generator has none."""
Figures = dict[str, dict[str, float]]


def measured(network: AnyGenerator, conditioning: Conditioning, people: Iterable[Subject]) -> Figures:
    """Figures of the default image under every condition of `CONDITIONS`, and of the image at the PET's own load.

    Args:
        network: In evaluation mode.
        conditioning: Gives its features.
        people: With images.
    """
    found: dict[str, list[_Compared]] = {}
    for person in people:
        for label, compared in _images(network, conditioning, person):
            found.setdefault(label, []).append(compared)
    return {label: _figures(compared) for label, compared in found.items()}


@dataclass(frozen=True)
class _Compared:
    """An image made of a person against the PET: Centiloids and regions of both."""

    made: float
    real: float
    regions: np.ndarray

    @classmethod
    def of(cls, made: np.ndarray, person: Subject) -> "_Compared":
        real = normalise_to_cerebellum(person.pet * person.mask, person.cerebellum)
        regions = np.stack([region_means(volume, person.parcels) for volume in (made, real)])
        return cls(centiloid(composite_suvr(made, person.cortex, person.cerebellum)), person.centiloid, regions)


def _images(network: AnyGenerator, conditioning: Conditioning, person: Subject) -> Iterator[tuple[str, _Compared]]:
    """The default image of a person under every condition and, where there is one, the image at the PET's load."""
    encoded = encode(network, person.t1, person.parcels) if isinstance(network, Generator) else None
    for label, condition in CONDITIONS.items():
        reworded = Conditioning(conditioning.config, conditioning.values, conditioning.encoder, condition.wording)
        changed = replace(person, values=condition.change(person.values))
        yield label, _Compared.of(Predictor(network, reworded, "").predict_default(changed, encoded), person)
    if encoded and isinstance(network, Generator):
        on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
        made = at_load(network, encoded, on, conditioning.features(person.values), person.centiloid)
        yield OWN_LOAD, _Compared.of(made, person)


def _figures(found: Sequence[_Compared]) -> dict[str, float]:
    made, real = np.array([item.made for item in found]), np.array([item.real for item in found])
    within = [np.corrcoef(*item.regions[:, np.isfinite(item.regions).all(0)])[0, 1] for item in found]
    error = [np.nanmean(np.abs(item.regions[0] - item.regions[1])) for item in found]
    return {
        "centiloid_mae": float(np.abs(made - real).mean()),
        "auc_spet": auc(made, real >= POSITIVE_CENTILOID),
        "regional_r_within": float(np.mean(within)),
        "regional_mae": float(np.mean(error)),
    }


def ablation_lines(found: dict[str, list[Figures]], setting: str) -> list[str]:
    """The comparison as Markdown: mean over seeds and, in brackets, the range.

    Args:
        found: For each name, one item a seed.
        setting: Sentence on data, grid and budget.
    """
    lines = ["# Variants at equal grid, data and processor time", "", setting]
    lines += ["Mean over seeds, and lowest to highest in brackets.", ""]
    for figure, words in (
        ("centiloid_mae", "Error of the Centiloid, CL"),
        ("auc_spet", "AUC of the synthetic PET"),
        ("regional_r_within", "r over regions, within a person"),
        ("regional_mae", "Error of the regions, SUVR"),
    ):
        labels = [*CONDITIONS, *([OWN_LOAD] if figure.startswith("regional") else [])]
        lines += [f"## {words}", "", "| | seeds | steps | " + " | ".join(labels) + " |"]
        lines.append("| --- | --- | --- |" + " --- |" * len(labels))
        for name, runs in found.items():
            steps = np.mean([run["training"]["steps"] for run in runs])
            cells = [_cell([run[label][figure] for run in runs if label in run]) for label in labels]
            lines.append(f"| {name} | {len(runs)} | {steps:.0f} | " + " | ".join(cells) + " |")
        lines.append("")
    return lines


def _cell(values: Sequence[float]) -> str:
    if not values:
        return "–"
    digits = 1 if max(values) > 5 else 3
    mean = f"{np.mean(values):.{digits}f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.{digits}f} to {max(values):.{digits}f})"
