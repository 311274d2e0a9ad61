"""A volume out: NIfTI with a description and a JSON sidecar; the same input gives the same bytes."""

import gzip
import io
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from petgen.imaging.grid import on_grid

SUFFIX = ".nii.gz"
MAX_DESCRIPTION_BYTES = 79
COMPRESSION = 4


def save_volume(
    volume: np.ndarray | nib.Nifti1Image, path: Path | str, *, description: str, sidecar: Mapping[str, Any]
) -> Path:
    """Writes a volume and its sidecar; a reader never sees half a file.

    Args:
        volume: Image, or array (91, 109, 91) on the working grid.
        path: Ends in `.nii.gz`; the sidecar takes the same stem and `.json`.
        description: The header's `descrip`, at most 79 bytes.
        sidecar: What to say beside the volume, JSON values only.

    Returns:
        Path of the volume, stored as float32, or as int16 where it holds labels or a mask.

    Raises:
        ValueError: The path does not end in `.nii.gz`, or the description is too long.
    """
    path = Path(path)
    if not path.name.endswith(SUFFIX):
        msg = f"expected a path ending in {SUFFIX}, got {path.name}"
        raise ValueError(msg)
    if len(description.encode()) > MAX_DESCRIPTION_BYTES:
        msg = f"description longer than {MAX_DESCRIPTION_BYTES} bytes"
        raise ValueError(msg)
    text = json.dumps(dict(sidecar), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    packed = volume_bytes(volume, description)
    _write_whole(path.with_name(path.name.removesuffix(SUFFIX) + ".json"), text.encode())
    _write_whole(path, packed)
    return path


def volume_bytes(volume: np.ndarray | nib.Nifti1Image, description: str) -> bytes:
    """A volume as the bytes of a .nii.gz file; the same input gives the same bytes.

    Stored as float32; whole numbers, which are labels or a mask, as int16.

    Args:
        volume: Image, or array (91, 109, 91) on the working grid.
        description: The header's `descrip`, at most 79 bytes.
    """
    given = on_grid(volume) if isinstance(volume, np.ndarray) else volume
    data = np.asarray(given.dataobj)
    kind = np.float32 if np.issubdtype(data.dtype, np.floating) else np.int16
    img = nib.Nifti1Image(data.astype(kind), given.affine)
    img.header.set_xyzt_units("mm")
    img.header["descrip"] = description.encode()
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=COMPRESSION, fileobj=packed, mtime=0) as stream:
        stream.write(img.to_bytes())
    return packed.getvalue()


def _write_whole(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
