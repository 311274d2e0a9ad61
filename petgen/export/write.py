"""A case as DICOM files, in a folder or in a zip."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from petgen.case import InputError, Synthesis
from petgen.export.document import report_document
from petgen.export.identity import Identity, coded, read_identity
from petgen.export.pet import pet_series
from petgen.export.study import Study
from petgen.imaging.dicom_files import Source
from petgen.report import read_outputs


def write_dicom(folder: Path, out: Path, source: Source | None = None) -> list[Path]:
    """Writes the synthetic PET as a series, and the report as an encapsulated PDF of the same study.

    Args:
        folder: Of a finished case, as `petgen.report.write_outputs` wrote it.
        out: Made when it is not there; may hold no DICOM yet, so that no two patients mix.
        source: DICOM of the patient (file, folder or zip), whose patient and study the files then carry. Without it
            the case code stands for the patient.

    Returns:
        `pet/0001.dcm` and so on from inferior to superior, then `report.dcm`.

    Raises:
        InputError: The case is not readable, the source is of several patients or of none, or `out` cannot be used.
    """
    synthesis, written = read_outputs(folder), list[Path]()
    identity = None if source is None else read_identity(source, synthesis.biomarkers.sex)
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
        identity: From `read_identity`; the case code when None.

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
    for number, dataset in enumerate(pet_series(synthesis, study), 1):
        yield f"pet/{number:04d}.dcm", _bytes(dataset)
    yield "report.dcm", _bytes(report_document(synthesis, study, made))


def _bytes(dataset: object) -> bytes:
    from pydicom import dcmwrite

    packed = io.BytesIO()
    dcmwrite(packed, dataset, enforce_file_format=True)
    return packed.getvalue()
