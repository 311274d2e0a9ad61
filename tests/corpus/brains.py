"""What only the way to the brain can tell; small volumes."""

from functools import cache

import nibabel as nib
import numpy as np

from corpus.kind import Kind, given
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


def mouse() -> nib.Nifti1Image:
    """A mouse's head, its millimetres made twenty times longer so that it passes for a head."""
    data = np.random.default_rng(0).rayleigh(0.05, (48, 48, 48)).astype(np.float32)
    data[16:32, 18:30, 18:28] += 1
    return nib.Nifti1Image(data, np.diag([2.0, 2, 2, 1]))


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
    Kind("mouse brain of a man's size", given(None), lambda _: strip(mouse()), refused="litres|no brain"),
]
