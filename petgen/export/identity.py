"""Whose examination an export belongs to: a case code, or the patient of DICOM files that the user gives."""

import io
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from petgen.case import InputError, Synthesis
from petgen.export import frame
from petgen.imaging.dicom_files import EXAMINATION, Part, Source, is_archive, parts
from petgen.imaging.dicom_parse import DAMAGE, looks_dicom, parse

NAME, UID = "PatientName", "StudyInstanceUID"
TAGS = (
    NAME, "PatientID", "PatientBirthDate", "PatientSex", UID, "StudyID", "StudyDate", "StudyTime", "AccessionNumber",
)  # fmt: skip
PERSON = (NAME, "PatientID", "PatientBirthDate")
"""Two files that differ in one of these, where both have it, are of two patients."""
WHERE = "DICOM of the patient"


@dataclass(frozen=True)
class Identity:
    """Patient and study; never shown, written or logged but in the exported files.

    Attributes:
        values: Text by keyword, of those in `TAGS` that are known.
        frame: UID of the frame of reference that the case's scan and the files share; empty where that is not known.
    """

    values: dict[str, str] = field(repr=False)
    frame: str = field(default="", repr=False)


def coded(code: str) -> Identity:
    """Nobody's identity: the case code stands for name and ID."""
    return Identity({NAME: code, "PatientID": code})


def read_identity(source: Source, case: Synthesis | None = None) -> Identity:
    """Patient, study and frame of reference of DICOM files; nothing else is kept, and no message repeats a value.

    The frame of reference is that of the files with a plane on the grid of the case's scan, where they name one only.

    Args:
        source: Path of a file, folder or zip; the bytes of a file or zip; or pairs of name and bytes.
        case: What is exported; the patient's sex may not be the other one. Without it no frame of reference is known.

    Raises:
        InputError: There is no DICOM file of a patient, there are several patients or studies, the sex is not that of
            the case, or a value breaks the rules of DICOM.
    """
    with ExitStack() as stack:
        read = [one for part in parts(source, stack) if (one := _read(part, case))]
    found = [values for values, _ in read]
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
    if {case.biomarkers.sex if case else None, whole.get("PatientSex")} >= {"F", "M"}:
        raise InputError("the patient's sex is not the one of this case", where=WHERE, mend="Check whose file it is.")
    shared = {uid for _, uid in read if uid}
    return Identity(whole, shared.pop() if len(shared) == 1 else "")


def _read(part: Part, case: Synthesis | None) -> tuple[dict[str, str], str] | None:
    """Values and shared frame of reference of one file; None where it is not DICOM, or of no study, as a DICOMDIR."""
    start = part.read(264)
    if is_archive(start) and not part.in_folder:
        raise InputError("this is an archive inside the DICOM files", where=part.where, mend=EXAMINATION)
    if not looks_dicom(start):
        return None
    wanted = (*TAGS, "SpecificCharacterSet", *frame.TAGS)
    header = parse(io.BytesIO(part.read()), part.where, wanted, pixels=False)
    try:
        values = {keyword: text for keyword in TAGS if (text := _text(header, keyword))}
    except DAMAGE:
        raise InputError(
            "patient or study in the header break the rules of DICOM", where=part.where, mend="Give another file."
        ) from None
    if UID not in values:
        return None
    return values, frame.shared_frame(header, part, case.suvr_native) if case else ""


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
