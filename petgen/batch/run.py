"""A whole dataset: every person synthesised, as BIDS derivatives and tables; what is done is not done again."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic

from petgen import __version__
from petgen.batch.outcome import Outcome, Person, people_of
from petgen.batch.person import Job, synthesise_person
from petgen.batch.place import writing
from petgen.batch.tables import FILES, write_parquet, write_tables
from petgen.case import SYNTHETIC
from petgen.models import Models

BIDS_VERSION = "1.11.1"
DESCRIPTION_FILE = "dataset_description.json"
IGNORED = "\n".join([*FILES, "sub-*/*.*", "figures", ""])
"""Files beside the volumes, which the BIDS validator is to leave alone."""
DESCRIPTION = {
    "Name": f"{SYNTHETIC}: synthetic amyloid PET by petgen",
    "BIDSVersion": BIDS_VERSION,
    "DatasetType": "derivative",
    "GeneratedBy": [{"Name": "petgen", "Version": __version__}],
}
EVERY_S = 5.0
"""Seconds between two writings of the tables on the way; longer where writing takes more than a twentieth of it."""
Run = Callable[[Sequence[Person]], Iterable[Outcome]]
"""Gives the outcomes of people, in any order."""


def run_batch(
    root: Path,
    out: Path,
    models: Models,
    progress: Callable[[str], None],
    *,
    pet: bool = True,
    seed: int = 0,
    only: Collection[str] | None = None,
) -> list[Outcome]:
    """Synthesises everybody in a dataset, one after the other in this process.

    A person whose T1w, PET, values, seed, weights and petgen are those of an earlier run is kept. A failure is told
    and the rest goes on.

    Args:
        root: BIDS dataset with participants.tsv.
        out: Folder of the derivatives: `sub-*/`, tables, `dataset_description.json`.
        models: As `petgen.models.load_models` gives them.
        progress: Told who is at which step.
        pet: Whether to compare with the people's own PET.
        seed: Seed of everything random.
        only: Names of the people wanted, without "sub-"; the tables are then left to whoever has everybody's results.

    Returns:
        One outcome a person, in the order of participants.tsv.

    Raises:
        InputError: There is no dataset, nobody of such a name, or the folder cannot be written.
    """
    job = Job(root, out, pet, seed)

    def here(people: Sequence[Person]) -> Iterator[Outcome]:
        for number, person in enumerate(people, 1):
            place = f"sub-{person.name} ({number} of {len(people)})"
            yield synthesise_person(job, models, partial(_tell, progress, place), person)

    return collect(job, here, only)


def collect(job: Job, run: Run, only: Collection[str] | None) -> list[Outcome]:
    """Has a dataset's people synthesised and keeps the tables.

    Args:
        job: Of the batch.
        run: Gives the outcomes of people.
        only: As for `run_batch`.

    Returns:
        One outcome a person, in the order of participants.tsv.

    Raises:
        InputError: As `run_batch`.
    """
    people = people_of(job.root, only)
    with writing(job.out):
        job.out.mkdir(parents=True, exist_ok=True)
        (job.out / DESCRIPTION_FILE).write_text(json.dumps(DESCRIPTION, indent=2) + "\n", encoding="utf-8")
        (job.out / ".bidsignore").write_text(IGNORED, encoding="utf-8")
    found: dict[str, Outcome] = {}
    due = 0.0
    for outcome in run(people):
        found[outcome.name] = outcome
        if only is None and (begun := monotonic()) >= due:
            _tables(job.out, _in_order(people, found))
            ended = monotonic()
            due = ended + max(EVERY_S, 20 * (ended - begun))
    outcomes = _in_order(people, found)
    if only is None:
        _tables(job.out, outcomes)
        write_parquet(job.out, [outcome.row for outcome in outcomes if outcome.row])
    return outcomes


def _in_order(people: Sequence[Person], found: dict[str, Outcome]) -> list[Outcome]:
    return [found[person.name] for person in people if person.name in found]


def _tables(out: Path, outcomes: Sequence[Outcome]) -> None:
    failed = [(outcome.name, outcome.message) for outcome in outcomes if outcome.state == "failed"]
    write_tables(out, [outcome.row for outcome in outcomes if outcome.row], failed)


def _tell(progress: Callable[[str], None], place: str, text: str) -> None:
    progress(f"{place}: {text}")
