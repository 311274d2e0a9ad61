"""A whole dataset over workers: one a device, on this machine or on a Ray cluster with a shared folder."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from petgen import __version__
from petgen.batch.outcome import Outcome, Person
from petgen.batch.person import Job, synthesise_person
from petgen.batch.run import DESCRIPTION_FILE, collect
from petgen.case import InputError
from petgen.cluster import Cluster, Crew
from petgen.installed import BUNDLED

if TYPE_CHECKING:
    from petgen.models import Models


def run_batch_on_workers(
    root: Path,
    out: Path,
    progress: Callable[[str], None],
    *,
    workers: int | None = None,
    cores: int = 1,
    pet: bool = True,
    seed: int = 0,
    only: Collection[str] | None = None,
    model: str = BUNDLED,
) -> list[Outcome]:
    """Synthesises everybody in a dataset, each on whichever worker is free.

    As `petgen.batch.run_batch`; besides, a person whose worker dies is given to another one, up to three times.

    Args:
        root: BIDS dataset with participants.tsv, in a folder that all workers see.
        out: Folder of the derivatives, likewise.
        progress: Told who has ended.
        workers: How many; None for one a device of the cluster.
        cores: Cores of a worker.
        pet: Whether to compare with the people's own PET.
        seed: Seed of everything random.
        only: As for `run_batch`.
        model: Name of an installed model; every node has it under this name.

    Returns:
        One outcome a person, in the order of participants.tsv.

    Raises:
        InputError: As `run_batch`; or there is no Ray, no cluster, a worker of another petgen or without the folder.
    """
    from petgen.language.convert import convert

    job = Job(root.resolve(), out.resolve(), pet, seed)
    convert(progress)

    def run(people: Sequence[Person]) -> Iterator[Outcome]:
        with Cluster(workers, cores) as cluster:
            crew = Crew(cluster, partial(load_for, job, __version__, model), progress)
            for number, ended in enumerate(crew.run(partial(synthesise_quietly, job), people), 1):
                outcome = ended.value or Outcome(ended.task.name, "failed", ended.problem)
                told = outcome.message or outcome.state
                progress(f"sub-{outcome.name} ({number} of {len(people)}): {told}, worker {ended.pid}")
                yield outcome

    return collect(job, run, only)


def load_for(job: Job, version: str, model: str = BUNDLED) -> "Models":
    """The models, in a worker that fits.

    Args:
        job: Of the batch.
        version: Of petgen, where the batch was started.
        model: Name of the model.

    Raises:
        InputError: This is another version, or does not see the folders.
    """
    if version != __version__:
        mend = "Install the same on every node."
        raise InputError(f"a worker has petgen {__version__}, the batch was started by {version}", mend=mend)
    for place in (job.root / "participants.tsv", job.out / DESCRIPTION_FILE):
        if not place.exists():
            mend = "Dataset and --out have to be in a folder that all nodes share."
            raise InputError("a worker does not see this file", where=str(place), mend=mend)
    from petgen.models import load_models

    return load_models(name=model)


def synthesise_quietly(job: Job, models: "Models", person: Person) -> Outcome:
    """One person; the steps are told to nobody."""
    return synthesise_person(job, models, lambda _: None, person)
