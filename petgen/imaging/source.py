"""A scan from whatever holds it: NIfTI, a DICOM folder, zip or files."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from petgen.imaging.dicom_parse import looks_dicom
from petgen.imaging.read import Scan, Wanted, read_scan


def open_scan(
    source: Path | str | bytes | Sequence[tuple[str, bytes]], name: str = "", *, wanted: Wanted = "T1w"
) -> Scan:
    """Reads and checks a scan; what it is shows in its first bytes, not in its name.

    Args:
        source: Path of a NIfTI file, a DICOM folder, zip or file; the bytes of an upload; or several uploaded files.
        name: Name of the upload; only its suffix is used.
        wanted: What the scan shall be; of several DICOM series the one that fits best is taken.

    Returns:
        The scan in RAS+, float32; `origin` says which DICOM series it is and why.

    Raises:
        InputError: As `read_scan` and `read_dicom`.
    """
    if isinstance(source, Sequence) and not isinstance(source, str | bytes):
        if len(source) != 1:
            return _dicom(source, wanted)
        name, source = source[0]
    if isinstance(source, bytes):
        start = source[:132]
    elif _is_folder(Path(source)):
        return _dicom(Path(source), wanted)
    else:
        start = _start(Path(source))
    if start.startswith(b"PK") or looks_dicom(start):
        return _dicom(source, wanted)
    return read_scan(source, name, wanted=wanted)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _start(path: Path) -> bytes:
    try:
        if not path.is_file():
            return b""
        with path.open("rb") as file:
            return file.read(132)
    except (OSError, ValueError):
        return b""


def _dicom(source: Path | str | bytes | Sequence[tuple[str, bytes]], wanted: Wanted) -> Scan:
    from petgen.imaging.dicom import read_dicom

    found = read_dicom(source, wanted)
    return replace(found.scan, origin=found.why)
