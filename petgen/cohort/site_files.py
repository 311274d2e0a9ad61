"""Which files of a BIDS dataset are a person's T1w and amyloid PET."""

import re
from pathlib import Path

import pandas as pd

from petgen.case import InputError

TRACER_LABELS = {"18FAV45": "florbetapir", "18FFBB": "florbetaben", "18FFMM": "flutemetamol", "11CPIB": "PiB"}
"""Labels of the BIDS entity `trc` and the tracers they stand for."""
_TRACER = re.compile(r"_trc-([0-9A-Za-z]+)_")


def read_participants(root: Path) -> pd.DataFrame:
    """participants.tsv as texts, one row a person, indexed by the name without "sub-"; missing values are NaN.

    Raises:
        InputError: There is none, it cannot be read, has no participant_id, or names somebody twice.
    """
    file = root / "participants.tsv"
    try:
        table = pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False, na_values=["", "n/a"])
        names = table["participant_id"].str.strip().str.removeprefix("sub-")
    except FileNotFoundError:
        mend = "Give the folder of a BIDS dataset, or of one that `petgen simulate` wrote."
        raise InputError("holds no participants.tsv", where=str(root), mend=mend) from None
    except (KeyError, ValueError, OSError) as error:
        mend = "It needs tabs and a column participant_id."
        raise InputError(f"cannot be read ({error})", where=str(file), mend=mend) from None
    twice = sorted(names[names.duplicated()].dropna().unique())
    if twice:
        raise InputError(f"names {', '.join(twice)} more than once", where=str(file), mend="Keep one row a person.")
    return table.set_index(names)


def candidates(root: Path, name: str, folder: str, ending: str) -> list[Path]:
    """A person's images of a kind, over all sessions, sorted."""
    here = root / f"sub-{name}"
    return sorted([*here.glob(f"{folder}/*_{ending}.nii*"), *here.glob(f"ses-*/{folder}/*_{ending}.nii*")])


def t1_of(root: Path, name: str) -> Path | None:
    """A person's T1w: the first by name, without a contrast agent where there is the choice."""
    found = candidates(root, name, "anat", "T1w")
    return min(found, key=lambda path: ("_ce-" in path.name, str(path)), default=None)


def pet_of(root: Path, name: str) -> Path | None:
    """A person's amyloid PET: one of a tracer that petgen knows before one without a label, the first by name."""
    found = [path for path in candidates(root, name, "pet", "pet") if tracer_of(path) or not _TRACER.search(path.name)]
    return min(found, key=lambda path: (tracer_of(path) != "florbetapir", tracer_of(path) is None, path), default=None)


def tracer_of(path: Path) -> str | None:
    """Tracer that a PET's name tells, a key of `petgen.quantify.EQUATIONS`; None where it tells none of them."""
    label = _TRACER.search(path.name)
    return TRACER_LABELS.get(label[1].upper()) if label else None
