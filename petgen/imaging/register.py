"""Registration to the template with ANTs, and the way back."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import nibabel as nib
import numpy as np

from petgen.case import InputError
from petgen.imaging.grid import AFFINE, SHAPE, on_grid, template, template_mask
from petgen.imaging.scratch import scratch_folder

AFFINE_TYPE = "AffineFast"
SYN_ITERATIONS = (40, 20, 0)
PITCHES = range(-45, 61, 15)
"""Nods of the head tried before the affine step, degrees; positive lifts the nose.

An elderly neck can hold the head 40 degrees away from the template, where the affine step alone finds a wrong minimum.
"""

FLIP = np.diag([-1.0, -1.0, 1.0, 1.0])
"""RAS+ to LPS, ITK's axes, and back."""

_seeding = Lock()


def ants_module() -> Any:
    """ANTs on one ITK thread: with two, the affine step sums in thread order and differs from run to run."""
    os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"] = "1"
    import ants

    return ants


def _registered(fixed: Any, moving: Any, kind: str, folder: Path, seed: int, **options: Any) -> dict[str, Any]:
    """`ants.registration` with its seed, which antspyx takes from its configuration and from nowhere else."""
    ants = ants_module()
    with _seeding:
        before, ants.config._random_seed = ants.config._random_seed, seed + 1
        try:
            found: dict[str, Any] = ants.registration(fixed, moving, kind, outprefix=str(folder / "to_"), **options)
        finally:
            ants.config._random_seed = before
    return found


@dataclass(frozen=True)
class Alignment:
    """Where a scan lies in template space.

    Attributes:
        matrix: 4 x 4; millimetres of the template (RAS+) to millimetres of the scan (RAS+).
        similarity: Correlation of brain and template over the working grid, background zero, after the affine step.
    """

    matrix: np.ndarray
    similarity: float = field(default=float("nan"))


def align(brain: nib.Nifti1Image, *, seed: int = 0) -> Alignment:
    """Affine registration of a brain-only T1w to the template.

    Args:
        brain: Skull-stripped image, background zero, about 2 mm voxels for speed.
        seed: Seed of the metric's sampling.

    Raises:
        InputError: The image is empty.
        RuntimeError: ANTs could not register the image.
    """
    ants = ants_module()
    with scratch_folder() as folder:
        start = folder / "start.mat"
        linear = FLIP @ _first_guess(brain) @ FLIP
        ants.write_transform(
            ants.create_ants_transform(
                transform_type="AffineTransform", dimension=3, matrix=linear[:3, :3], translation=linear[:3, 3]
            ),
            str(start),
        )
        found = _registered(
            to_ants(on_grid(template())), to_ants(brain), AFFINE_TYPE, folder, seed, initial_transform=str(start)
        )
        matrix = _matrix_ras(ants.read_transform(found["fwdtransforms"][0]))
        warped = found["warpedmovout"].numpy()
    return Alignment(matrix, _correlation(warped.ravel(), template().ravel()))


def align_rigidly(fixed: nib.Nifti1Image, moving: nib.Nifti1Image, *, seed: int = 0) -> np.ndarray:
    """Rigid registration of another scan of the same head.

    Args:
        fixed: Brain-only T1w.
        moving: For example its PET.
        seed: Seed of the metric's sampling.

    Returns:
        4 x 4; millimetres of `fixed` to millimetres of `moving` (RAS+).

    Raises:
        RuntimeError: ANTs could not register the image.
    """
    with scratch_folder() as folder:
        found = _registered(to_ants(fixed), to_ants(moving), "Rigid", folder, seed)
        return _matrix_ras(ants_module().read_transform(found["fwdtransforms"][0]))


def _first_guess(brain: nib.Nifti1Image) -> np.ndarray:
    """Template millimetres to scan millimetres: same centre and volume, and the pitch that correlates best at 4 mm.

    Raises:
        InputError: The image is empty.
    """
    inside = np.asarray(brain.dataobj) > 0
    if not inside.any():
        raise InputError("there is nothing to register", where="registration", mend="Give a brain, background zero.")
    here, there = _centre(template_mask(), AFFINE), _centre(inside, brain.affine)
    litres = inside.sum() * abs(np.linalg.det(brain.affine[:3, :3]))
    scale = np.cbrt(litres / (template_mask().sum() * abs(np.linalg.det(AFFINE[:3, :3]))))
    coarse = AFFINE @ np.diag([2, 2, 2, 1])
    shape = (SHAPE[0] // 2 + 1, SHAPE[1] // 2 + 1, SHAPE[2] // 2 + 1)
    target = resample(on_grid(template()), np.eye(4), coarse, shape).ravel()
    guesses = []
    for pitch in np.radians(PITCHES):
        guess = np.eye(4)
        guess[1:3, 1:3] = [[np.cos(pitch), -np.sin(pitch)], [np.sin(pitch), np.cos(pitch)]]
        guess[:3, :3] *= scale
        guess[:3, 3] = there - guess[:3, :3] @ here
        guesses.append((_correlation(resample(brain, guess, coarse, shape).ravel(), target), guess))
    return max(guesses, key=lambda pair: pair[0])[1]


def _centre(mask: np.ndarray, affine: np.ndarray) -> np.ndarray:
    """Centre of mass of a mask, millimetres."""
    middle = [
        float(np.average(np.arange(n), weights=mask.sum(tuple({0, 1, 2} - {axis}))))
        for axis, n in enumerate(mask.shape)
    ]
    return np.asarray((affine @ [*middle, 1])[:3])


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson correlation; 0 where one of the two is constant."""
    if one.min() == one.max() or other.min() == other.max():
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def warp_from_template(volumes: dict[str, np.ndarray], brain: np.ndarray, *, seed: int = 0) -> dict[str, np.ndarray]:
    """Label volumes of the template on a subject already in template space, by a fast non-linear warp.

    Args:
        volumes: Label arrays (91, 109, 91) in template space, by name.
        brain: The subject's brain-only T1w after the affine step, (91, 109, 91).
        seed: Seed of the metric's sampling.

    Returns:
        The same labels (91, 109, 91) on the subject, nearest neighbour.
    """
    ants = ants_module()
    with scratch_folder() as folder:
        fixed, moving = to_ants(on_grid(brain)), to_ants(on_grid(template()))
        found = _registered(
            fixed, moving, "SyNOnly", folder, seed, initial_transform="identity", reg_iterations=SYN_ITERATIONS
        )
        return {
            name: np.rint(
                ants.apply_transforms(
                    fixed, to_ants(on_grid(volume.astype(np.float32))), found["fwdtransforms"], "nearestNeighbor"
                ).numpy()
            ).astype(volume.dtype)
            for name, volume in volumes.items()
        }


def resample(
    img: nib.Nifti1Image, matrix: np.ndarray, affine: np.ndarray, shape: tuple[int, int, int], order: int = 1
) -> np.ndarray:
    """An image on another grid, through a matrix between the two spaces.

    Args:
        img: Source image.
        matrix: 4 x 4; millimetres of the target space to millimetres of the source space.
        affine: Voxel-to-millimetre matrix of the target grid.
        shape: Shape of the target grid.
        order: Spline order; 0 for labels, 1 for images.

    Returns:
        Array of `shape`, float32; zero outside the source.
    """
    from scipy.ndimage import affine_transform

    voxel = np.linalg.inv(img.affine) @ matrix @ affine
    data = np.asarray(img.dataobj, dtype=np.float32)
    moved = affine_transform(data, voxel[:3, :3], voxel[:3, 3], shape, order=order, mode="constant", cval=0.0)
    return np.asarray(moved)


def to_ants(img: nib.Nifti1Image) -> Any:
    """The image as ANTs holds it, float32."""
    ants = ants_module()
    plain = nib.Nifti1Image(np.asarray(img.dataobj, dtype=np.float32), img.affine)
    plain.header.set_xyzt_units("mm", "sec")
    return ants.from_nibabel_nifti(plain)


def _matrix_ras(transform: Any) -> np.ndarray:
    """ITK's affine (LPS, fixed to moving) as a 4 x 4 matrix in RAS+ millimetres."""
    values, centre = np.asarray(transform.parameters), np.asarray(transform.fixed_parameters)
    linear, shift = values[:9].reshape(3, 3), values[9:12]
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = shift + centre - linear @ centre
    return np.asarray(FLIP @ matrix @ FLIP)
