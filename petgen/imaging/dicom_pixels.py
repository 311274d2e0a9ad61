"""Pixels of DICOM planes, unpacked by pydicom and (JPEG) GDCM, and put together as one volume."""

import hashlib
import io
from collections.abc import Iterator
from itertools import groupby

import numpy as np

from petgen.case import InputError
from petgen.imaging.dicom_header import Frame
from petgen.imaging.dicom_parse import DAMAGE, parse
from petgen.imaging.dicom_stack import WHOLE, Stack
from petgen.imaging.dicom_unpacker import Unpacker

TAGS = (
    "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "SamplesPerPixel",
    "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames", "PixelData", "ExtendedOffsetTable",
    "ExtendedOffsetTableLengths",
)  # fmt: skip
PLAIN = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2")
RLE = "1.2.840.10008.1.2.5"
JPEG = tuple(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 57, 70, 80, 81, 90, 91))
CUT_SHORT = "the pixel data are cut short or damaged"


def volume(stack: Stack, *, average: bool) -> tuple[np.ndarray, tuple[str, ...]]:
    """The voxels of a stack, one file at a time in memory.

    Args:
        stack: As from `dicom_stack.stack`.
        average: Whether a slice may have several time points, which are averaged by their durations.

    Returns:
        (columns, rows, slices), float32, rescaled; and warnings.

    Raises:
        InputError: Compressed in a way petgen does not read, damaged, slices in several versions, or time points that
            lack slices.
    """
    where_to = {frame: place for place, frames in enumerate(stack.slices) for frame in frames}
    columns, rows, count = stack.shape
    data = np.zeros((count, rows, columns), np.float32)
    weight = np.zeros(count)
    points = np.zeros(count, int)
    seen: dict[tuple[int, float], bytes] = {}
    timed = {frame.duration > 0 for frame in where_to} == {True}
    repeated = 0
    for frame, pixels in _pixels(sorted(where_to, key=lambda frame: (frame.part.number, frame.index))):
        place, time = where_to[frame], frame.time if average else 0.0
        digest = hashlib.sha256(pixels.tobytes() + repr((frame.slope, frame.intercept)).encode()).digest()
        if seen.get((place, time), digest) != digest:
            raise InputError(
                f"slice {place + 1} of {count} is there in two versions that differ", where=stack.name, mend=WHOLE
            )
        if (place, time) in seen:
            repeated += 1
            continue
        seen[place, time] = digest
        share = frame.duration if average and timed else 1.0
        with np.errstate(over="ignore", invalid="ignore"):
            data[place] += np.float32(share) * (pixels.astype(np.float32) * frame.slope + frame.intercept)
        weight[place] += share
        points[place] += 1
    if points.min() < points.max():
        short = int((points < points.max()).sum())
        raise InputError(f"{short} slices of {count} lack a time point that others have", where=stack.name, mend=WHOLE)
    data /= weight[:, None, None].astype(np.float32)
    warnings = [f"{repeated} slices were there twice, alike; one of each was used."] if repeated else []
    if points.max() > 1:
        warnings.append(f"The mean of {points.max()} time points was taken.")
    return data.transpose(2, 1, 0), tuple(warnings)


def _pixels(frames: list[Frame]) -> Iterator[tuple[Frame, np.ndarray]]:
    """Every frame with its stored values, (rows, columns); frames of one file must follow each other."""
    with Unpacker() as unpacker:
        for part, group in groupby(frames, key=lambda frame: frame.part):
            members, data = list(group), part.read()
            try:
                for frame, pixels in zip(members, _unpacked(data, members, unpacker), strict=True):
                    if pixels.shape != frame.shape:
                        raise InputError(CUT_SHORT, where=part.where, mend=WHOLE)
                    yield frame, pixels
            except InputError:
                raise
            except DAMAGE:
                raise InputError(CUT_SHORT, where=part.where, mend=WHOLE) from None


def _unpacked(data: bytes, frames: list[Frame], unpacker: Unpacker) -> Iterator[np.ndarray]:
    """The stored values of frames of one file; damage comes as one of `DAMAGE`."""
    from pydicom.pixels import pixel_array
    from pydicom.uid import UID

    where = frames[0].part.where
    dataset = parse(io.BytesIO(data), where, TAGS)
    syntax = UID(dataset.file_meta.get("TransferSyntaxUID") or PLAIN[0])
    if syntax in JPEG:
        yield from unpacker.frames(data, [frame.index for frame in frames])
    elif syntax == RLE or syntax in PLAIN:
        plugin = "pydicom" if syntax == RLE else ""
        for frame in frames:
            yield np.asarray(pixel_array(dataset, index=frame.index, raw=True, decoding_plugin=plugin))
    else:
        raise InputError(
            "the images are packed in a way petgen does not read "
            f"(transfer syntax: {syntax.name if syntax.name != syntax else 'an unknown one'})",
            where=where,
            mend="Export the series uncompressed (Explicit VR Little Endian).",
        )
