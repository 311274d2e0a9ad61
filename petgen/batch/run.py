"""A whole dataset: every person synthesised, as BIDS derivatives and one table; what is done is not done again."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from petgen import __version__
from petgen.batch.person import synthesise_person
from petgen.batch.tables import write_tables
from petgen.case import SYNTHETIC, InputError
from petgen.cohort.site_columns import read_columns, values_of
from petgen.cohort.site_files import read_participants
from petgen.pipeline import Models

BIDS_VERSION = "1.11.1"
_TOLD = 12
IGNORED = "results.tsv\nresults.json\nfailures.tsv\nsub-*/*.*\nfigures\n"
"""Files beside the volumes, which the BIDS validator is to leave alone."""
DESCRIPTION = {
    "Name": f"{SYNTHETIC}: synthetic florbetapir PET by petgen, a model of a simulated cohort",
    "BIDSVersion": BIDS_VERSION,
    "DatasetType": "derivative",
    "GeneratedBy": [{"Name": "petgen", "Version": __version__}],
}


@dataclass(frozen=True)
class Outcome:
    """What became of one person.

    Attributes:
        name: Without "sub-".
        state: "done", "kept" (made by an earlier run from the same input) or "failed".
        message: What was wrong, and how to mend it.
    """

    name: str
    state: str
    message: str = ""


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
    """Synthesises everybody in a dataset.

    A person whose T1w, PET, values, seed, weights and petgen are those of an earlier run is kept. A failure is told
    and the rest goes on.

    Args:
        root: BIDS dataset with participants.tsv.
        out: Folder of the derivatives: `sub-*/`, `results.tsv`, `failures.tsv`, `dataset_description.json`.
        models: As `petgen.pipeline.load_models` gives them.
        progress: Told who is at which step.
        pet: Whether to compare with the people's own PET.
        seed: Seed of everything random.
        only: Names of the people wanted, without "sub-"; the tables are then left to whoever has everybody's results.

    Returns:
        One outcome a person, in the order of participants.tsv.

    Raises:
        InputError: There is no dataset, nobody of such a name, or the folder cannot be written.
    """
    table, columns = read_participants(root), read_columns(root)
    if only is not None:
        table = _chosen(table, only)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "dataset_description.json").write_text(json.dumps(DESCRIPTION, indent=2) + "\n", encoding="utf-8")
        (out / ".bidsignore").write_text(
            "results.tsv\nresults.json\nfailures.tsv\nsub-*/*.*\nfigures\n", encoding="utf-8"
        )
    except OSError as error:
        raise InputError(f"cannot write ({error.strerror})", where=str(out), mend="Choose another --out.") from None
    outcomes = []
    for number, name in enumerate(map(str, table.index), 1):
        place = f"sub-{name} ({number} of {len(table)})"
        row = {str(key): value for key, value in table.loc[name].items()}
        try:
            if not (name.isascii() and name.isalnum()):
                raise InputError("the name has more than letters and digits", mend="BIDS names people sub-<letters>.")
            values = values_of(row, columns, "participants.tsv")
            done = synthesise_person(root, out, name, values, models, partial(_tell, progress, place), pet, seed)
            outcomes.append(Outcome(name, "done" if done else "kept"))
        except InputError as error:
            outcomes.append(Outcome(name, "failed", str(error)))
            progress(f"{place}: {error}")
        if only is None:
            made = [outcome.name for outcome in outcomes if outcome.state != "failed"]
            write_tables(out, made, [(bad.name, bad.message) for bad in outcomes if bad.state == "failed"])
    return outcomes


def _chosen(table: pd.DataFrame, only: Collection[str]) -> pd.DataFrame:
    """The rows of some people, in the order of the table."""
    known = list(map(str, table.index))
    unknown = sorted(set(only) - set(known))
    if unknown:
        some = ", ".join(known[:_TOLD]) + (", …" if len(known) > _TOLD else "")
        raise InputError(f"nobody is called {', '.join(unknown)}", where="participants.tsv", mend=f"It names {some}.")
    return table[[name in set(only) for name in known]]


def _tell(progress: Callable[[str], None], place: str, text: str) -> None:
    progress(f"{place}: {text}")
