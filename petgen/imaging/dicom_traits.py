"""Of what kind a DICOM image is, by its header."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from petgen.imaging.dicom_values import codes, first, number
from petgen.imaging.dicom_words import technical_words

MODALITIES = frozenset("MR PT CT NM US CR DX XA MG RF OT SC".split())
SPOKEN = ("SeriesDescription", "ProtocolName", "SequenceName", "PulseSequenceName")
CODED = ("ScanningSequence", "SequenceVariant", "EchoPulseSequence", "AcquisitionContrast", "ComplexImageComponent")
NO_AGENT = ("", "NO", "NONE", "N")
MAX_NUMBER = 100_000
TAGS = (
    *SPOKEN, *CODED, "SeriesNumber", "Modality", "ImageType", "MRAcquisitionType", "RepetitionTime", "EchoTime",
    "InversionTime", "ContrastBolusAgent", "ContrastBolusAgentSequence", "CorrectedImage", "AttenuationCorrected",
    "SamplesPerPixel", "PhotometricInterpretation",
)  # fmt: skip


@dataclass(frozen=True)
class Traits:
    """What a frame says of its kind.

    Attributes:
        number: Series number, or None.
        modality: MR, PT, CT and so on; "unknown" for what is none of them.
        shown: Technical words of the series description, in order.
        words: Technical words of all names of series, protocol and sequence.
        codes: Image type and sequence codes, upper case.
        derived: Whether the image was computed from others.
        volumetric: Whether the acquisition was 3D.
        contrast: Whether the header names a contrast agent.
        corrected: For PET, whether attenuation was corrected; None where the header does not say.
        colour: Whether a pixel has several samples.
        inverted: Whether low values are to be shown bright.
        tr, te, ti: Repetition, echo and inversion time in ms, or None.
    """

    number: int | None
    modality: str
    shown: tuple[str, ...]
    words: frozenset[str]
    codes: frozenset[str]
    derived: bool
    volumetric: bool
    contrast: bool
    corrected: bool | None
    colour: bool
    inverted: bool
    tr: float | None
    te: float | None
    ti: float | None


def traits(header: Any, places: Sequence[Any]) -> Traits:
    """The kind of one frame.

    Args:
        header: pydicom.Dataset with the `TAGS`.
        places: Where the frame's own values may be, nearest first, the header last.

    Raises:
        ValueError: A value cannot be parsed.
    """
    kind = codes(first(places, "FrameType") or header.get("ImageType"))
    modality = str(header.get("Modality") or "")
    agent = str(header.get("ContrastBolusAgent") or "").strip().upper()
    attenuation = header.get("AttenuationCorrected")
    corrections = codes(header.get("CorrectedImage") or None)
    series = number([header], "SeriesNumber")
    words = frozenset(technical_words(" ".join(str(header.get(name) or "") for name in SPOKEN)))
    return Traits(
        number=int(series) if series is not None and 0 <= series < MAX_NUMBER else None,
        modality=modality if modality in MODALITIES else "unknown",
        shown=technical_words(str(header.get("SeriesDescription") or "")),
        words=words,
        codes=frozenset(kind).union(*(codes(first(places, name)) for name in CODED)),
        derived="DERIVED" in kind[:1],
        volumetric=str(header.get("MRAcquisitionType") or "") == "3D" or "3d" in words,
        contrast=agent not in NO_AGENT or bool(header.get("ContrastBolusAgentSequence")),
        corrected="ATTN" in corrections if corrections else None if attenuation is None else attenuation == "YES",
        colour=(number([header], "SamplesPerPixel") or 1) > 1,
        inverted=str(header.get("PhotometricInterpretation") or "") == "MONOCHROME1",
        tr=number(places, "RepetitionTime"),
        te=number(places, "EffectiveEchoTime", "EchoTime"),
        ti=number(places, "InversionTimes", "InversionTime"),
    )
