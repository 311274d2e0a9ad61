"""Whether a file that models are loaded from is the one that was written or installed."""

import json
from base64 import urlsafe_b64encode
from functools import lru_cache
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from petgen.case import InputError

CHECKSUMS = "checksums.json"
"""SHA-256 of the files of a folder of weights, by name."""


def file_checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal; computed once a process while the file stays as it is.

    Raises:
        OSError: It cannot be read.
    """
    seen = path.stat()
    return _digest(path.absolute(), seen.st_mtime_ns, seen.st_size).hex()


@lru_cache(maxsize=256)
def _digest(path: Path, changed: int, size: int) -> bytes:
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()


def list_checksums(*paths: Path) -> None:
    """Writes the checksums of files into the list of their folder, beside those of other files.

    Args:
        paths: Files of one folder, just written.

    Raises:
        InputError: The list that is there cannot be read.
    """
    folder = paths[0].parent
    known = listed(folder) | {path.name: file_checksum(path) for path in paths}
    part = folder / f".{CHECKSUMS}.part"
    part.write_text(json.dumps(dict(sorted(known.items())), indent=1) + "\n", encoding="utf-8")
    part.replace(folder / CHECKSUMS)


def listed(folder: Path) -> dict[str, str]:
    """The checksums listed in a folder, by file name; none where there is no list.

    Raises:
        InputError: The list cannot be read.
    """
    file = folder / CHECKSUMS
    try:
        return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}
    except (OSError, ValueError, TypeError):
        raise InputError("the list of checksums is damaged", where=str(file), mend="Reinstall petgen.") from None


def verified(path: Path, mend: str = "Reinstall petgen.") -> Path:
    """The path of a file whose checksum is the listed one, or that its folder does not list.

    Args:
        path: May be missing, which whoever opens it says.
        mend: How to put a damaged file right.

    Raises:
        InputError: The file differs from what was written.
    """
    expected = listed(path.parent).get(path.name)
    if expected is not None and path.exists() and file_checksum(path) != expected:
        raise InputError("the weights are damaged: their checksum is not the listed one", where=str(path), mend=mend)
    return path


def verify_package(name: str, *suffixes: str) -> None:
    """Checks installed files of a package against the SHA-256 that its installer recorded.

    Args:
        name: Of the package.
        suffixes: How the files' paths end, for example ".pt".

    Raises:
        InputError: The package or a recorded file is missing, or a file differs from what was installed.
    """
    mend = f"Install {name} again with pip."
    try:
        recorded = distribution(name).files or []
    except PackageNotFoundError:
        raise InputError("the package is missing", where=name, mend=mend) from None
    for file in recorded:
        if not str(file).endswith(suffixes) or file.hash is None or file.hash.mode != "sha256":
            continue
        path = Path(str(file.locate()))
        if not path.exists():
            raise InputError("an installed file is missing", where=str(path), mend=mend)
        seen = path.stat()
        found = urlsafe_b64encode(_digest(path.absolute(), seen.st_mtime_ns, seen.st_size)).rstrip(b"=").decode()
        if found != file.hash.value:
            raise InputError("an installed file is damaged: its checksum is not pip's", where=str(path), mend=mend)
