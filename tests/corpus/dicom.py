"""DICOM series: whole, with slices missing or twice, of other images, packed strangely, damaged."""

import copy
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import numpy as np
from made_dicom import Made, enhanced, files, series, written
from pydicom.uid import RLELossless, generate_uid

from corpus.kind import Kind
from petgen.imaging import Scan, open_scan

PET = partial(open_scan, wanted="PET")
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


def _moved(dataset: Any) -> None:
    dataset.ImagePositionPatient[2] += 1.3


def _emptied(dataset: Any) -> None:
    del dataset.PixelData


def _colour() -> list[tuple[str, bytes]]:
    datasets = [copy.deepcopy(dataset) for dataset in whole().datasets]
    for dataset in datasets:
        dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PlanarConfiguration = 3, "RGB", 0
        dataset.PixelData = dataset.PixelData * 3
    return files(datasets)


def _syntax(uid: str) -> list[tuple[str, bytes]]:
    """Files whose transfer syntax is one that petgen does not read; the pixels are never looked at."""
    out = []
    for name, data in whole().files:
        old = b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"
        new = b"\x02\x00\x10\x00UI\x14\x00" + uid.encode().ljust(20, b"\0")
        assert data.count(old) == 1
        out.append((name, data.replace(old, new)))
    return out


def _rle() -> list[tuple[str, bytes]]:
    datasets = [copy.deepcopy(dataset) for dataset in whole().datasets]
    for dataset in datasets:
        dataset.compress(RLELossless, generate_instance_uid=False)
    return files(datasets)


def _unnumbered() -> list[tuple[str, bytes]]:
    """The first byte of every slice's number is no digit."""
    mark = b"\x20\x00\x13\x00IS\x02\x00"
    return [(name, data.replace(mark + data[data.index(mark) + 8 :][:1], mark + b"x")) for name, data in whole().files]


def _every_other() -> list[tuple[str, bytes]]:
    made = series(shape=(32, 40, 72))
    for place, dataset in enumerate(made.datasets):
        dataset.ImagePositionPatient[2] = -40 + 1.5 * place
    return files(made.datasets[::2])


def _two_patients() -> list[tuple[str, bytes]]:
    other = series(number=9, name="t2_tse", EchoTime=90.0, shape=(24, 24, 30), PatientID="ZEBRA78")
    return [*whole().files, *other.files]


ALL = range(COUNT)
REFUSED = {
    "slices missing inside": (lambda: some(*(n for n in ALL if n not in (10, 20, 21))), "3 slices are missing"),
    "slice twice, unlike": (
        lambda: [*whole().files, *files([changed_pixels()])],
        "slice 4 of 36 is there in two versions that differ",
    ),
    "slice out of place": (lambda: changed(12, _moved), "unevenly spaced"),
    "slice without pixels": (lambda: changed(12, _emptied), "pixel data are cut short or damaged"),
    "slice of another size": (lambda: changed(12, lambda one: one.update({"Rows": 39})), "missing, after slice 12"),
    "one slice": (lambda: some(0), "one slice only"),
    "colour": (_colour, "colour images"),
    "transfer syntax MPEG-4": (lambda: _syntax("1.2.840.10008.1.2.4.102"[:20]), "packed in a way petgen does not"),
    "transfer syntax unknown": (lambda: _syntax("1.2.3.4.5"), "an unknown one"),
    "file cut short": (lambda: [*some(*range(35)), ("", whole().files[35][1][:-99])], "file 36 of 36"),
    "header cut short": (lambda: [*some(*range(35)), ("", whole().files[35][1][:200])], "file 36 of 36: the header is"),
    "no position": (lambda: tagged(ImagePositionPatient=None), "no position in space"),
    "slope of nearly infinity": (lambda: tagged(RescaleSlope="3e38"), "rescaled values are no numbers"),
    "slope of zero": (lambda: tagged(RescaleSlope="0"), "every voxel has the same value"),
    "frames that are not there": (lambda: written(enhanced(whole(), ALL, NumberOfFrames=40)), "header is damaged"),
    "a million frames": (lambda: written(enhanced(whole(), ALL, NumberOfFrames=1_000_000)), "header is damaged"),
    "CT as T1w": (lambda: tagged(Modality="CT"), "modality CT"),
    "PET as T1w": (lambda: tagged(Modality="PT"), "modality PT"),
    "T2w as T1w": (lambda: tagged(SeriesDescription="t2_tse"), "T2-weighted"),
    "text named .dcm": (lambda: [("a.dcm", b"nothing of the kind"), ("b.dcm", b"")], "no DICOM image in the 2 files"),
}
WARNED = {
    "slices missing at the start": (lambda: some(*range(5, 36)), "numbered from 6 on", slice(5, None)),
    "every other slice missing": (_every_other, "35 are missing by their numbers", None),
    "slices missing at the end": (
        lambda: tagged(ImagesInAcquisition=COUNT)[:-5],
        "announces 36 images, but 31 are there",
        slice(0, -5),
    ),
    "meta header cut short": (
        lambda: [*some(*range(35)), ("", whole().files[35][1][:150])],
        "1 file is empty or damaged",
        slice(0, -1),
    ),
    "empty file among them": (lambda: [*some(*range(35)), ("", b"")], "1 file is empty or damaged", slice(0, -1)),
    "slice twice, alike": (lambda: [*whole().files, *some(3, 4)], "2 slices were there twice, alike", slice(None)),
    "files of two patients": (_two_patients, "of 2 patients by their IDs", slice(None)),
    "mixed series, equally good": (
        lambda: [*whole().files, *series(number=8, seed=2).files],
        "Equally good by their headers: series 8",
        slice(None),
    ),
    "contrast-enhanced": (lambda: tagged(ContrastBolusAgent="Gadovist"), "contrast agent was given", slice(None)),
    "contrast in its name": (lambda: tagged(SeriesDescription="t1 post gd"), "contrast agent was given", slice(None)),
    "of unknown weighting": (lambda: tagged(SeriesDescription="head"), "does not say that this is a T1", slice(None)),
    "shown inverted": (lambda: tagged(PhotometricInterpretation="MONOCHROME1"), "MONOCHROME1", slice(None)),
}
READ = {
    "slices in any order": lambda: some(*np.random.default_rng(0).permutation(COUNT)),
    "without preambles": lambda: [(name, data[132:]) for name, data in whole().files],
    "RLE": _rle,
    "enhanced": lambda: written(enhanced(whole(), ALL)),
    "beside text and pictures": lambda: [*whole().files, ("read.txt", b"me"), ("a.jpg", b"\xff\xd8\xff" * 50)],
    "slice numbers that are none": _unnumbered,
}


def changed_pixels() -> Any:
    one = copy.deepcopy(whole().datasets[3])
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    one.PixelData = one.PixelData[::-1]
    return one


def _lazily(make: Callable[[], Any]) -> Callable[[Any], Any]:
    return lambda folder: make()


KINDS = [
    *(Kind(f"DICOM: {name}", _lazily(make), open_scan, refused=words) for name, (make, words) in REFUSED.items()),
    *(
        Kind(f"DICOM: {name}", _lazily(make), open_scan, warned=words, right=kept and partial(as_made, places=kept))
        for name, (make, words, kept) in WARNED.items()
    ),
    *(Kind(f"DICOM: {name}", _lazily(make), open_scan, right=as_made) for name, make in READ.items()),
    Kind("DICOM: T1w as PET", _lazily(lambda: whole().files), PET, refused="none of the 1 series is a PET"),
    Kind(
        "DICOM: PET without attenuation correction",
        _lazily(lambda: tagged(Modality="PT", CorrectedImage=["DECY"])),
        PET,
        warned="not corrected for attenuation",
        right=as_made,
    ),
    Kind(
        "DICOM: PET that lacks slices",
        _lazily(lambda: tagged(Modality="PT", NumberOfSlices=47)),
        PET,
        warned="announces 47 images, but 36",
        right=as_made,
    ),
]
