"""What only the way to the brain can tell; small volumes."""

from functools import cache

import nibabel as nib
import numpy as np

from corpus.kind import Kind, given
from petgen.assets import asset
from petgen.case import Light
from petgen.diagnosis.familiarity import ScanDistance
from petgen.diagnosis.out_of_distribution import Signs, light
from petgen.imaging import Prepared, prepare
from petgen.imaging.grid import AFFINE, template
from petgen.imaging.pet import pet_on_template
from petgen.imaging.strip import Stripped, strip


@cache
def brain() -> nib.Nifti1Image:
    """The template's brain at 4 mm, nothing around it."""
    affine = AFFINE @ np.diag([2.0, 2, 2, 1])
    return nib.Nifti1Image(np.ascontiguousarray(template()[::2, ::2, ::2]), affine)


def prepared(image: nib.Nifti1Image) -> Prepared:
    *_, last = prepare(image)
    assert isinstance(last, Prepared)
    return last


def upside_down() -> nib.Nifti1Image:
    """A brain that lies on its head, of which the header says nothing."""
    return nib.Nifti1Image(np.ascontiguousarray(np.asarray(brain().dataobj)[:, ::-1, ::-1]), brain().affine)


def shown(image: nib.Nifti1Image) -> Light:
    """The light on a scan whose features and values are like any other's."""
    found, near = prepared(image), ScanDistance(0.0, 0.0)
    limits = {"scan_overall": 1.0, "scan_worst": 1.0, "values_amber": 1.0, "values_red": 1.0}
    return light(Signs(found.similarity, found.litres, near, 0.0, limits, found.warnings))


def amyloid_pet() -> nib.Nifti1Image:
    """The PET of a simulated patient, inside the brain, at 4 mm; white matter is bright, as in a T1w."""
    return nib.load(asset("cases", "demo01", "reference_pet.nii.gz")).slicer[::2, ::2, ::2]


def mouse() -> nib.Nifti1Image:
    """A mouse's head, its millimetres made twenty times longer so that it passes for a head."""
    data = np.random.default_rng(0).rayleigh(0.05, (48, 48, 48)).astype(np.float32)
    data[16:32, 18:30, 18:28] += 1
    return nib.Nifti1Image(data, np.diag([2.0, 2, 2, 1]))


def _red_for_its_likeness(found: Light) -> None:
    assert found.level == "red"
    assert "correlates with the template" in found.reasons[0]


def _all_of_it(found: Stripped) -> None:
    assert found.already
    assert (found.mask == (np.asarray(brain().dataobj) > 0)).mean() > 0.999


KINDS = [
    Kind("already stripped", given(None), lambda _: strip(brain()), right=_all_of_it),
    Kind("brain cut off", given(None), lambda _: prepared(brain().slicer[:, :, 14:]), warned="reaches the edge"),
    Kind(
        "T1w as PET",
        given(None),
        lambda _: pet_on_template(brain(), brain(), prepared(brain())),
        warned="as sharp as an MRI",
    ),
    Kind("PET as T1w", given(None), lambda _: prepared(amyloid_pet()), warned="as little detail as a PET"),
    Kind("upside-down", given(None), lambda _: shown(upside_down()), right=_red_for_its_likeness),
    Kind("mouse brain of a man's size", given(None), lambda _: strip(mouse()), refused="litres|no brain"),
]
