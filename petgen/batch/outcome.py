"""Who is to be synthesised, and what became of them."""

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from petgen.case import Biomarkers, InputError
from petgen.cohort.site_columns import read_columns, values_of
from petgen.cohort.site_files import read_participants

_TOLD = 12


@dataclass(frozen=True)
class Person:
    """Somebody of a dataset.

    Attributes:
        name: Without "sub-".
        values: The person's; None where they cannot be used.
        problem: Why not, and how to mend it.
    """

    name: str
    values: Biomarkers | None = field(compare=False)
    problem: str = field(default="", compare=False)


@dataclass(frozen=True)
class Outcome:
    """What became of one person.

    Attributes:
        name: Without "sub-".
        state: "done", "kept" (made by an earlier run from the same input) or "failed".
        message: What was wrong, and how to mend it.
        row: The person's row of results.tsv; empty for "failed".
    """

    name: str
    state: str
    message: str = ""
    row: dict[str, Any] = field(default_factory=dict, compare=False)


def people_of(root: Path, only: Collection[str] | None = None) -> list[Person]:
    """The people of a dataset with their values, in the order of participants.tsv.

    Args:
        root: BIDS dataset.
        only: Names of those wanted; None for everybody.

    Raises:
        InputError: There is no dataset, or nobody of such a name.
    """
    table, columns = read_participants(root), read_columns(root)
    if only is not None:
        table = _chosen(table, only)
    people = []
    for name, row in zip(map(str, table.index), table.to_dict("records"), strict=True):
        try:
            if not (name.isascii() and name.isalnum()):
                raise InputError("the name has more than letters and digits", mend="BIDS names people sub-<letters>.")
            texts = {str(key): value for key, value in row.items()}
            people.append(Person(name, values_of(texts, columns, "participants.tsv")))
        except InputError as error:
            people.append(Person(name, None, str(error)))
    return people


def _chosen(table: pd.DataFrame, only: Collection[str]) -> pd.DataFrame:
    """The rows of some people, in the order of the table."""
    known = list(map(str, table.index))
    unknown = sorted(set(only) - set(known))
    if unknown:
        some = ", ".join(known[:_TOLD]) + (", …" if len(known) > _TOLD else "")
        raise InputError(f"nobody is called {', '.join(unknown)}", where="participants.tsv", mend=f"It names {some}.")
    return table[[name in set(only) for name in known]]
