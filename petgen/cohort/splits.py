"""Which anatomies a split may use."""

from collections.abc import Sequence
from pathlib import Path

from petgen.case import InputError

SPLITS = ("train", "validation", "calibration", "test", "demo")
"""The order is part of the random key: new ones go to the end."""
_SHARES = {"test": 0.2, "validation": 0.1, "calibration": 0.15}


def split_anatomies(files: Sequence[Path]) -> dict[str, list[Path]]:
    """Divides anatomies between training, validation, calibration and test, every source in proportion.

    Args:
        files: Prepared anatomies; the part of the name before the first "-" tells sources apart.

    Returns:
        Files by split; a file stands in one split only. Sources too small to divide go to training.
    """
    found: dict[str, list[Path]] = {"train": [], "validation": [], "calibration": [], "test": []}
    sources: dict[str, list[Path]] = {}
    for file in sorted(files):
        sources.setdefault(file.stem.split("-")[0], []).append(file)
    for members in sources.values():
        first = 0
        for split, share in _SHARES.items():
            number = int(share * len(members) + 1e-9)
            found[split] += members[first : first + number]
            first += number
        found["train"] += members[first:]
    return found


def anatomies_of(splits: dict[str, list[Path]], split: str) -> list[Path]:
    """Files of one split.

    Raises:
        InputError: There is no such split, or it has no anatomy.
    """
    if split not in splits:
        raise InputError(f"no such split: {split}", mend=f"Choose one of {', '.join(splits)}.")
    if not splits[split]:
        raise InputError(
            f"no anatomy is left for the split {split}", mend="Give folders of ten anatomies or more, or use train."
        )
    return splits[split]
