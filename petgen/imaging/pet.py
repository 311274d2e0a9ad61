"""A patient's own PET on the working grid, so that it can be compared with the synthetic one."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np

from petgen.case import InputError
from petgen.imaging.grid import AFFINE, SHAPE
from petgen.imaging.native import to_native
from petgen.imaging.prepare import Prepared
from petgen.imaging.read import Scan
from petgen.imaging.register import align_rigidly, resample
from petgen.imaging.resolution import TARGET_MM, measured_fwhm, to_resolution
from petgen.imaging.source import open_scan

LEAST_SEEN = 0.02
"""Share of the brain outside the PET's field of view from which the reader is warned."""
COARSE_MM = 2.0
SHARPEST_MM = 2.9
"""What measures sharper is no PET: a T1w measures 2.5 mm, a PET of 3 mm 3.3 mm (both on the template)."""


def read_pet(source: Path | str | bytes | Sequence[tuple[str, bytes]], name: str = "") -> Scan:
    """A PET of the head, static or the mean of its frames, in any unit: NIfTI or DICOM.

    Args:
        source: As `petgen.imaging.open_scan` takes it.
        name: Name of an upload.

    Raises:
        InputError: It is missing, damaged, no PET, not the size of a head, or holds no signal.
    """
    scan = open_scan(source, name, wanted="PET")
    if float(np.asarray(scan.image.dataobj).max()) <= 0:
        raise InputError("the PET holds no signal", where="PET", mend="Export it again.")
    return scan


@dataclass(frozen=True)
class OnTemplate:
    """A patient's PET on the working grid.

    Attributes:
        pet: (91, 109, 91), float32, in the unit it came in, zero outside the brain, at 8 mm.
        fwhm: Resolution it came with, measured, millimetres.
        warnings: One sentence each.
    """

    pet: np.ndarray
    fwhm: float
    warnings: tuple[str, ...] = ()


def pet_on_template(pet: nib.Nifti1Image, scan: nib.Nifti1Image, prepared: Prepared, *, seed: int = 0) -> OnTemplate:
    """The PET on the working grid at 8 mm, through a rigid registration to the patient's T1w.

    Args:
        pet: The image of `read_pet`.
        scan: The T1w that was prepared.
        prepared: The brain in template space.
        seed: Seed of the registration.
    """
    brain = to_native(prepared.t1, prepared.matrix, scan)
    to_pet = align_rigidly(brain, pet, seed=seed)
    there = np.maximum(resample(pet, to_pet @ prepared.matrix, AFFINE, SHAPE, order=3), 0)
    seen = resample(
        nib.Nifti1Image(np.ones(pet.shape, np.float32), pet.affine), to_pet @ prepared.matrix, AFFINE, SHAPE
    )
    fwhm = measured_fwhm(there, prepared.t1, prepared.mask)
    warnings = []
    outside = float((seen[prepared.mask] < 0.5).mean())
    if outside > LEAST_SEEN:
        warnings.append(f"{outside:.0%} of the brain lies outside the PET's field of view.")
    if fwhm < SHARPEST_MM:
        warnings.append(f"It is as sharp as an MRI ({fwhm:.1f} mm measured); check that it is a PET.")
    if fwhm > TARGET_MM + COARSE_MM:
        warnings.append(f"The PET is coarser than {TARGET_MM:g} mm ({fwhm:.1f} mm measured); its contrast is lower.")
    smooth = to_resolution(there, fwhm)
    return OnTemplate(np.asarray(smooth * prepared.mask, dtype=np.float32), fwhm, tuple(warnings))
