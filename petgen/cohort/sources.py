"""Where anatomies come from: segmented scans and label maps, brought to template space once."""

import os
from collections.abc import Sequence
from pathlib import Path

import nibabel as nib
import numpy as np

from petgen.case import InputError
from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy, assemble, plain_contrast, template_anatomy
from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM
from petgen.imaging.intensity import normalise
from petgen.imaging.prepare import FWHM_PER_SIGMA
from petgen.imaging.register import align, resample, warp_from_template
from petgen.quantify.atlas import centiloid_cortex, parcellation, whole_cerebellum

_DSEG = "_dseg.nii.gz"


def _half_grid(img: nib.Nifti1Image, order: int) -> nib.Nifti1Image:
    """The image at 2 mm, for registration."""
    step = np.diag([2 / zoom for zoom in img.header.get_zooms()[:3]] + [1])
    affine = img.affine @ step
    x, y, z = (int(np.ceil(n * zoom / 2)) for n, zoom in zip(img.shape, img.header.get_zooms(), strict=False))
    return nib.Nifti1Image(resample(img, np.eye(4), affine, (x, y, z), order=order), affine)


def _in_template(name: str, brain: nib.Nifti1Image, labels: nib.Nifti1Image, t1: nib.Nifti1Image | None) -> Anatomy:
    """Registers a brain and names its cortex.

    Args:
        name: Name of the anatomy.
        brain: Brain-only image to register (real or painted), 2 mm.
        labels: aseg numbers on any grid of the same space.
        t1: Bias-corrected brain-only T1w of the same space, or None.
    """
    from scipy.ndimage import gaussian_filter

    matrix = align(brain).matrix
    aseg = _majority(labels, matrix)
    mask = codes.brain_of(aseg)
    aseg[mask & (aseg == 0)] = codes.CSF
    aseg[~mask] = 0
    if t1 is None:
        image = gaussian_filter(plain_contrast(aseg), 0.5) * mask
    else:
        image = normalise(resample(t1, matrix, AFFINE, SHAPE), mask)
    warped = warp_from_template(
        {
            "atlas": parcellation(),
            "cortex": centiloid_cortex().astype(np.uint8),
            "cerebellum": whole_cerebellum().astype(np.uint8),
        },
        image,
    )
    return assemble(name, aseg, _shares(labels, matrix), mask, warped, None if t1 is None else image)


def _shares(labels: nib.Nifti1Image, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shares of grey and of white matter on the working grid, from labels that may be finer, float32."""
    from scipy.ndimage import gaussian_filter

    data = np.asarray(labels.dataobj)
    sizes = np.array(labels.header.get_zooms()[:3])
    blur = np.sqrt(np.maximum(VOXEL_MM**2 - sizes**2, 0)) / FWHM_PER_SIGMA / sizes
    white = np.isin(data, codes.WHITE)
    grey = (data > 0) & ~white & ~np.isin(data, (*codes.VENTRICLES, codes.CSF))

    def share(tissue: np.ndarray) -> np.ndarray:
        smooth = gaussian_filter(tissue.astype(np.float32), blur) if blur.any() else tissue.astype(np.float32)
        return np.clip(resample(nib.Nifti1Image(smooth, labels.affine), matrix, AFFINE, SHAPE), 0, 1)

    return share(grey), share(white)


def _majority(labels: nib.Nifti1Image, matrix: np.ndarray) -> np.ndarray:
    """Labels on the working grid; the label with the largest share of a voxel wins, int32."""
    data = np.asarray(labels.dataobj)
    best, winner = np.full(SHAPE, 0.0, np.float32), np.zeros(SHAPE, np.int32)
    for label in np.unique(data):
        share = resample(nib.Nifti1Image((data == label).astype(np.float32), labels.affine), matrix, AFFINE, SHAPE)
        wins = share > best
        best[wins], winner[wins] = share[wins], label
    return winner


def segmented_brain(t1_path: Path, dseg_path: Path) -> tuple[nib.Nifti1Image, nib.Nifti1Image]:
    """A T1w with its MUSE segmentation (the NiChart layout).

    Returns:
        Bias-corrected brain-only T1w, and aseg labels on the same grid.

    Raises:
        InputError: The two images are not on one grid.
    """
    from petgen.imaging.bias import correct_bias

    t1, dseg = nib.as_closest_canonical(nib.load(t1_path)), nib.as_closest_canonical(nib.load(dseg_path))
    if t1.shape != dseg.shape or not np.allclose(t1.affine, dseg.affine, atol=1e-2):
        raise InputError("T1w and segmentation are on different grids", where=str(dseg_path))
    labels = codes.from_muse(np.asarray(dseg.dataobj))
    mask = codes.brain_of(labels)
    data = correct_bias(nib.Nifti1Image(np.asarray(t1.dataobj, np.float32), t1.affine), mask)
    return nib.Nifti1Image((data * mask).astype(np.float32), t1.affine), nib.Nifti1Image(labels, t1.affine)


def painted_brain(path: Path) -> tuple[nib.Nifti1Image, nib.Nifti1Image]:
    """A whole-head label map in SynthSeg's labels.

    Returns:
        Brain-only image painted from the labels, 2 mm, and aseg labels on the map's own grid, cut to the brain.
    """
    whole = nib.as_closest_canonical(nib.load(path))
    data = np.asarray(whole.dataobj)
    inside = np.argwhere((data > 0) & (data < 500))
    low, high = inside.min(0) - 2, inside.max(0) + 3
    seg = whole.slicer[tuple(slice(max(a, 0), b) for a, b in zip(low, high, strict=True))]
    labels = codes.from_freesurfer(np.asarray(seg.dataobj))
    tissue = np.where(labels != codes.CSF, plain_contrast(labels), 0).astype(np.float32)
    return _half_grid(nib.Nifti1Image(tissue, seg.affine), 1), nib.Nifti1Image(labels, seg.affine)


def from_segmented_scan(t1_path: Path, dseg_path: Path, name: str) -> Anatomy:
    """An anatomy from a T1w and its MUSE segmentation; see `segmented_brain`."""
    brain, labels = segmented_brain(t1_path, dseg_path)
    return _in_template(name, brain, labels, brain)


def from_label_map(path: Path, name: str) -> Anatomy:
    """An anatomy from a whole-head label map; see `painted_brain`."""
    return _in_template(name, *painted_brain(path), None)


def gather(folder: Path, cache: Path) -> list[Path]:
    """Brings every anatomy of a folder to template space, once, as many at a time as there are cores.

    Args:
        folder: Holds `sub-*_T1w.nii.gz` with `sub-*_dseg.nii.gz` (MUSE labels), or label maps `*_seg_*.nii.gz`
            (SynthSeg labels).
        cache: Where the prepared anatomies are kept, one npz file each.

    Returns:
        Files of the prepared anatomies, sorted by name.

    Raises:
        InputError: The folder holds neither.
    """
    from joblib import Parallel, delayed

    cache.mkdir(parents=True, exist_ok=True)
    found = [*sorted(folder.glob(f"sub-*{_DSEG}")), *sorted(folder.glob("*_seg_*.nii.gz"))]
    if not found:
        raise InputError(
            "no anatomies here", where=str(folder), mend="Expected sub-*_T1w.nii.gz with sub-*_dseg.nii.gz."
        )
    done = [cache / f"{folder.name}-{file.name.removesuffix(_DSEG).removesuffix('.nii.gz')}.npz" for file in found]
    todo = [delayed(_prepare)(*pair) for pair in zip(found, done, strict=True) if not pair[1].exists()]
    Parallel(n_jobs=min(os.cpu_count() or 1, max(len(todo), 1)), batch_size=1)(todo)
    return done


def _prepare(labels: Path, to: Path) -> None:
    if labels.name.endswith(_DSEG):
        scan = labels.with_name(labels.name.replace(_DSEG, "_T1w.nii.gz"))
        from_segmented_scan(scan, labels, to.stem).save(to)
    else:
        from_label_map(labels, to.stem).save(to)


def prepare_all(folders: Sequence[Path], cache: Path) -> list[Path]:
    """Anatomies of several folders, and the template as one more; see `gather`."""
    files = [file for folder in folders for file in gather(folder, cache)]
    cache.mkdir(parents=True, exist_ok=True)
    template_file = cache / "icbm152.npz"
    if not template_file.exists():
        template_anatomy().save(template_file)
    return [*files, template_file]
