"""A simulated reference PET given back as a patient's own: does it keep its Centiloid?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy.spatial.transform import Rotation

from petgen.case import InputError
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.run import name_of
from petgen.cohort.subject import Subject, simulate
from petgen.imaging import Prepared, on_grid, prepare, resample
from petgen.imaging.grid import AFFINE, SHAPE
from petgen.imaging.pet import pet_on_template
from petgen.pipeline import atlas_on
from petgen.quantify import centiloid, composite_suvr

WITHIN_CL = 2.0
_APART = 40
_FURTHEST_DEG, _FURTHEST_MM, _VOXEL_MM = 10.0, 10.0, (2.0, 3.0)
_EXTENT_MM, _CORNER_MM, _COUNTS = (230, 250, 210), (-115, -145, -95), 3000.0


@dataclass(frozen=True)
class GivenBack:
    """Centiloids of one person's PET.

    Attributes:
        name: The person.
        aligned: Of the PET where it lies exactly on the T1w, with the masks that were warped onto the T1w.
        given_back: Of the PET moved, on other voxels and in counts, through the way of a patient's own, same masks.
        true_masks: Of the PET with the masks of the simulated anatomy.
    """

    name: str
    aligned: float
    given_back: float
    true_masks: float


def people(data: Path, n: int) -> Iterator[tuple[str, Subject]]:
    """People as those of the split test, whose PET lies exactly on their T1w.

    Args:
        data: Simulated dataset with its anatomies.
        n: How many.

    Raises:
        InputError: The dataset holds no anatomies of its split test.
    """
    folder, splits = data / "sourcedata" / "anatomies", data / "derivatives" / "truth" / "splits.json"
    try:
        names = json.loads(splits.read_text(encoding="utf-8"))["test"]["anatomies"]
        anatomies = [Anatomy.load(folder / f"{name}.npz") for name in names]
    except (OSError, ValueError, KeyError):
        raise InputError(
            "no anatomies of the split test", where=str(data), mend="Give a folder that `petgen simulate` wrote."
        ) from None
    for index in range(n):
        yield name_of("test", index * _APART), simulate(anatomies, "test", index * _APART, aligned=True)


def moved(pet: nib.Nifti1Image, rng: np.random.Generator) -> nib.Nifti1Image:
    """A PET turned by up to 10 degrees about each axis, shifted by up to 10 mm, on voxels of 2 to 3 mm, in counts."""
    away = np.eye(4)
    turned = rng.uniform(-_FURTHEST_DEG, _FURTHEST_DEG, 3)
    away[:3, :3] = Rotation.from_euler("xyz", turned, degrees=True).as_matrix()
    away[:3, 3] = rng.uniform(-_FURTHEST_MM, _FURTHEST_MM, 3)
    size = float(rng.uniform(*_VOXEL_MM))
    affine = np.diag([size, size, size, 1.0])
    affine[:3, 3] = _CORNER_MM
    x, y, z = (int(extent / size) for extent in _EXTENT_MM)
    counts = _COUNTS * resample(pet, np.linalg.inv(away), affine, (x, y, z), order=3)
    return nib.Nifti1Image(np.maximum(counts, 0).astype(np.float32), affine)


def give_back(name: str, person: Subject, seed: int) -> GivenBack:
    """Prepares a simulated person's T1w as any scan, and measures the PET in place and given back.

    Args:
        name: The person.
        person: Whose PET lies exactly on the T1w.
        seed: Of the movement.

    Raises:
        InputError: The T1w cannot be used.
    """
    scan, pet = on_grid(person.t1), on_grid(person.pet)
    prepared = next(event for event in prepare(scan) if isinstance(event, Prepared))
    on = atlas_on(prepared, 0)
    own = pet_on_template(moved(pet, np.random.default_rng(seed)), scan, prepared)
    still = resample(pet, prepared.matrix, AFFINE, SHAPE) * prepared.mask
    return GivenBack(
        name,
        centiloid(composite_suvr(still, on.cortex, on.cerebellum)),
        centiloid(composite_suvr(own.pet, on.cortex, on.cerebellum)),
        centiloid(composite_suvr(person.pet * person.mask, person.cortex, person.cerebellum)),
    )


def given_back_lines(found: Sequence[GivenBack]) -> list[str]:
    """Markdown: what moving costs, and what the warp of the masks costs."""
    moves = np.abs([one.given_back - one.aligned for one in found])
    masks = np.abs([one.aligned - one.true_masks for one in found])
    lines = [
        "# A PET of one's own given back, Centiloids",
        "",
        f"{len(found)} simulated people of the anatomies of the split test, whose PET lies exactly on their T1w; "
        "simulated cohort. `petgen own-pet` makes this table.",
        "",
        "Moved, on other voxels, in counts and given back, against the same PET aligned, same masks: "
        f"{moves.mean():.1f} CL on average, {moves.max():.1f} at most, {(moves <= WITHIN_CL).sum()} of {len(found)} "
        f"within {WITHIN_CL:g}. Warped masks against the simulated anatomy's own: {masks.mean():.1f} CL on average, "
        f"{masks.max():.1f} at most.",
        "",
        "| person | aligned | given back | true masks |",
        "| --- | --- | --- | --- |",
    ]
    rows = [f"| {one.name} | {one.aligned:.1f} | {one.given_back:.1f} | {one.true_masks:.1f} |" for one in found]
    return [*lines, *rows, ""]
