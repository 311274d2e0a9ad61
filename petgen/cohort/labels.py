"""Segmentations of other origins in FreeSurfer's aseg numbers."""

import numpy as np
from scipy.ndimage import distance_transform_edt

LEFT_CORTEX, RIGHT_CORTEX = 3, 42
LEFT_WHITE, RIGHT_WHITE = 2, 41
CSF = 24
CEREBELLUM = (7, 8, 46, 47)
VENTRICLES = (4, 5, 14, 15, 43, 44)
LATERAL_VENTRICLES = (4, 43)
HIPPOCAMPI = (17, 53)
WHITE = (LEFT_WHITE, RIGHT_WHITE, 7, 46, 16)
PAIRS = (
    (2, 41), (4, 43), (5, 44), (7, 46), (8, 47), (10, 49), (11, 50), (12, 51), (13, 52), (17, 53), (18, 54), (26, 58),
    (28, 60), *((1000 + k, 2000 + k) for k in range(1, 36)),
)  # fmt: skip
"""Labels of the same structure on the left and on the right."""

_MUSE = {
    1: CSF, 4: 14, 11: 15, 23: 58, 30: 26, 31: 54, 32: 18, 35: 16, 36: 50, 37: 11, 38: 47, 39: 8, 40: 46, 41: 7,
    46: CSF, 47: 53, 48: 17, 49: 44, 50: 5, 51: 43, 52: 4, 55: 52, 56: 13, 57: 51, 58: 12, 59: 49, 60: 10, 61: 60,
    62: 28, 69: CSF, 71: 8, 72: 8, 73: 8, 75: 28, 76: 60, 89: 41, 90: 2, 91: 41, 92: 2, 93: 41, 94: 2, 95: 2,
}  # fmt: skip
_MERGED = {251: 2, 252: 2, 253: 2, 254: 2, 255: 2, 77: 2, 80: 2, 25: 2, 57: 41, 31: 4, 63: 43, 85: CSF, 72: CSF}
_KNOWN = (
    2, 3, 4, 5, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 24, 26, 28, 41, 42, 43, 44, 46, 47, 49, 50, 51, 52, 53, 54,
    58, 60,
)  # fmt: skip


def from_muse(dseg: np.ndarray) -> np.ndarray:
    """MUSE labels (`muse_labels.csv` of the NiChart data) as aseg numbers, same shape, int32."""
    table = np.zeros(max(int(dseg.max()) + 1, 256), np.int32)
    for code, label in _MUSE.items():
        table[code] = label
    table[81:89] = [RIGHT_WHITE, LEFT_WHITE] * 4
    table[100:208] = [RIGHT_CORTEX, LEFT_CORTEX] * 54
    labels: np.ndarray = table[dseg.astype(int)]
    labels[(labels == 0) & (dseg > 0)] = CSF
    return labels


def from_freesurfer(seg: np.ndarray) -> np.ndarray:
    """SynthSeg's or FreeSurfer's labels as the aseg numbers used here; what lies outside the brain becomes 0.

    Args:
        seg: Labels; aparc labels (1000 and above) become the hemisphere's cortex, rare structures their nearest kin.

    Returns:
        Labels of the same shape, int32.
    """
    seg = seg.astype(np.int32)
    labels = np.where((seg >= 1000) & (seg < 2000), LEFT_CORTEX, seg)
    labels = np.where(seg >= 2000, RIGHT_CORTEX, labels)
    for code, label in _MERGED.items():
        labels[labels == code] = label
    outside = (labels == 0) | ((labels >= 500) & (labels < 1000))
    odd = ~outside & ~np.isin(labels, _KNOWN)
    labels[outside] = 0
    if odd.any():
        nearest = distance_transform_edt(odd | outside, return_distances=False, return_indices=True)
        labels[odd] = labels[tuple(nearest)][odd]
    return labels


def brain_of(labels: np.ndarray) -> np.ndarray:
    """Brain mask of a label map, closed over the sulci as a skull stripper leaves it, bool.

    Args:
        labels: aseg numbers at 2 mm, 0 outside.
    """
    from scipy.ndimage import binary_closing, binary_fill_holes

    tissue = (labels > 0) & (labels != CSF)
    padded = np.pad(tissue, 6)
    closed = binary_fill_holes(binary_closing(padded, iterations=4))
    return np.asarray(closed[6:-6, 6:-6, 6:-6])


def cortical_parcels(labels: np.ndarray, atlas: np.ndarray) -> np.ndarray:
    """Names for the cortex: each cortical voxel takes the nearest cortical atlas label of its hemisphere.

    Args:
        labels: aseg numbers on the working grid, (91, 109, 91).
        atlas: aparc+aseg labels warped onto the same brain, (91, 109, 91).

    Returns:
        `labels` with cortex replaced by aparc labels (1001 to 2035), int32.
    """
    parcels = labels.astype(np.int32).copy()
    for cortex, first in ((LEFT_CORTEX, 1000), (RIGHT_CORTEX, 2000)):
        named = (atlas > first) & (atlas < first + 1000)
        where = labels == cortex
        if not named.any() or not where.any():
            continue
        nearest = distance_transform_edt(~named, return_distances=False, return_indices=True)
        parcels[where] = atlas[tuple(nearest)][where]
    return parcels
