"""DICOM in: a folder, a zip or loose files to one checked volume, and in words which series it is and why."""

import io
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from petgen.case import InputError
from petgen.imaging.dicom_choice import choose
from petgen.imaging.dicom_doubts import doubts
from petgen.imaging.dicom_files import EXAMINATION, NOT_DICOM, Part, Source, is_archive, parts
from petgen.imaging.dicom_header import TAGS, Frame, frames_of, kind_of
from petgen.imaging.dicom_parse import DAMAGE, looks_dicom, parse
from petgen.imaging.dicom_pixels import volume
from petgen.imaging.dicom_series import SeriesInfo, sort_series
from petgen.imaging.dicom_stack import stack
from petgen.imaging.header import head_sized
from petgen.imaging.intensity import negative
from petgen.imaging.read import Scan, Wanted, canonical
from petgen.imaging.voxels import EXPORT_AGAIN


@dataclass(frozen=True)
class DicomScan:
    """A volume from DICOM, free of identifiers.

    Attributes:
        scan: RAS+, float32, fresh header, as from `read_scan`; for PET in the unit of the files.
        series: The series it was made of.
        others: The other series, each with a note why it was not taken.
        why: Why this series was chosen, in one sentence.
    """

    scan: Scan
    series: SeriesInfo
    others: tuple[SeriesInfo, ...]
    why: str


def read_dicom(source: Source, wanted: Wanted = "T1w") -> DicomScan:
    """Finds the T1w or the PET among DICOM files and reads it as one volume.

    Headers are read first, pixels of the chosen series only; nothing is written to disk. Files that are not DICOM
    images are passed over, in a folder archives too. No text of the files, and no file name, is kept or appears in a
    message.

    Args:
        source: Path of a folder (with all below it), of a zip or of one file; bytes of a zip or of one file; or pairs
            of name and bytes.
        wanted: "T1w", or "PET" (several time points are averaged).

    Returns:
        The volume, the series and why it was chosen.

    Raises:
        InputError: Nothing readable is there, no series is what is wanted, slices are missing or contradict each
            other, the images are packed in a way petgen does not read, or it is not the size of a head.
    """
    with ExitStack() as opened:
        frames, lost = _frames(parts(source, opened))
        found = sort_series(frames)
        chosen, why, said, notes = choose(found, wanted)
        stacked = stack(chosen)
        head_sized(stacked.shape, stacked.affine, chosen.name)
        data, seen = volume(stacked, average=wanted == "PET")
    if not np.isfinite(data).all():
        raise InputError("the rescaled values are no numbers", where=chosen.name, mend=EXPORT_AGAIN)
    if data.min() == data.max():
        raise InputError("every voxel has the same value", where=chosen.name, mend=EXPORT_AGAIN)
    others = tuple(one.info(notes[place]) for place, one in enumerate(found) if one is not chosen)
    signs = negative(data) if wanted == "T1w" else []
    warnings = (*said, *lost, *doubts(chosen, found), *seen, *signs)
    return DicomScan(canonical(data, stacked.affine, warnings), chosen.info(), others, why)


def _frames(files: list[Part]) -> tuple[list[Frame], list[str]]:
    """Every image plane, and a warning of files that may have held one."""
    frames: list[Frame] = []
    lost = 0
    for part in files:
        start = part.read(264)
        if is_archive(start) and not part.in_folder:
            raise InputError("this is an archive inside the DICOM files", where=part.where, mend=EXAMINATION)
        if not looks_dicom(start):
            lost += not start
            continue
        header = parse(io.BytesIO(part.read()), part.where, TAGS, pixels=False)
        try:
            lost += not kind_of(header)
            frames += frames_of(header, part)
        except DAMAGE:
            raise InputError("the header is damaged", where=part.where, mend=EXPORT_AGAIN) from None
    if not frames:
        count = "the one file" if len(files) == 1 else f"the {len(files)} files"
        raise InputError(f"there is no DICOM image in {count}", where="DICOM", mend=NOT_DICOM)
    count = "1 file is" if lost == 1 else f"{lost} files are"
    return frames, [f"{count} empty or damaged and held no image; slices may be missing."] if lost else []
