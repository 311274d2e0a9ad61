"""Everything that is wrong with a site's dataset, by person, and how to mend it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from petgen.case import Biomarkers, InputError
from petgen.cohort.site_columns import FILE, Column, read_columns, values_of
from petgen.cohort.site_files import candidates, pet_of, read_participants, t1_of, tracer_of
from petgen.imaging import read_scan
from petgen.imaging.pet import read_pet


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        person: Name, empty where the whole dataset is meant.
        what: What is wrong, and in which file.
        mend: How to mend it.
        fatal: Whether the person cannot be used; a warning otherwise.
    """

    person: str
    what: str
    mend: str
    fatal: bool = True


def check_dataset(root: Path, progress: Callable[[str], None] | None = None) -> Iterator[Problem]:
    """Looks at every person of a BIDS dataset: files, orientation, values, units, tracer.

    Args:
        root: Folder of the dataset.
        progress: Told who is looked at.

    Yields:
        Problems as they are found; first those of the whole dataset.

    Raises:
        InputError: There is no dataset to look at.
    """
    table, columns = read_participants(root), read_columns(root)
    yield from _whole(root, table, columns)
    for number, name in enumerate(table.index, 1):
        if progress:
            progress(f"sub-{name} ({number} of {len(table)})")
        row = {str(key): value for key, value in table.loc[name].items()}
        yield from _person(root, str(name), row, columns)


def _whole(root: Path, table: pd.DataFrame, columns: dict[str, Column]) -> Iterator[Problem]:
    if not (root / "dataset_description.json").exists():
        yield Problem("", "there is no dataset_description.json", "BIDS asks for one with Name and BIDSVersion.", False)
    if (root / FILE).exists():
        for name, column in columns.items():
            if column.column not in table and column.column != name:
                mend = f"Correct {FILE}, or add the column."
                yield Problem("", f"participants.tsv has no column {column.column}, meant for {name}", mend, False)
    if not any(column.column in table for column in columns.values()):
        mend = f"Name the columns as petgen does, or describe them in {FILE}."
        yield Problem("", "participants.tsv holds no value that petgen knows", mend, False)
    listed = {str(name) for name in table.index}
    for folder in sorted(root.glob("sub-*")):
        if folder.is_dir() and folder.name.removeprefix("sub-") not in listed:
            mend = "Add a row to participants.tsv, or remove the folder."
            yield Problem(folder.name.removeprefix("sub-"), "has a folder but no row in participants.tsv", mend)


def _person(root: Path, name: str, row: dict[str, object], columns: dict[str, Column]) -> Iterator[Problem]:
    t1 = t1_of(root, name)
    if t1 is None:
        yield Problem(name, "no T1w", f"BIDS keeps it as sub-{name}/anat/sub-{name}_T1w.nii.gz.")
    else:
        several = candidates(root, name, "anat", "T1w")
        if len(several) > 1:
            others = len(several) - 1
            yield Problem(
                name, f"{len(several)} T1w; {t1.name} is used", f"Remove the other {others} to choose.", False
            )
        try:
            for warning in read_scan(t1).warnings:
                yield Problem(name, f"{t1.name}: {warning}", "Look at the registered brain.", False)
        except InputError as error:
            yield Problem(name, f"{t1.name}: {error.what}", error.mend)
    pet = pet_of(root, name)
    unknown = [path.name for path in candidates(root, name, "pet", "pet") if tracer_of(path) is None]
    if unknown and (pet is None or pet.name in unknown):
        mend = "Put trc-18FAV45, trc-18FFBB, trc-18FFMM or trc-11CPIB into the name; florbetapir is assumed without."
        yield Problem(name, f"{unknown[0]}: no tracer that petgen knows", mend, False)
    if pet is not None:
        try:
            for warning in read_pet(pet).warnings:
                yield Problem(name, f"{pet.name}: {warning}", "Look at the registered PET.", False)
        except InputError as error:
            yield Problem(name, f"{pet.name}: {error.what}", error.mend)
    try:
        values = values_of(row, columns, "participants.tsv")
        if not values.measured():
            yield Problem(name, "no value at all", "Without values the image says little about amyloid.", False)
        yield from _missing(name, values)
    except InputError as error:
        yield Problem(name, f"participants.tsv: {error.what}", error.mend or "Correct the value, or write n/a.")


def _missing(name: str, values: Biomarkers) -> Iterator[Problem]:
    blank = [field for field in ("age", "sex") if getattr(values, field) is None]
    if blank:
        yield Problem(name, f"{' and '.join(blank)} not given", "Add it to participants.tsv where it is known.", False)
