"""Checksums, privacy and permanence of a finished folder."""

import json
import os
from hashlib import file_digest
from pathlib import Path

CHECKSUMS = "checksums.json"


def make_private(folder: Path) -> None:
    """Makes a folder that only its owner can enter."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def seal(folder: Path) -> None:
    """Closes a finished folder: private, on the disk, its checksums written last.

    Raises:
        OSError: It cannot be written.
    """
    folder.chmod(0o700)
    (folder / CHECKSUMS).unlink(missing_ok=True)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        sync(path)
    listed = folder / CHECKSUMS
    listed.write_text(json.dumps(checksums(folder), indent=1) + "\n", encoding="utf-8")
    listed.chmod(0o600)
    sync(listed)
    sync(folder)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file but the list itself, by its path inside the folder.

    Raises:
        OSError: A file cannot be read.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path != folder / CHECKSUMS:
            with path.open("rb") as file:
                found[path.relative_to(folder).as_posix()] = file_digest(file, "sha256").hexdigest()
    return found


def sync(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk.

    Raises:
        OSError: The disk failed.
    """
    if path.is_dir() and os.name != "posix":
        return
    handle = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
