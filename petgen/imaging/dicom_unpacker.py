"""The way to `dicom_unpack`, the program that unpacks JPEG pixels in a process of its own."""

import io
import struct
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

import numpy as np

PROGRAM = Path(__file__).with_name("dicom_unpack.py")
MAX_SECONDS = 120.0


class Unpacker:
    """Starts the program at its first use and ends it with the context."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.communicate()

    def frames(self, data: bytes, indices: Sequence[int]) -> Iterator[np.ndarray]:
        """Stored values of frames of one file, in the order of the indices, each (rows, columns).

        Raises:
            ValueError, OSError, struct.error: A frame cannot be unpacked, or not in two minutes; the program is gone.
        """
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-P", str(PROGRAM)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        child = self._child
        assert child.stdin is not None
        assert child.stdout is not None
        clock = Timer(MAX_SECONDS, child.kill)
        clock.start()
        try:
            child.stdin.write(struct.pack(f"<QI{len(indices)}I", len(data), len(indices), *indices) + data)
            child.stdin.flush()
            for _ in indices:
                (size,) = struct.unpack("<Q", child.stdout.read(8))
                yield np.load(io.BytesIO(child.stdout.read(size)), allow_pickle=False)
        finally:
            clock.cancel()
