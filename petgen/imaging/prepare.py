"""A checked scan to a brain in template space."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import nibabel as nib
import numpy as np

from petgen.imaging.bias import correct_bias
from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM
from petgen.imaging.intensity import normalise
from petgen.imaging.register import align, resample
from petgen.imaging.sharpness import LEAST_DETAIL, detail
from petgen.imaging.strip import EDGE_CM2, edge_area, strip

RIM_VOXELS = 5
FWHM_PER_SIGMA = float(np.sqrt(8 * np.log(2)))


@dataclass(frozen=True)
class Prepared:
    """A brain ready for the generator.

    Attributes:
        t1: (91, 109, 91), float32, white matter = 1, zero outside the brain.
        mask: Brain, (91, 109, 91), bool.
        matrix: 4 x 4; millimetres of the template to millimetres of the scan.
        similarity: Correlation with the template over the working grid, background zero.
        already_stripped: Whether the scan came without a skull.
        warnings: One sentence each.
        rim: The scan within 10 mm of the brain, before any correction, (91, 109, 91), 0 to 1: what shows whether the
            mask fits. It reaches no face, and is never stored as a volume.
    """

    t1: np.ndarray
    mask: np.ndarray
    matrix: np.ndarray
    similarity: float
    already_stripped: bool
    warnings: tuple[str, ...]
    rim: np.ndarray | None = None

    @property
    def litres(self) -> float:
        """Volume of the brain mask in the scan."""
        return float(self.mask.sum()) * VOXEL_MM**3 * abs(float(np.linalg.det(self.matrix[:3, :3]))) / 1e6


Keep = Callable[[nib.Nifti1Image], object]
"""Is given the scan without its skull as soon as there is one."""


def prepare(img: nib.Nifti1Image, *, seed: int = 0, keep: Keep | None = None) -> Iterator[str | Prepared]:
    """Strips, corrects and registers a scan; all after the strip happens at 2 mm.

    Args:
        img: T1w as `read_scan` gives it.
        seed: Seed of the registration.
        keep: Is given the scan without its skull.

    Yields:
        The name of each step as it begins, and last the `Prepared`.

    Raises:
        InputError: No brain was found, or the scan holds no signal where white matter should be.
    """
    from scipy.ndimage import binary_dilation

    yield "Skull strip"
    stripped = strip(img)
    mask = stripped.mask
    if keep:
        keep(nib.Nifti1Image(np.asarray(img.dataobj, dtype=np.float32) * mask, img.affine))
    warnings = []
    if edge_area(mask, img.affine) > EDGE_CM2:
        warnings.append("The brain reaches the edge of the scan; a part of it may be missing.")
    if stripped.rim_litres:
        warnings.append(
            f"{stripped.rim_litres:.1f} litres of skull or scalp were left around the brain by an earlier strip; the "
            "brain was found anew. Better give the whole head."
        )
    yield "Bias correction"
    small, small_mask = _at_two_millimetres(img, mask)
    brain = nib.Nifti1Image(correct_bias(small, small_mask) * small_mask, small.affine)
    yield "Registration to the template"
    found = align(brain, seed=seed)
    there = resample(nib.Nifti1Image(small_mask.astype(np.float32), small.affine), found.matrix, AFFINE, SHAPE) > 0.5
    t1 = normalise(resample(brain, found.matrix, AFFINE, SHAPE), there)
    if detail(t1, there) < LEAST_DETAIL:
        warnings.append("The scan shows as little detail as a PET; check that it is a T1w.")
    rim = resample(small, found.matrix, AFFINE, SHAPE) * binary_dilation(there, iterations=RIM_VOXELS)
    rim = np.clip(rim / max(float(np.percentile(rim[there], 99)), 1e-6), 0, 1).astype(np.float32)
    yield Prepared(t1, there, found.matrix, found.similarity, stripped.already, tuple(warnings), rim)


def _at_two_millimetres(img: nib.Nifti1Image, mask: np.ndarray) -> tuple[nib.Nifti1Image, np.ndarray]:
    """Scan and mask on 2 mm voxels along the scan's own axes, smoothed first where that throws voxels away."""
    from scipy.ndimage import gaussian_filter

    sizes = np.linalg.norm(img.affine[:3, :3], axis=0)
    left, _, right = np.linalg.svd(img.affine[:3, :3] / sizes)
    axes = left @ right
    extent = sizes * img.shape
    shape = tuple(int(np.ceil(length / VOXEL_MM - 1e-3)) for length in extent)
    affine = np.eye(4)
    affine[:3, :3] = axes * VOXEL_MM
    centre = img.affine @ [*(np.array(img.shape) / 2 - 0.5), 1]
    affine[:3, 3] = centre[:3] - affine[:3, :3] @ (np.array(shape) / 2 - 0.5)
    blur = np.sqrt(np.maximum(VOXEL_MM**2 - sizes**2, 0)) / FWHM_PER_SIGMA / sizes
    smooth = gaussian_filter(np.asarray(img.dataobj, dtype=np.float32), blur)
    size = (shape[0], shape[1], shape[2])
    small = resample(nib.Nifti1Image(smooth, img.affine), np.eye(4), affine, size)
    small_mask = resample(nib.Nifti1Image(mask.astype(np.float32), img.affine), np.eye(4), affine, size) > 0.5
    return nib.Nifti1Image(small, affine), small_mask
