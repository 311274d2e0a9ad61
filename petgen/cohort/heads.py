"""Whole-head T1w images with a known truth, to see what the way to template space does to them."""

from collections.abc import Mapping
from pathlib import Path

import nibabel as nib
import numpy as np
import torch
import torchio as tio
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

from petgen.cohort.anatomy import CONTRAST

_BRAIN = {"white": (2, 7, 16, 41, 46, 77, 85), "csf": (4, 5, 14, 15, 24, 43, 44, 72)}
_DEEP = (10, 11, 12, 13, 26, 28, 49, 50, 51, 52, 58, 60)
_OUTSIDE = {
    "bone": (515,),
    "marrow": (516,),
    "scalp": (511,),
    "soft": (507, 508, 509, 512, 530),
    "vessels and eyes": (502, 506, 514),
}
"""Labels outside the brain.

SynthSeg does not name them; what they are was read off the maps: 511 is the outermost layer, 515 the compact bone, 516
what lies in it, 514 the sagittal sinus, 506 the eyes.
"""
OUTSIDE = {
    "bone": (0.05, 0.25),
    "marrow": (0.20, 0.70),
    "scalp": (0.60, 1.10),
    "soft": (0.40, 0.90),
    "vessels and eyes": (0.15, 0.50),
}
"""Their range of brightness, white matter = 1 (assumed; MPRAGE)."""


def pose(rng: np.random.Generator) -> np.ndarray:
    """A head's place in the scanner, 4 x 4, mm to mm: nod to 15 degrees, roll and turn to 8, shift to 10 mm."""
    matrix = np.eye(4)
    angles = rng.uniform(-1, 1, 3) * (15, 8, 8)
    matrix[:3, :3] = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    matrix[:3, 3] = rng.uniform(-10, 10, 3)
    return matrix


def moved(img: nib.Nifti1Image, matrix: np.ndarray) -> nib.Nifti1Image:
    """The image in another place; voxels stay as they are."""
    return nib.Nifti1Image(np.asarray(img.dataobj), matrix @ img.affine)


def with_scanner(img: nib.Nifti1Image, rng: np.random.Generator, largest_bias: float = 0.3) -> nib.Nifti1Image:
    """A scan with a receive field and noise of its own; brightness is relative to the 99th percentile."""
    data = np.asarray(img.dataobj, dtype=np.float32)
    top = float(np.percentile(data, 99))
    torch.manual_seed(int(rng.integers(2**31)))
    chain = tio.Compose([tio.RandomBiasField(largest_bias), tio.RandomNoise(std=(0.01 * top, 0.03 * top))])
    seen = chain(tio.ScalarImage(tensor=torch.from_numpy(np.ascontiguousarray(data[None])))).numpy()[0]
    return nib.Nifti1Image(np.maximum(seen, 0), img.affine)


def synthetic_head(
    label_map: Path,
    rng: np.random.Generator,
    tissue: Mapping[str, float] = CONTRAST,
    outside: Mapping[str, tuple[float, float]] = OUTSIDE,
) -> nib.Nifti1Image:
    """A whole-head scan drawn from a SynthSeg whole-head label map, on the map's own grid; a T1w unless told otherwise.

    Args:
        label_map: Labels of brain and head, 1 mm.
        rng: Source of randomness, of contrast and texture.
        tissue: Brightness of white, cortex, deep and csf.
        outside: Range of brightness of bone, marrow, scalp, soft, and vessels and eyes.
    """
    whole = nib.as_closest_canonical(nib.load(label_map))
    seg = np.asarray(whole.dataobj).astype(np.int32)
    numbers = np.zeros_like(seg)
    means = [0.02]
    inside = (seg > 0) & (seg < 500)
    groups = [
        (np.isin(seg, _BRAIN["white"]), tissue["white"]),
        (np.isin(seg, _BRAIN["csf"]), tissue["csf"]),
        (np.isin(seg, _DEEP), tissue["deep"]),
    ]
    groups.append((inside & ~(groups[0][0] | groups[1][0] | groups[2][0]), tissue["cortex"]))
    groups += [(np.isin(seg, labels), float(rng.uniform(*outside[name]))) for name, labels in _OUTSIDE.items()]
    for where, mean in groups:
        brightness = mean * float(np.exp(rng.normal(0, 0.05)))
        if where.any():
            means.append(brightness)
            numbers[where] = len(means) - 1
    torch.manual_seed(int(rng.integers(2**31)))
    paint = tio.RandomLabelsToImage(
        label_key="tissue",
        image_key="t1",
        used_labels=list(range(len(means))),
        mean=[(mean, mean) for mean in means],
        std=[(0.01, 0.04)] * len(means),
    )
    painted = paint(tio.Subject(tissue=tio.LabelMap(tensor=torch.from_numpy(numbers[None]))))["t1"].numpy()[0]
    return nib.Nifti1Image(np.maximum(gaussian_filter(painted, 0.6), 0).astype(np.float32), whole.affine)
