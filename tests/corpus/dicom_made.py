"""A good DICOM series and what is done to it."""

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from made_dicom import Made, files, series
from pydicom.uid import RLELossless, generate_uid

from petgen.imaging import Scan

COUNT = 36


@cache
def whole() -> Made:
    return series()


def as_made(found: Scan, places: slice = slice(None), made: Made | None = None) -> None:
    """Voxels and place are those of the series, or of some of its slices."""
    image = (made or whole()).image.slicer[:, :, places]
    np.testing.assert_allclose(np.asarray(found.image.dataobj), image.get_fdata(), rtol=1e-6)
    np.testing.assert_allclose(found.image.affine, image.affine, atol=1e-3)


def some(*places: int) -> list[tuple[str, bytes]]:
    return [whole().files[place] for place in places]


def tagged(every: Made | None = None, **tags: Any) -> list[tuple[str, bytes]]:
    """The series with these tags in every file."""
    datasets = [copy.deepcopy(dataset) for dataset in (every or whole()).datasets]
    for dataset in datasets:
        dataset.update(tags)
    return files(datasets)


def changed(place: int, change: Callable[[Any], object]) -> list[tuple[str, bytes]]:
    """The series with one slice changed."""
    one = copy.deepcopy(whole().datasets[place])
    change(one)
    return [*whole().files[:place], *files([one]), *whole().files[place + 1 :]]


def moved(dataset: Any) -> None:
    dataset.ImagePositionPatient[2] += 1.3


def emptied(dataset: Any) -> None:
    del dataset.PixelData


def colour() -> list[tuple[str, bytes]]:
    datasets = [copy.deepcopy(dataset) for dataset in whole().datasets]
    for dataset in datasets:
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        dataset.PixelData = dataset.PixelData * 3
    return files(datasets)


def syntax(uid: str) -> list[tuple[str, bytes]]:
    """Files whose transfer syntax is one that petgen does not read; the pixels are never looked at."""
    out = []
    for name, data in whole().files:
        old = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"
        new = b"\x02\x00\x10\x00UI\x14\x00" + uid.encode().ljust(20, b"\0")
        assert data.count(old) == 1
        out.append((name, data.replace(old, new)))
    return out


def rle() -> list[tuple[str, bytes]]:
    datasets = [copy.deepcopy(dataset) for dataset in whole().datasets]
    for dataset in datasets:
        dataset.compress(RLELossless, generate_instance_uid=False)
    return files(datasets)


def unnumbered() -> list[tuple[str, bytes]]:
    """The first byte of every slice's number is no digit."""
    mark = b"\x20\x00\x13\x00IS\x02\x00"
    return [(name, data.replace(mark + data[data.index(mark) + 8 :][:1], mark + b"x")) for name, data in whole().files]


def every_other() -> list[tuple[str, bytes]]:
    made = series(shape=(32, 40, 72))
    for place, dataset in enumerate(made.datasets):
        dataset.ImagePositionPatient[2] = -40 + 1.5 * place
    return files(made.datasets[::2])


def two_patients() -> list[tuple[str, bytes]]:
    other = series(number=9, name="t2_tse", EchoTime=90.0, shape=(24, 24, 30), PatientID="ZEBRA78")
    return [*whole().files, *other.files]


def changed_pixels() -> Any:
    one = copy.deepcopy(whole().datasets[3])
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    one.PixelData = one.PixelData[::-1]
    return one
