"""A program of its own that unpacks JPEG pixels: GDCM ends its whole process when pixels are damaged, not petgen's.

Reads requests from standard input: the length of a DICOM file (8 bytes, little endian), how many frames of it (4
bytes) and which (4 bytes each), then the file. Answers each on standard output with the frames in that order: the
length (8 bytes) of a .npy file, and that file, holding (rows, columns). Ends at the end of its input, or when a frame
cannot be unpacked. It is started by its path and imports nothing of petgen, so that it starts fast.
"""

import io
import struct
import sys
from typing import BinaryIO

MAX_MEMORY_BYTES = 6 << 30


def main(requests: BinaryIO, answers: BinaryIO) -> None:
    """Serves requests until their end."""
    import numpy as np
    from pydicom import dcmread
    from pydicom.pixels import pixel_array

    while head := requests.read(12):
        size, count = struct.unpack("<QI", head)
        frames = struct.unpack(f"<{count}I", requests.read(4 * count))
        dataset = dcmread(io.BytesIO(requests.read(size)), force=True)
        for frame in frames:
            pixels = pixel_array(dataset, index=frame, raw=True, decoding_plugin="gdcm")
            np.save(answer := io.BytesIO(), np.ascontiguousarray(pixels), allow_pickle=False)
            answers.write(struct.pack("<Q", answer.tell()) + answer.getbuffer())
        answers.flush()


def limit_memory() -> None:
    """Bounds what a file that lies about its size can take, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


if __name__ == "__main__":
    limit_memory()
    main(sys.stdin.buffer, sys.stdout.buffer)
