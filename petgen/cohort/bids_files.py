"""Files of a simulated dataset: images as integers, JSON and text; written whole, read with errors that help."""

import gzip
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from nibabel.spatialimages import HeaderDataError
from nibabel.wrapstruct import WrapStructError

from petgen.case import InputError
from petgen.imaging.grid import AFFINE, SHAPE

STEP = 1 / 1024
"""Difference of two neighbouring stored intensities; an intensity is off by half of it at most."""
COMPRESSION = 4
NOT_AN_IMAGE = (OSError, EOFError, ValueError, zlib.error, HeaderDataError, WrapStructError)
MNI_CODE = 4
"""NIfTI code of coordinates that are the MNI 152's."""


def write_image(volume: np.ndarray, path: Path, description: str) -> None:
    """Writes a volume on the working grid as .nii.gz; the same volume gives the same bytes.

    Args:
        volume: (91, 109, 91). Intensities (floating point) become int16 in steps of `STEP`, labels int16, masks uint8.
        path: Ends in `.nii.gz`; its folder is made.
        description: The header's `descrip`, at most 79 bytes.

    Raises:
        ValueError: Another shape, or values that 16 bits do not hold.
    """
    if volume.shape != SHAPE:
        msg = f"expected an array of shape {SHAPE}, got {volume.shape}"
        raise ValueError(msg)
    real = np.issubdtype(volume.dtype, np.floating)
    raw = np.rint(volume / STEP) if real else volume
    kept = np.uint8 if volume.dtype == bool else np.int16
    if not (np.iinfo(kept).min <= raw.min() and raw.max() <= np.iinfo(kept).max):
        msg = f"values {volume.min():g} to {volume.max():g} cannot be stored in {path.name}"
        raise ValueError(msg)
    img = nib.Nifti1Image(raw.astype(kept), AFFINE)
    img.header.set_xyzt_units("mm")
    img.header.set_sform(AFFINE, MNI_CODE)
    img.header.set_qform(AFFINE, MNI_CODE)
    img.header["descrip"] = description.encode()
    if real:
        img.header.set_slope_inter(STEP, 0)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(img.to_bytes(), COMPRESSION, mtime=0))


def read_image(path: Path, dtype: type, mend: str) -> np.ndarray:
    """A volume that `write_image` wrote, (91, 109, 91), C order.

    Args:
        path: The file.
        dtype: Of the array returned: np.float32, np.int32 or bool.
        mend: What to do when the file is of no use.

    Raises:
        InputError: The file is missing, cut short or not an image on the working grid.
    """
    try:
        img = nib.Nifti1Image.from_bytes(gzip.decompress(path.read_bytes()))
        volume = np.ascontiguousarray(np.asanyarray(img.dataobj.get_unscaled()).astype(dtype, copy=False))
    except FileNotFoundError:
        raise InputError("no such file", where=str(path), mend=mend) from None
    except NOT_AN_IMAGE as error:
        raise InputError("the image is cut short or damaged", where=str(path), mend=mend) from error
    if volume.shape != SHAPE:
        raise InputError(f"the image is {volume.shape}, not {SHAPE}", where=str(path), mend=mend)
    return np.asarray(volume * dtype(img.dataobj.slope)) if dtype is np.float32 else volume


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON with sorted keys, as `write_text` does."""
    text = json.dumps(dict(content), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path, mend: str) -> dict[str, Any]:
    """The content of a JSON file.

    Args:
        path: The file.
        mend: What to do when the file is of no use.

    Raises:
        InputError: The file is missing, or not a JSON object.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("no such file", where=str(path), mend=mend) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"not a JSON text ({error})", where=str(path), mend=mend) from None
    if not isinstance(content, dict):
        raise InputError("holds no names and values", where=str(path), mend=mend)
    return content
