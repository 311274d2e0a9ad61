"""Anatomies: real brains as tissue maps on the working grid, with a T1w where there is one."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from petgen.case import kept
from petgen.cohort import labels as codes
from petgen.imaging.grid import (
    SHAPE,
    template,
    template_grey_matter,
    template_mask,
    template_white_matter,
)
from petgen.imaging.intensity import normalise
from petgen.quantify.atlas import centiloid_cortex, parcellation, whole_cerebellum

CONTRAST = {"white": 1.0, "cortex": 0.70, "deep": 0.82, "csf": 0.28}
"""T1w tissue means relative to white matter (assumed; 3 T MPRAGE)."""


@dataclass(frozen=True)
class Anatomy:
    """One brain in template space; every array is (91, 109, 91).

    Attributes:
        name: For example "nichart-sub-01".
        tissue: aparc+aseg labels on the brain's own tissue, int32, 0 outside.
        grey: Share of grey matter in each voxel, 0 to 1, float32.
        white: Share of white matter and brainstem, 0 to 1, float32; what is left of the mask is CSF.
        grey_label: Label of the nearest grey matter, int32, also where a voxel holds but a little of it.
        white_label: Label of the nearest white matter, int32.
        mask: Brain mask, bool.
        parcels: The template's aparc+aseg warped onto the brain, as a patient's regions are found, int32, 0 outside.
        cortex: Centiloid cortex mask warped onto the brain, bool.
        cerebellum: Whole-cerebellum mask warped onto the brain, bool.
        t1: T1w, white matter = 1, float32; None where only a label map exists.
    """

    name: str
    tissue: np.ndarray
    grey: np.ndarray
    white: np.ndarray
    grey_label: np.ndarray
    white_label: np.ndarray
    mask: np.ndarray
    parcels: np.ndarray
    cortex: np.ndarray
    cerebellum: np.ndarray
    t1: np.ndarray | None = None

    def save(self, path: Path) -> None:
        """Writes the anatomy as a compressed npz file, shares in steps of 1/255."""
        arrays = {
            "labels": np.stack([self.tissue, self.grey_label, self.white_label, self.parcels]).astype(np.int16),
            "shares": np.rint(np.stack([self.grey, self.white]) * 255).astype(np.uint8),
            "masks": np.stack([self.mask, self.cortex, self.cerebellum]),
        }
        if self.t1 is not None:
            arrays["t1"] = self.t1.astype(np.float16)
        with kept.writing(path) as part:
            np.savez_compressed(part, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> "Anatomy":
        """The anatomy that `save` wrote.

        Raises:
            InputError: The file is damaged.
        """
        with kept.reading(path, "Delete it; `petgen simulate` prepares it again."), np.load(path) as data:
            tissue, grey_label, white_label, parcels = data["labels"].astype(np.int32)
            grey, white = data["shares"].astype(np.float32) / 255
            mask, cortex, cerebellum = data["masks"]
            t1 = data["t1"].astype(np.float32) if "t1" in data else None
        return cls(path.stem, tissue, grey, white, grey_label, white_label, mask, parcels, cortex, cerebellum, t1)

    @property
    def csf(self) -> np.ndarray:
        """Share of CSF in each voxel of the mask, float32."""
        return np.asarray(np.clip(self.mask - self.grey - self.white, 0, 1), dtype=np.float32)


def _nearest(labels: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Every voxel's nearest label among those where `wanted`, int32."""
    from scipy.ndimage import distance_transform_edt

    nearest = distance_transform_edt(~wanted, return_distances=False, return_indices=True)
    return np.asarray(labels[tuple(nearest)], dtype=np.int32)


def assemble(
    name: str,
    aseg: np.ndarray,
    shares: tuple[np.ndarray, np.ndarray],
    mask: np.ndarray,
    warped: dict[str, np.ndarray],
    t1: np.ndarray | None,
) -> Anatomy:
    """An anatomy from aseg labels, shares of grey and white, and the atlas on the brain."""
    tissue = codes.cortical_parcels(aseg, warped["atlas"])
    white_like = np.isin(tissue, codes.WHITE)
    grey_like = (tissue > 0) & ~white_like & ~np.isin(tissue, (*codes.VENTRICLES, codes.CSF))
    return Anatomy(
        name,
        tissue,
        np.asarray(shares[0] * mask, dtype=np.float32),
        np.asarray(shares[1] * mask, dtype=np.float32),
        _nearest(tissue, grey_like),
        _nearest(tissue, white_like),
        mask,
        np.where(mask, warped["atlas"], 0).astype(np.int32),
        (warped["cortex"] > 0) & mask,
        (warped["cerebellum"] > 0) & mask,
        t1,
    )


def plain_contrast(labels: np.ndarray) -> np.ndarray:
    """A noise-free T1w painted from aseg or aparc+aseg labels, white matter = 1, float32."""
    t1 = np.zeros(labels.shape, np.float32)
    t1[labels > 0] = CONTRAST["deep"]
    t1[np.isin(labels, codes.WHITE)] = CONTRAST["white"]
    cortex = (labels >= 1000) | np.isin(labels, (codes.LEFT_CORTEX, codes.RIGHT_CORTEX, 8, 47, 17, 18, 53, 54))
    t1[cortex] = CONTRAST["cortex"]
    t1[np.isin(labels, (*codes.VENTRICLES, codes.CSF))] = CONTRAST["csf"]
    return t1


def template_anatomy() -> Anatomy:
    """The ICBM152 template as an anatomy: tissue from its own maps, structures from the atlas."""
    atlas, mask = parcellation(), template_mask()
    aseg = codes.from_freesurfer(atlas)
    grey, white = template_grey_matter(), template_white_matter()
    left = np.zeros(SHAPE, bool)
    left[: SHAPE[0] // 2 + 1] = True
    deep = np.isin(aseg, (10, 11, 12, 13, 14, 15, 16, 17, 18, 26, 28, 49, 50, 51, 52, 53, 54, 58, 60, 4, 43, 5, 44))
    cerebellar = np.isin(aseg, codes.CEREBELLUM)
    from scipy.ndimage import binary_closing

    cerebellar = binary_closing(cerebellar, iterations=3)
    labels = np.full(SHAPE, codes.CSF, np.int32)
    for side, codes_of in ((left, (3, 2, 8, 7)), (~left, (42, 41, 47, 46))):
        labels[side & (grey >= 0.4) & (grey >= white)] = codes_of[0]
        labels[side & (white >= 0.4) & (white > grey)] = codes_of[1]
        labels[side & cerebellar & (labels == codes_of[0])] = codes_of[2]
        labels[side & cerebellar & (labels == codes_of[1])] = codes_of[3]
    labels[deep] = aseg[deep]
    labels[~mask] = 0
    solid_grey = deep & ~np.isin(aseg, (16, *codes.VENTRICLES))
    shares = (
        np.where(deep, solid_grey, grey).astype(np.float32),
        np.where(deep, aseg == 16, white).astype(np.float32),
    )
    warped = {"atlas": atlas, "cortex": centiloid_cortex(), "cerebellum": whole_cerebellum()}
    return assemble("icbm152", labels, shares, mask, warped, normalise(template(), mask))
