"""A simulated dataset as a whole: whose folder it is, its tables and texts, its splits."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from petgen.case import InputError
from petgen.cohort.bids_files import read_json, write_json, write_text
from petgen.cohort.bids_metadata import derivative_sidecars, descriptions, participants_dictionary, readme, truth_readme
from petgen.cohort.dataset import RECORDED, TRUTH, read_record, subjects
from petgen.cohort.scanners import USUAL
from petgen.imaging.grid import SPACE

VALUES = (
    *("age", "sex", "education", "apoe4", "diagnosis", "mmse", "moca", "avlt", "abeta40", "abeta42", "abeta42_40"),
    *("t_tau", "p_tau181", "p_tau217", "nfl", "gfap"),
)
"""Columns of participants.tsv behind participant_id."""
IGNORED = ("sub-*/sub-*_desc-*.json", "sub-*/pet/", "simulation.json", "splits.json", "truth.tsv")
"""Files of the truth that BIDS has no name for."""


def open_dataset(root: Path, seed: int, tracer: str = "florbetapir", scanner: str = USUAL.name) -> None:
    """Makes a folder the home of a cohort, or checks that it is this cohort's already.

    Args:
        root: Folder of the dataset; made when it is not there.
        seed: Seed of the cohort.
        tracer: Tracer of the cohort.
        scanner: Scanner of the cohort.

    Raises:
        InputError: The folder holds a cohort of another seed, tracer or scanner, or something else.
    """
    kept = root / TRUTH / "simulation.json"
    if kept.exists():
        made = {"scanner": USUAL.name, **read_json(kept, "Choose another folder.")}
        for name, wanted in (("seed", seed), ("tracer", tracer), ("scanner", scanner)):
            if made.get(name) != wanted:
                mend = f"Choose another folder for {name} {wanted}, or go on with {made.get(name)}."
                raise InputError(f"holds a cohort made with {name} {made.get(name)}", where=str(root), mend=mend)
        return
    if root.exists() and not (root.is_dir() and all(item.name.startswith(".") for item in root.iterdir())):
        mend = "Choose an empty or a new folder."
        raise InputError("holds something else than a simulated cohort", where=str(root), mend=mend)
    write_json(kept, {"seed": seed, "tracer": tracer, "scanner": scanner})
    _describe(root, seed)


def write_tables(root: Path, *, seed: int, tracer: str = "florbetapir", scanner: str = USUAL.name) -> None:
    """Writes tables and texts anew from what is kept of every complete person; the order of their making is no matter.

    Args:
        root: Folder of the dataset.
        seed: Seed of the cohort.
        tracer: Tracer of the cohort.
        scanner: Scanner of the cohort.

    Raises:
        InputError: The folder is not this cohort's, or a person's record is damaged.
    """
    open_dataset(root, seed, tracer, scanner)
    _describe(root, seed)
    people = {name: read_record(root, name) for name in subjects(root)}
    seen = {name: {**person["values"], "diagnosis": person["diagnosis"]} for name, person in people.items()}
    write_text(root / "participants.tsv", _table(VALUES, seen))
    truth = {name: {**person["truth"], **person} for name, person in people.items()}
    parameters = sorted({key for person in people.values() for key in person["truth"]})
    write_text(root / TRUTH / "truth.tsv", _table((*RECORDED, *parameters), truth))
    write_text(root / "README.md", readme(seed, len(people)))


def write_splits(root: Path, splits: Mapping[str, Sequence[str]]) -> None:
    """Writes which anatomies each split is made of.

    Args:
        root: Folder of the dataset.
        splits: Names of anatomies by split.

    Raises:
        InputError: There are people already, of other splits: an anatomy could stand on both sides.
    """
    known = (root / TRUTH / "splits.json").exists() and bool(subjects(root))
    if known and read_splits(root) != {split: sorted(names) for split, names in splits.items()}:
        mend = "Give the same anatomies as before, or choose another folder."
        raise InputError("holds people of other anatomies or splits", where=str(root), mend=mend)
    content = {split: {"n_anatomies": len(names), "anatomies": sorted(names)} for split, names in splits.items()}
    write_json(root / TRUTH / "splits.json", content)


def read_splits(root: Path) -> dict[str, list[str]]:
    """Names of anatomies by split, as `write_splits` wrote them, sorted.

    Raises:
        InputError: There are none.
    """
    path, mend = root / TRUTH / "splits.json", "Run `petgen simulate`, it writes the splits."
    content = read_json(path, mend)
    try:
        return {split: list(found["anatomies"]) for split, found in content.items()}
    except (KeyError, TypeError):
        raise InputError("holds no splits", where=str(path), mend=mend) from None


def _describe(root: Path, seed: int) -> None:
    raw, truth = descriptions(seed)
    write_json(root / "dataset_description.json", raw)
    write_json(root / "participants.json", participants_dictionary(VALUES))
    write_json(root / TRUTH / "dataset_description.json", truth)
    write_text(root / TRUTH / ".bidsignore", "".join(f"{pattern}\n" for pattern in IGNORED))
    write_text(root / TRUTH / "README.md", truth_readme())
    for ending, sidecar in derivative_sidecars().items():
        write_json(root / TRUTH / f"space-{SPACE}_{ending}.json", sidecar)


def _table(columns: Sequence[str], people: Mapping[str, Mapping[str, Any]]) -> str:
    """A BIDS table: tabs, one line a person, n/a for what is missing."""
    lines = ["\t".join(("participant_id", *columns))]
    for name, known in people.items():
        lines.append("\t".join((f"sub-{name}", *(_cell(known.get(column)) for column in columns))))
    return "\n".join(lines) + "\n"


def _cell(value: float | str | None) -> str:
    if value is None:
        return "n/a"
    if isinstance(value, str):
        return value
    return str(int(value)) if value == int(value) else repr(value)
