"""Voxels of a NIfTI stream, never more than its header declares and its packed size can honestly hold."""

from typing import BinaryIO

import numpy as np

from petgen.case import InputError
from petgen.imaging.header import Geometry

CHUNK_BYTES = 1 << 20
MAX_SURPLUS_BYTES = 1 << 20
MAX_RATIO = 200
SMALL_BYTES = 64 << 20
EXPORT_AGAIN = "Export or download the scan again."


def check_packing(packed: int, space: Geometry, where: str) -> None:
    """Refuses a gzip file whose voxels would unpack more than 200-fold; an all but empty scan of 64 MiB is harmless.

    Args:
        packed: Bytes of the file.
        space: What its header declares.
        where: Named in errors.

    Raises:
        InputError: It is packed too tightly for an image.
    """
    unpacked = float(np.prod([float(n) for n in space.shape])) * space.dtype.itemsize * space.frames
    if unpacked > max(MAX_RATIO * packed, SMALL_BYTES):
        raise InputError(
            f"the file is packed more than {MAX_RATIO}-fold, which images are not", where=where, mend=EXPORT_AGAIN
        )


def read_voxels(stream: BinaryIO, space: Geometry, consumed: int, where: str) -> tuple[np.ndarray, float]:
    """The mean of the frames as float32, and the share of voxels that was not finite and became 0.

    Args:
        stream: Behind the header.
        space: What the header declares.
        consumed: Bytes of the stream that were read.
        where: Named in errors.

    Raises:
        InputError: The stream holds less or more than its header declares.
    """
    _take(stream, max(space.offset - consumed, 0), where)
    total, lost = np.zeros(space.shape, dtype=np.float32), 0
    for _ in range(space.frames):
        raw = _take(stream, int(np.prod(space.shape)) * space.dtype.itemsize, where)
        with np.errstate(over="ignore", invalid="ignore"):
            frame = np.frombuffer(raw, space.dtype).reshape(space.shape, order="F").astype(np.float32)
            frame *= np.float32(space.slope)
            frame += np.float32(space.intercept)
        finite = np.isfinite(frame)
        lost += int(frame.size - np.count_nonzero(finite))
        frame[~finite] = 0
        total += frame / np.float32(space.frames)
    surplus = 0
    while block := stream.read(CHUNK_BYTES):
        surplus += len(block)
        if surplus > MAX_SURPLUS_BYTES:
            raise InputError("the file holds more data than its header declares", where=where, mend=EXPORT_AGAIN)
    return total, lost / (total.size * space.frames)


def _take(stream: BinaryIO, size: int, where: str) -> bytearray:
    taken = bytearray()
    while len(taken) < size:
        block = stream.read(min(CHUNK_BYTES, size - len(taken)))
        if not block:
            raise InputError("the file ends before its last voxel", where=where, mend=EXPORT_AGAIN)
        taken += block
    return taken
