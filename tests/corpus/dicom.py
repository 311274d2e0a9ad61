"""DICOM series: whole, with slices missing or twice, of other images, packed strangely, damaged."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from made_dicom import enhanced, files, series, written

from corpus.dicom_made import (
    COUNT,
    as_made,
    changed,
    changed_pixels,
    colour,
    emptied,
    every_other,
    moved,
    rle,
    some,
    syntax,
    tagged,
    two_patients,
    unnumbered,
    whole,
)
from corpus.kind import Kind
from petgen.imaging import open_scan

PET = partial(open_scan, wanted="PET")
ALL = range(COUNT)
REFUSED = {
    "slices missing inside": (lambda: some(*(n for n in ALL if n not in (10, 20, 21))), "3 slices are missing"),
    "slice twice, unlike": (
        lambda: [*whole().files, *files([changed_pixels()])],
        "slice 4 of 36 is there in two versions that differ",
    ),
    "slice out of place": (lambda: changed(12, moved), "unevenly spaced"),
    "slice without pixels": (lambda: changed(12, emptied), "pixel data are cut short or damaged"),
    "slice of another size": (lambda: changed(12, lambda one: one.update({"Rows": 39})), "missing, after slice 12"),
    "one slice": (lambda: some(0), "one slice only"),
    "colour": (colour, "colour images"),
    "transfer syntax MPEG-4": (lambda: syntax("1.2.840.10008.1.2.4.102"[:20]), "packed in a way petgen does not"),
    "transfer syntax unknown": (lambda: syntax("1.2.3.4.5"), "an unknown one"),
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
    "every other slice missing": (every_other, "35 are missing by their numbers", None),
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
    "files of two patients": (two_patients, "of 2 patients by their IDs", slice(None)),
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
    "RLE": rle,
    "enhanced": lambda: written(enhanced(whole(), ALL)),
    "beside text and pictures": lambda: [*whole().files, ("read.txt", b"me"), ("a.jpg", b"\xff\xd8\xff" * 50)],
    "slice numbers that are none": unnumbered,
}


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
