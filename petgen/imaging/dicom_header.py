"""Where the images of a DICOM file lie, frame by frame.

Only technical tags of the header are ever parsed, and the patient's ID, of which a digest is kept to tell patients
apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np

from petgen.imaging import dicom_traits
from petgen.imaging.dicom_files import Part
from petgen.imaging.dicom_traits import Traits, traits
from petgen.imaging.dicom_values import number, numbers

MACROS = tuple(
    f"{name}Sequence"
    for name in "PlanePosition PlaneOrientation PixelMeasures PixelValueTransformation MREcho MRImageFrameType "
    "PETFrameType FrameContent MRTimingAndRelatedParameters MRModifier".split()
)
TIMES = ("TemporalPositionIndex", "TemporalPositionIdentifier", "FrameReferenceTime", "AcquisitionTime")
TAGS = (
    *dicom_traits.TAGS, *TIMES[1:], "SOPClassUID", "PatientID", "SeriesInstanceUID", "InstanceNumber", "Rows",
    "Columns", "NumberOfFrames", "NumberOfSlices", "ImagesInAcquisition", "ImagePositionPatient",
    "ImageOrientationPatient", "PixelSpacing", "RescaleSlope", "RescaleIntercept", "ActualFrameDuration",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
)  # fmt: skip
IMAGE_CLASSES = tuple(f"1.2.840.10008.5.1.4.1.1.{tail}" for tail in ("4", "4.1", "4.4", "128", "130", "128.1"))
"""MR and PET, each as single planes, enhanced, and converted from single planes."""
SQUARE = 0.02


@dataclass(frozen=True)
class Frame:
    """One image plane of a file.

    Attributes:
        part: The file.
        index: Which frame of the file, from 0.
        series: Key of the series, never shown.
        shape: Rows and columns.
        place: Position of the first pixel's centre, three numbers in mm, LPS; empty where unknown.
        turn: Direction of a row, then of a column, six numbers, LPS; empty where unknown.
        spacing: Between rows and between columns, in mm; empty where unknown.
        slope: Stored value times slope plus intercept is the intensity.
        intercept: See slope.
        time: Key of the time point; 0 where unknown.
        duration: Of the time point, in ms; 0 where unknown.
        traits: Its kind.
        number: Number of a single plane in its series; None where unknown, and for frames of one file.
        announced: How many images its acquisition, or slices its PET, has by the header; 0 where unknown.
        patient: Digest of the patient's ID, never shown; empty where unknown.
    """

    part: Part
    index: int
    series: str = field(repr=False)
    shape: tuple[int, int]
    place: tuple[float, ...]
    turn: tuple[float, ...]
    spacing: tuple[float, ...]
    slope: float
    intercept: float
    time: float
    duration: float
    traits: Traits
    number: int | None = None
    announced: int = 0
    patient: str = field(default="", repr=False)

    @property
    def located(self) -> bool:
        """Whether the header puts the plane in space."""
        return bool(self.place and self.turn and self.spacing)


def frames_of(header: Any, part: Part) -> Iterator[Frame]:
    """The planes that a header describes; none where the file holds no image.

    Args:
        header: pydicom.Dataset with the `TAGS`.
        part: Where it was read.

    Raises:
        ValueError: A value cannot be parsed, or the header contradicts itself.
    """
    if not header.get("Rows") or not header.get("Columns") or not header.get("SeriesInstanceUID"):
        if kind_of(header) in IMAGE_CLASSES:
            raise ValueError("an image without its size")
        return
    count = int(number([header], "NumberOfFrames") or 1)
    each = header.get("PerFrameFunctionalGroupsSequence") or []
    shared = header.get("SharedFunctionalGroupsSequence") or []
    patient = str(header.get("PatientID") or "").strip()
    if each and len(each) != count:
        raise ValueError("number of frames")
    for index in range(max(len(each), 1)):
        groups = [*each[index : index + 1], *shared[:1]]
        places = [group.get(name)[0] for group in groups for name in MACROS if group.get(name)] + [header]
        spacing = numbers(places, "PixelSpacing", 2)
        slope = number(places, "RescaleSlope")
        yield Frame(
            part=part,
            index=index,
            series=str(header.SeriesInstanceUID),
            shape=(int(header.Rows), int(header.Columns)),
            place=numbers(places, "ImagePositionPatient", 3) if each or count == 1 else (),
            turn=_turn(places),
            spacing=spacing if spacing and min(spacing) > 0 else (),
            slope=1.0 if slope is None else slope,
            intercept=number(places, "RescaleIntercept") or 0.0,
            time=number(places, *TIMES) or 0.0,
            duration=max(number(places, "ActualFrameDuration", "FrameAcquisitionDuration") or 0.0, 0.0),
            traits=traits(header, places),
            number=None if each else _count(header, "InstanceNumber"),
            announced=_count(header, "NumberOfSlices", "ImagesInAcquisition") or 0,
            patient=sha256(patient.encode("utf-8", "replace")).hexdigest() if patient else "",
        )


def kind_of(header: Any) -> str:
    """SOP class by the dataset, else by the file's meta group; empty where a damaged file tells neither."""
    meta = getattr(header, "file_meta", None) or {}
    return str(header.get("SOPClassUID") or meta.get("MediaStorageSOPClassUID") or "")


def _count(header: Any, *names: str) -> int | None:
    """A whole number that nothing depends on but a warning; None where there is none, or it cannot be parsed."""
    try:
        found = number([header], *names)
    except (ValueError, TypeError, OverflowError):
        return None
    return None if found is None else int(found)


def _turn(places: list[Any]) -> tuple[float, ...]:
    """The two directions, where they are of length one and square to each other."""
    turn = numbers(places, "ImageOrientationPatient", 6)
    if not turn:
        return ()
    across, down = np.array(turn[:3]), np.array(turn[3:])
    off = (abs(np.linalg.norm(across) - 1), abs(np.linalg.norm(down) - 1), abs(across @ down))
    return turn if max(off) < SQUARE else ()
