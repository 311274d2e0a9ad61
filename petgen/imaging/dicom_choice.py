"""Which of several series is the T1w, or the PET, by what their headers say."""

from collections.abc import Sequence

from petgen.case import InputError
from petgen.imaging.dicom_series import COMPONENTS, Series
from petgen.imaging.dicom_words import CONTRAST, NO_CONTRAST, OTHER_KINDS, REFORMATTED, T1, UNCORRECTED
from petgen.imaging.header import FIELD_MM, VOXEL_MM
from petgen.imaging.read import Wanted

MODALITY: dict[Wanted, str] = {"T1w": "MR", "PET": "PT"}
LONG_TE_MS = 40.0
SHOWN = 8
PROJECTIONS = frozenset(["MIP", "PROJECTION IMAGE", "MINIP"])
PICTURES = {"LOCALIZER": "a localiser", "MOSAIC": "a mosaic", "DIFFUSION": "diffusion", "T2": "T2-weighted"}


def choose(series: Sequence[Series], wanted: Wanted) -> tuple[Series, str, tuple[str, ...], dict[int, str]]:
    """The best series for a purpose.

    Args:
        series: In order of their numbers.
        wanted: Which image is looked for.

    Returns:
        The series; why, in one sentence; warnings; and why each other was not taken, by its place in `series`.

    Raises:
        InputError: None will do; the message names what there is.
    """
    notes = {place: reason for place, one in enumerate(series) if (reason := unfit(one, wanted))}
    fit = [place for place in range(len(series)) if place not in notes]
    if not fit:
        raise _none(series, wanted, notes)
    rank = _rank_t1 if wanted == "T1w" else _rank_pet
    ranks = {place: rank(series[place]) for place in fit}
    best = max(fit, key=lambda place: (ranks[place], -place))
    warnings = []
    if equal := [place for place in fit if ranks[place] == ranks[best] and place != best]:
        also = ", ".join(series[place].name for place in equal)
        warnings.append(f"Equally good by their headers: {also}; {series[best].name}, the first of them, was taken.")
    notes |= {place: "equally good" if place in equal else "less suitable" for place in fit if place != best}
    chosen = series[best]
    if wanted == "T1w" and not _says_t1(chosen):
        warnings.append("The header does not say that this is a T1-weighted image; check that it is one.")
    if wanted == "T1w" and _with_contrast(chosen):
        warnings.append("A contrast agent was given before this series; petgen was not tested on such scans.")
    if wanted == "PET" and _uncorrected(chosen):
        warnings.append("The PET is not corrected for attenuation; its uptake values mean little.")
    return chosen, _why(chosen, len(series), wanted), tuple(warnings), notes


def unfit(one: Series, wanted: Wanted) -> str:
    """Why a series cannot be what is wanted; empty where it can."""
    traits = one.traits
    if traits.modality != MODALITY[wanted]:
        return f"modality {traits.modality}"
    if traits.colour:
        return "colour images"
    if not one.located:
        return "no position in space"
    if traits.codes & PROJECTIONS or "mip" in traits.words:
        return "a projection"
    if wanted == "PET":
        return ""
    if traits.codes & COMPONENTS:
        return "phase or raw component"
    for code, kind in PICTURES.items():
        if code in traits.codes:
            return kind
    for kind, words in OTHER_KINDS.items():
        found = traits.words & words
        if found and not (found == {"flair"} and "t1" in traits.words):
            return kind
    if (traits.te or 0) >= LONG_TE_MS:
        return f"echo time {traits.te:.0f} ms, not T1-weighted"
    if "EP" in traits.codes and not traits.words & T1:
        return "echo planar"
    return ""


def _rank_t1(one: Series) -> tuple[float, ...]:
    traits = one.traits
    original = not traits.derived and not traits.words & REFORMATTED
    voxel, slices = one.voxel_mm(), len(set(one.heights().round(2)))
    said = 1 + bool(traits.words & T1) if _says_t1(one) else 0
    fitness = (_fits(one), bool(said), not _with_contrast(one), traits.volumetric, original)
    return *fitness, -round(max(voxel), 1), said, slices


def _rank_pet(one: Series) -> tuple[float, ...]:
    corrected = 0 if _uncorrected(one) else 2 if one.traits.corrected else 1
    return _fits(one), corrected, not one.traits.derived, -round(max(one.voxel_mm()), 1), len(one.frames)


def _fits(one: Series) -> bool:
    """Whether voxels and field are those of a head, as `head_sized` will ask."""
    voxel, (rows, columns) = one.voxel_mm(), one.frames[0].shape
    if len(voxel) < 3:
        return False
    field = (voxel[0] * columns, voxel[1] * rows, voxel[2] * len(set(one.heights().round(2))))
    return all(VOXEL_MM[0] <= mm <= VOXEL_MM[1] for mm in voxel) and all(
        FIELD_MM[0] <= mm <= FIELD_MM[1] for mm in field
    )


def _says_t1(one: Series) -> bool:
    traits = one.traits
    te, tr = traits.te or 1e9, traits.tr or 0
    gradient = "GR" in traits.codes or "GRADIENT" in traits.codes
    spin = traits.codes & {"SE", "SPIN"} and te <= 25 and 250 <= tr <= 1000
    inverted = bool(traits.codes & {"IR", "MP"}) or 300 <= (traits.ti or 0) <= 1500
    fast = gradient and traits.volumetric and te <= 10 and (inverted or 0 < tr <= 60)
    return bool(traits.words & T1 or "T1" in traits.codes or spin or fast)


def _with_contrast(one: Series) -> bool:
    words = one.traits.words
    return one.traits.contrast or bool(words & CONTRAST and not words & NO_CONTRAST)


def _uncorrected(one: Series) -> bool:
    return one.traits.corrected is False or bool(one.traits.words & UNCORRECTED)


def _why(one: Series, total: int, wanted: Wanted) -> str:
    traits = one.traits
    if wanted == "T1w":
        said = "its name says T1" if traits.words & T1 else "its timing is that of a T1"
        said = said if _says_t1(one) else "nothing in its header speaks against a T1"
        kind = [said, *(["3D acquisition"] if traits.volumetric else [])]
        kind.append("after contrast agent" if _with_contrast(one) else "no contrast agent stated")
    else:
        known = "not stated" if traits.corrected is None else "done"
        kind = ["a PET series", f"attenuation correction {'missing' if _uncorrected(one) else known}"]
    kind.append("derived images" if traits.derived else "original images")
    size = " x ".join(f"{mm:.2f}" for mm in one.voxel_mm())
    among = "the only series" if total == 1 else f"chosen among {total} series"
    return f"{one.name[0].upper()}{one.name[1:]}, {among}: {', '.join(kind)}, voxels of {size} mm."


def _none(series: Sequence[Series], wanted: Wanted, notes: dict[int, str]) -> InputError:
    listed = "; ".join(f"{one.info()}: {notes[place]}" for place, one in enumerate(series[:SHOWN]))
    more = f"; and {len(series) - SHOWN} more" if len(series) > SHOWN else ""
    name = "T1-weighted MR" if wanted == "T1w" else "PET"
    return InputError(
        f"none of the {len(series)} series is a {name}: {listed}{more}",
        where="DICOM",
        mend=f"Add the series with the {'3D T1 of the head' if wanted == 'T1w' else 'PET of the head'}.",
    )
