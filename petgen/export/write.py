"""A case as DICOM files, in a folder or in a zip."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from petgen.case import InputError, Synthesis
from petgen.export.document import report_document
from petgen.export.identity import Identity, coded
from petgen.export.origin import contribution
from petgen.export.pet import pet_series
from petgen.export.study import Study


def write_dicom(synthesis: Synthesis, out: Path, identity: Identity | None = None) -> list[Path]:
    """Writes the synthetic PET as a series, and the report as an encapsulated PDF of the same study.

    Args:
        synthesis: The case.
        out: Made when it is not there; may hold no DICOM yet, so that no two patients mix.
        identity: Of `read_identity` with this case; the case code stands for the patient when None.

    Returns:
        `pet/0001.dcm` and so on from inferior to superior, then `report.dcm`.

    Raises:
        InputError: The volume holds what is no number, or `out` cannot be used.
    """
    written: list[Path] = []
    try:
        if out.exists() and (not out.is_dir() or next(out.rglob("*.dcm"), None)):
            raise InputError("it holds DICOM already, or is no folder", where=str(out), mend="Choose another --out.")
        for name, content in _files(synthesis, identity):
            file = out / name
            file.parent.mkdir(parents=True, exist_ok=True)
            written.append(file)
            file.write_bytes(content)
    except OSError as error:
        for file in written:
            file.unlink(missing_ok=True)
        raise InputError(f"cannot write ({error.strerror})", where=str(out), mend="Choose another --out.") from None
    return written


def dicom_zip(synthesis: Synthesis, identity: Identity | None = None) -> bytes:
    """The files of `write_dicom` in a zip, in a folder named by the case code.

    Args:
        synthesis: The case.
        identity: As for `write_dicom`.

    Raises:
        InputError: The volume holds what is no number.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(synthesis, identity):
            archive.writestr(f"{synthesis.code}/{name}", content)
    return packed.getvalue()


def _files(synthesis: Synthesis, identity: Identity | None) -> Iterator[tuple[str, bytes]]:
    made = datetime.now().astimezone()
    study = Study(identity or coded(synthesis.code), made)
    origin = contribution(synthesis.result)
    for number, dataset in enumerate(pet_series(synthesis, study), 1):
        yield f"pet/{number:04d}.dcm", _bytes(dataset, origin)
    yield "report.dcm", _bytes(report_document(synthesis, study, made), origin)


def _bytes(dataset: Any, origin: Any) -> bytes:
    from pydicom import dcmwrite

    dataset.ContributingEquipmentSequence = [origin]
    packed = io.BytesIO()
    dcmwrite(packed, dataset, enforce_file_format=True)
    return packed.getvalue()
