"""What a variant says of every person of a split, kept in one file: intervals, scores and norms are fitted on it."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from petgen.assess import evidence_of
from petgen.benchmark.predictor import load_predictor
from petgen.case import Biomarkers, InputError, kept
from petgen.cohort.people import open_people
from petgen.diagnosis.evidence import Evidence
from petgen.diagnosis.reading import contrast
from petgen.generator.at_load import OnSubject
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.quantify.suvr import normalise_to_cerebellum, region_means

PAPERS_VALUES = (
    "age", "sex", "education", "mmse", "moca", "avlt",
    "abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "nfl",
)  # fmt: skip
"""Values that the paper's patients had: seven of blood (two are ratios), demographics, tests."""


@dataclass(frozen=True)
class Gathered:
    """People as a variant sees them; arrays have one row a person.

    Attributes:
        anatomy: Anatomy each comes from.
        values: Measured values.
        centiloid: Of the reference PET, (n,).
        made_centiloid: Of the synthetic PET, (n,).
        cell: Zone x panel.
        chances: Posterior of the load, (n, classes).
        lines: Regions' SUVR at the classes' centres, (n, classes, regions).
        regions: Regions' SUVR of the reference PET, (n, regions).
        suvr: Of the synthetic PET, (n, regions).
        spread: Standard deviation over the posterior, (n, regions).
        tissue: As from `tissue_shares`, (n, places).
        volumes: As the generator reads them, (n, 2).
        contrast: Of grey to white matter in the reference PET, (n, regions).
        made_contrast: In the synthetic PET, (n, regions).
    """

    anatomy: np.ndarray
    values: list[Biomarkers]
    centiloid: np.ndarray
    made_centiloid: np.ndarray
    cell: np.ndarray
    chances: np.ndarray
    lines: np.ndarray
    regions: np.ndarray
    suvr: np.ndarray
    spread: np.ndarray
    tissue: np.ndarray
    volumes: np.ndarray
    contrast: np.ndarray
    made_contrast: np.ndarray

    def evidence(self) -> list[Evidence]:
        """What the models of amyloid status look at."""
        columns = zip(self.values, self.tissue, self.volumes, self.suvr, self.spread, strict=True)
        return [Evidence(*row) for row in columns]

    def save(self, file: Path) -> None:
        """Writes everything, whole or not at all."""
        arrays = {name: value for name, value in self.__dict__.items() if name != "values"}
        values = json.dumps([v.model_dump(exclude_none=True) for v in self.values])
        with kept.writing(file) as part:
            np.savez_compressed(part, values=values, **arrays)

    @classmethod
    def load(cls, file: Path) -> "Gathered":
        """What `save` wrote.

        Raises:
            InputError: The file is damaged.
        """
        with kept.reading(file, "Delete it; the people are run again."), np.load(file) as found:
            arrays = {name: found[name] for name in found.files if name != "values"}
            return cls(values=[Biomarkers(**row) for row in json.loads(str(found["values"]))], **arrays)


def gather(
    data: Path,
    weights: Path,
    variant: str,
    split: str,
    progress: Callable[[str], None],
    *,
    only: Sequence[str] = (),
    n: int | None = None,
    work: Path | None = None,
) -> Gathered:
    """Runs a variant on every person of a split.

    Args:
        data: Dataset.
        weights: Folder of the weights.
        variant: Name of a variant with a posterior.
        split: Name of the split.
        progress: Told how far it is.
        only: Names of values that may be known; all when empty.
        n: The first n people; everybody when None.
        work: Keeps what was gathered; what is there for the same weights, people and values is not run again.

    Raises:
        InputError: The split has no people, or the variant has no posterior.
    """
    from joblib import Parallel, delayed

    names = open_people(data).names(split)[:n]
    if not names:
        raise InputError(
            f"no people of the split {split}", where=str(data), mend=f"Run `petgen simulate --split {split}` first."
        )
    checksum = load_predictor(weights, variant).checksum[:12]
    known = work / f"{variant}-{checksum}-{split}-{len(names)}-{'-'.join(only) or 'all'}.npz" if work else None
    if known and known.exists():
        return Gathered.load(known)
    jobs = Parallel(n_jobs=-1, return_as="generator", batch_size=1)
    rows: list[dict[str, object]] = []
    for row in jobs(delayed(_seen)(data, weights, variant, name, tuple(only)) for name in names):
        rows.append(row)
        if len(rows) % 50 == 0:
            progress(f"{split} people: {len(rows)} of {len(names)}")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    values = columns.pop("values")
    found = Gathered(values=values, **{name: np.array(column) for name, column in columns.items()})  # type: ignore[arg-type]
    if known:
        known.parent.mkdir(parents=True, exist_ok=True)
        found.save(known)
    return found


def _seen(data: Path, weights: Path, variant: str, name: str, only: tuple[str, ...]) -> dict[str, object]:
    import torch

    torch.set_num_threads(1)
    person, predictor = open_people(data).read(name), load_predictor(weights, variant)
    if not isinstance(predictor.network, Generator):
        raise InputError(f"{variant} has no posterior", mend="Choose another variant.")
    values = person.values
    if only:
        values = Biomarkers(**{key: value for key, value in values.model_dump().items() if key in only})
    on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
    encoded = encode(predictor.network, person.t1, person.parcels)
    seen = predictor.assess(encoded, on, values)
    evidence = evidence_of(predictor.network, encoded, on, person.t1, values, seen)
    pet = normalise_to_cerebellum(person.pet * person.mask, person.cerebellum)
    return {
        "anatomy": person.anatomy,
        "values": values,
        "centiloid": person.centiloid,
        "made_centiloid": seen.centiloid,
        "cell": seen.cell,
        "chances": seen.outlook.chances,
        "lines": seen.lines,
        "regions": region_means(pet, person.parcels),
        "suvr": evidence.suvr,
        "spread": evidence.spread,
        "tissue": evidence.tissue,
        "volumes": evidence.volumes,
        "contrast": contrast(pet, person.parcels, person.t1),
        "made_contrast": contrast(seen.suvr, person.parcels, person.t1),
    }
