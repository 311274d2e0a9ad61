"""DICOM bytes parsed for a few tags only, silently: what pydicom would print or warn of may hold a person's name."""

import logging
import struct
import warnings
from collections.abc import Sequence
from typing import Any, BinaryIO

from pydicom.errors import BytesLengthException, InvalidDicomError

from petgen.case import InputError

PREAMBLE = 128
MAGIC = b"DICM"
BARE_STARTS = (b"\x08\x00\x05\x00", b"\x08\x00\x08\x00", b"\x08\x00\x16\x00", b"\x02\x00\x00\x00")
DEFLATED = "1.2.840.10008.1.2.1.99"
TRANSFER_SYNTAX = 0x00020010
DAMAGE = (
    ValueError, TypeError, LookupError, AttributeError, EOFError, OSError, OverflowError, RuntimeError, AssertionError,
    MemoryError, struct.error, BytesLengthException, InvalidDicomError,
)  # fmt: skip
"""What pydicom raises on damaged bytes, which has no error of its own for them; a length that lies asks for memory."""


def looks_dicom(start: bytes) -> bool:
    """Whether the first 132 bytes are those of a DICOM file, with its preamble or, as some scanners write, without."""
    return start[PREAMBLE:].startswith(MAGIC) or start.startswith(BARE_STARTS)


def parse(stream: BinaryIO, where: str, tags: Sequence[str], *, pixels: bool = True) -> Any:
    """The dataset with the file's meta group and these tags; nothing else is parsed.

    Args:
        stream: The file, in memory.
        where: The file in words, for messages.
        tags: Keywords.
        pixels: Whether to go on to the pixel data.

    Returns:
        pydicom.Dataset.

    Raises:
        InputError: The file is damaged, or deflated as a whole.
    """
    import pydicom

    _silence()
    try:
        _refuse_deflated(stream, where)
        return pydicom.dcmread(stream, stop_before_pixels=not pixels, force=True, specific_tags=list(tags))
    except InputError:
        raise
    except DAMAGE:
        raise InputError("the header is damaged", where=where, mend="Export the series again.") from None


def _refuse_deflated(stream: BinaryIO, where: str) -> None:
    """Refuses files deflated as a whole, which pydicom would unpack without a limit."""
    from pydicom.filereader import read_dataset

    start = stream.read(PREAMBLE + len(MAGIC))
    if not start.endswith(MAGIC):
        stream.seek(0)
    meta = read_dataset(stream, False, True, stop_when=lambda tag, vr, length: tag.group != 2)
    stream.seek(0)
    if str(meta.get(TRANSFER_SYNTAX).value if TRANSFER_SYNTAX in meta else "").strip("\0 ") == DEFLATED:
        raise InputError(
            "the file is packed in a way petgen does not read (transfer syntax: Deflated Explicit VR Little Endian)",
            where=where,
            mend="Export the series uncompressed (Explicit VR Little Endian).",
        )


def _silence() -> None:
    warnings.filterwarnings("ignore", module=r"pydicom(\.|$)")
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
