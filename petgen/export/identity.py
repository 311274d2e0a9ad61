"""Whose examination an export belongs to: a case code, or the patient of DICOM files that the user gives."""

import io
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from petgen.case import InputError
from petgen.imaging.dicom_files import EXAMINATION, Part, Source, is_archive, parts
from petgen.imaging.dicom_parse import DAMAGE, looks_dicom, parse

NAME, UID = "PatientName", "StudyInstanceUID"
TAGS = (
    NAME, "PatientID", "PatientBirthDate", "PatientSex", UID, "StudyDate", "StudyTime", "AccessionNumber",
)  # fmt: skip
PERSON = (NAME, "PatientID", "PatientBirthDate")
"""Two files that differ in one of these, where both have it, are of two patients."""
WHERE = "DICOM of the patient"


@dataclass(frozen=True)
class Identity:
    """Patient and study; never shown, written or logged but in the exported files.

    Attributes:
        values: Text by keyword, of those in `TAGS` that are known.
    """

    values: dict[str, str] = field(repr=False)


def coded(code: str) -> Identity:
    """Nobody's identity: the case code stands for name and ID."""
    return Identity({NAME: code, "PatientID": code})


def read_identity(source: Source, sex: str | None = None) -> Identity:
    """The patient and the study of DICOM files; nothing else of them is kept, and no message repeats a value.

    Args:
        source: Path of a file, folder or zip; the bytes of a file or zip; or pairs of name and bytes.
        sex: Of the case, "F" or "M"; the patient's may not be the other.

    Raises:
        InputError: There is no DICOM file of a patient, there are several patients or studies, the sex is not that of
            the case, or a value breaks the rules of DICOM.
    """
    with ExitStack() as stack:
        found = [values for part in parts(source, stack) if (values := _values(part))]
    if not found:
        raise InputError("there is no DICOM file of a study", where=WHERE, mend=EXAMINATION)
    for keyword in PERSON:
        if len({_alike(values[keyword]) for values in found if keyword in values}) > 1:
            raise InputError("the files are of several patients", where=WHERE, mend="Give files of one patient.")
    if len({values[UID] for values in found}) > 1:
        raise InputError("the files are of several examinations", where=WHERE, mend=EXAMINATION)
    whole = {keyword: value for values in reversed(found) for keyword, value in values.items()}
    if NAME not in whole and "PatientID" not in whole:
        raise InputError("the files name no patient", where=WHERE, mend="Give a file that is not anonymised.")
    if {sex, whole.get("PatientSex")} >= {"F", "M"}:
        raise InputError("the patient's sex is not the one of this case", where=WHERE, mend="Check whose file it is.")
    return Identity(whole)


def _values(part: Part) -> dict[str, str]:
    """The values of one file; none where it is not DICOM, or of no study, as a DICOMDIR."""
    start = part.read(264)
    if is_archive(start) and not part.in_folder:
        raise InputError("this is an archive inside the DICOM files", where=part.where, mend=EXAMINATION)
    if not looks_dicom(start):
        return {}
    header = parse(io.BytesIO(part.read()), part.where, (*TAGS, "SpecificCharacterSet"), pixels=False)
    try:
        values = {keyword: text for keyword in TAGS if (text := _text(header, keyword))}
    except DAMAGE:
        raise InputError(
            "patient or study in the header break the rules of DICOM", where=part.where, mend="Give another file."
        ) from None
    return values if UID in values else {}


def _text(header: Any, keyword: str) -> str:
    """One value as text; empty where there is none.

    Raises:
        ValueError: It is not what DICOM allows, or not readable in the file's character set.
    """
    from pydicom import config
    from pydicom.datadict import dictionary_VR
    from pydicom.valuerep import validate_value

    text = str(header.get(keyword) or "").strip(" \0")
    if not text.isprintable() or "\N{REPLACEMENT CHARACTER}" in text:
        raise ValueError(keyword)
    validate_value(dictionary_VR(keyword), text, config.RAISE)
    return text


def _alike(text: str) -> str:
    """A value without what differs between the files of one patient: case, padding, empty parts of a name."""
    return " ".join(text.rstrip("^ ").upper().split())
