"""What the headers of a chosen series leave in doubt: whether it is whole, whose it is, how it is to be shown."""

from collections.abc import Sequence

from petgen.imaging.dicom_series import Series


def doubts(chosen: Series, every: Sequence[Series]) -> tuple[str, ...]:
    """Warnings, one sentence or two each.

    Args:
        chosen: The series that is read.
        every: All series, the chosen one among them.
    """
    found = [*_patients(chosen, every), *_missing(chosen, every)]
    if chosen.traits.inverted:
        found.append(
            "The images are marked to be shown inverted (MONOCHROME1); their values were used as they are stored. "
            "Check that white matter is bright."
        )
    return tuple(found)


def _patients(chosen: Series, every: Sequence[Series]) -> list[str]:
    known = {frame.patient for one in every for frame in one.frames} - {""}
    if len(known) < 2:
        return []
    return [
        f"The files are of {len(known)} patients by their IDs; {chosen.name} was taken. "
        "Check whose it is, or give the files of one patient."
    ]


def _missing(chosen: Series, every: Sequence[Series]) -> list[str]:
    """Slices missing at an end, or every other one, leave no gap between slices: only numbers and counts tell.

    Where other images share the series, or it was computed from another, numbers and counts say nothing of it.
    """
    key = chosen.frames[0].series
    if sum(len(one.frames) for one in every if one.frames[0].series == key) > len(chosen.frames):
        return []
    given = sorted({frame.number for frame in chosen.frames if frame.number is not None})
    if len(given) < 2:
        return []
    if given[0] > 1:
        return [f"The images of {chosen.name} are numbered from {given[0]} on; slices may be missing at an end."]
    if lacking := given[-1] - given[0] + 1 - len(given):
        return [f"Of the images of {chosen.name}, {lacking} are missing by their numbers, up to {given[-1]}."]
    count = len(set(chosen.heights().round(2))) if chosen.traits.modality == "PT" else len(given)
    announced = max(frame.announced for frame in chosen.frames)
    if not chosen.traits.derived and count < announced and announced % count:
        return [
            f"The header of {chosen.name} announces {announced} images, but {count} are there; some may be missing."
        ]
    return []
