"""Registration to the template with ANTs, and the way back."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np

from petgen.imaging.grid import on_grid, template

AFFINE_TYPE = "AffineFast"
SYN_ITERATIONS = (40, 20, 0)


@contextlib.contextmanager
def _private_folder() -> Iterator[Path]:
    """ANTs writes transforms to disk: keep them in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="petgen-") as folder:
        yield Path(folder)


def ants_module() -> Any:
    """ANTs, repeatable: a fixed seed, and one ITK thread where registration sums in thread order."""
    os.environ.setdefault("ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS", "1")
    import ants

    return ants


@dataclass(frozen=True)
class Alignment:
    """Where a scan lies in template space.

    Attributes:
        matrix: 4 x 4; millimetres of the template (RAS+) to millimetres of the scan (RAS+).
        similarity: Correlation of scan and template inside the template's brain after the affine step, -1 to 1.
    """

    matrix: np.ndarray
    similarity: float = field(default=float("nan"))


def align(brain: nib.Nifti1Image, *, seed: int = 0) -> Alignment:
    """Affine registration of a brain-only T1w to the template.

    Args:
        brain: Skull-stripped image, background zero, about 2 mm voxels for speed.
        seed: Seed of the metric's sampling.

    Raises:
        RuntimeError: ANTs could not register the image.
    """
    ants = ants_module()
    with _private_folder() as folder:
        fixed, moving = to_ants(on_grid(template())), to_ants(brain)
        found = ants.registration(
            fixed, moving, AFFINE_TYPE, outprefix=str(folder / "affine_"), random_seed=seed + 1, singleprecision=True
        )
        matrix = _matrix_ras(ants.read_transform(found["fwdtransforms"][0]))
        warped = found["warpedmovout"].numpy()
    inside = template() > 0
    return Alignment(matrix, float(np.corrcoef(warped[inside], template()[inside])[0, 1]))


def warp_from_template(
    volumes: dict[str, np.ndarray], brain: np.ndarray, *, seed: int = 0
) -> dict[str, np.ndarray]:
    """Label volumes of the template on a subject already in template space, by a fast non-linear warp.

    Args:
        volumes: Label arrays (91, 109, 91) in template space, by name.
        brain: The subject's brain-only T1w after the affine step, (91, 109, 91).
        seed: Seed of the metric's sampling.

    Returns:
        The same labels (91, 109, 91) on the subject, nearest neighbour.
    """
    ants = ants_module()
    with _private_folder() as folder:
        fixed, moving = to_ants(on_grid(brain)), to_ants(on_grid(template()))
        found = ants.registration(
            fixed,
            moving,
            "SyNOnly",
            initial_transform="identity",
            reg_iterations=SYN_ITERATIONS,
            outprefix=str(folder / "syn_"),
            random_seed=seed + 1,
            singleprecision=True,
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
    return affine_transform(data, voxel[:3, :3], voxel[:3, 3], shape, order=order, mode="constant", cval=0.0)


def to_ants(img: nib.Nifti1Image) -> Any:
    """The image as ANTs holds it, float32."""
    ants = ants_module()
    data = np.asarray(img.dataobj, dtype=np.float32)
    return ants.from_nibabel_nifti(nib.Nifti1Image(data, img.affine))


def _matrix_ras(transform: Any) -> np.ndarray:
    """ITK's affine (LPS, fixed to moving) as a 4 x 4 matrix in RAS+ millimetres."""
    values, centre = np.asarray(transform.parameters), np.asarray(transform.fixed_parameters)
    linear, shift = values[:9].reshape(3, 3), values[9:12]
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = shift + centre - linear @ centre
    flip = np.diag([-1.0, -1.0, 1.0, 1.0])
    return flip @ matrix @ flip
