"""Many simulated people at once, into a dataset."""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from petgen.cohort.anatomy import Anatomy
from petgen.cohort.dataset import is_complete, write_subject
from petgen.cohort.scanners import USUAL, scanner_of
from petgen.cohort.subject import simulate
from petgen.cohort.tracers import TRACERS


def name_of(split: str, index: int) -> str:
    """BIDS label of a simulated person, without "sub-"."""
    return f"{split}{index:05d}"


def simulate_into(
    root: Path,
    files: Sequence[Path],
    split: str,
    n: int,
    *,
    seed: int = 0,
    tracer: str = "florbetapir",
    scanner: str = USUAL.name,
    jobs: int | None = None,
) -> Iterator[str]:
    """Simulates people of one split into a dataset; who is there already is not made again.

    Args:
        root: Folder of the dataset.
        files: Prepared anatomies of the split.
        split: Name of the split.
        n: Number of people.
        seed: Seed of the cohort.
        tracer: A key of `TRACERS`.
        scanner: A key of `petgen.cohort.scanners.SCANNERS`.
        jobs: Processes; one a core when None.

    Yields:
        Each person's name as it is ready.
    """
    from joblib import Parallel, delayed

    todo = []
    for index in range(n):
        if is_complete(root, name_of(split, index)):
            yield name_of(split, index)
        else:
            todo.append(index)
    jobs = min(jobs or os.cpu_count() or 1, max(len(todo), 1))
    work = Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1)
    yield from work(delayed(_one)(root, tuple(files), split, index, seed, tracer, scanner) for index in todo)


def _one(root: Path, files: tuple[Path, ...], split: str, index: int, seed: int, tracer: str, scanner: str) -> str:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        subject = simulate(_loaded(files), split, index, seed, TRACERS[tracer], scanner_of(scanner))
        write_subject(root, name_of(split, index), subject, tracer=tracer)
    finally:
        torch.set_num_threads(threads)
    return name_of(split, index)


@cache
def _loaded(files: tuple[Path, ...]) -> list[Anatomy]:
    return [Anatomy.load(file) for file in files]
