"""Simulated people on disk, ready to train on."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from petgen.case import Biomarkers
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.subject import Subject, simulate


def write_pool(
    folder: Path, files: Sequence[Path], split: str, indices: Sequence[int], seed: int = 0
) -> Iterator[Path]:
    """Simulates people of one split and keeps each in a file; what is there already is not made again.

    Args:
        folder: Where the files go.
        files: Prepared anatomies of the split.
        split: Name of the split.
        indices: Numbers of the people.
        seed: Seed of the cohort.

    Yields:
        Each file as it is ready.
    """
    folder.mkdir(parents=True, exist_ok=True)
    anatomies: list[Anatomy] = []
    for index in indices:
        path = folder / f"{split}-{seed}-{index:05d}.npz"
        if not path.exists():
            anatomies = anatomies or [Anatomy.load(file) for file in files]
            _save(simulate(anatomies, split, index, seed), path)
        yield path


def _save(subject: Subject, path: Path) -> None:
    record = {
        "anatomy": subject.anatomy,
        "values": subject.values.model_dump(exclude_none=True),
        "centiloid": subject.centiloid,
    }
    with path.with_suffix(".part").open("wb") as file:
        np.savez(
            file,
            record=np.frombuffer(json.dumps(record).encode(), np.uint8),
            t1=subject.t1.astype(np.float16),
            pet=subject.pet.astype(np.float16),
            parcels=subject.parcels.astype(np.uint16),
            masks=np.packbits(np.stack([subject.mask, subject.cortex, subject.cerebellum])),
        )
    path.with_suffix(".part").rename(path)


def read_subject(path: Path) -> Subject:
    """A person that `write_pool` kept."""
    with np.load(path) as data:
        record = json.loads(data["record"].tobytes())
        shape = data["t1"].shape
        masks = np.unpackbits(data["masks"])[: 3 * int(np.prod(shape))].reshape(3, *shape).astype(bool)
        return Subject(
            record["anatomy"],
            Biomarkers(**record["values"]),
            data["t1"].astype(np.float32),
            masks[0],
            data["pet"].astype(np.float32),
            data["parcels"].astype(np.int32),
            masks[1],
            masks[2],
            record["centiloid"],
        )
