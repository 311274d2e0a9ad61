"""The working grid: ICBM152 2009a symmetric, 2 mm, RAS+.

Nilearn is imported where it is used: it takes longer than everything else that the first page needs.
"""

from functools import cache

import nibabel as nib
import numpy as np

SHAPE = (91, 109, 91)
VOXEL_MM = 2.0
AFFINE = np.array([[2.0, 0, 0, -90], [0, 2.0, 0, -126], [0, 0, 2.0, -72], [0, 0, 0, 1]])
SPACE = "MNI152NLin2009aSym"


def on_grid(data: np.ndarray) -> nib.Nifti1Image:
    """An image from an array (91, 109, 91) on the working grid."""
    if data.shape != SHAPE:
        msg = f"expected an array of shape {SHAPE}, got {data.shape}"
        raise ValueError(msg)
    kept = data.astype(np.uint8) if data.dtype == bool else data
    img = nib.Nifti1Image(kept, AFFINE)
    img.header.set_xyzt_units("mm")
    return img


def to_grid(img: nib.Nifti1Image, interpolation: str = "continuous") -> np.ndarray:
    """An image already in template space, resampled to the working grid.

    Args:
        img: Any image whose affine maps to template millimetres.
        interpolation: "continuous", "linear" or "nearest".

    Returns:
        Array (91, 109, 91).
    """
    from nilearn.image import resample_img

    resampled = resample_img(img, AFFINE, SHAPE, interpolation=interpolation, force_resample=True, copy_header=True)
    return np.asanyarray(resampled.dataobj)


@cache
def template() -> np.ndarray:
    """Skull-stripped T1 template on the grid, (91, 109, 91), float32, from nilearn (ICBM152 2009a symmetric)."""
    from nilearn.datasets import load_mni152_template

    t1 = to_grid(load_mni152_template(resolution=1), "linear")
    return np.where(template_mask(), t1, 0).astype(np.float32)


@cache
def template_mask() -> np.ndarray:
    """Brain mask of the template, (91, 109, 91), bool."""
    from nilearn.datasets import load_mni152_brain_mask

    return to_grid(load_mni152_brain_mask(resolution=1), "nearest") > 0


@cache
def template_white_matter() -> np.ndarray:
    """White-matter probability of the template, (91, 109, 91), float32, 0 to 1."""
    from nilearn.datasets import load_mni152_wm_template

    white = to_grid(load_mni152_wm_template(resolution=1), "linear")
    return np.asarray(np.clip(white, 0, 1), dtype=np.float32)


@cache
def template_grey_matter() -> np.ndarray:
    """Grey-matter probability of the template, (91, 109, 91), float32, 0 to 1."""
    from nilearn.datasets import load_mni152_gm_template

    grey = to_grid(load_mni152_gm_template(resolution=1), "linear")
    return np.asarray(np.clip(grey, 0, 1), dtype=np.float32)
