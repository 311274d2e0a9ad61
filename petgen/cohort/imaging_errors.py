"""What the way to template space does to a scan: measured once, drawn from by the simulator."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from petgen.assets import asset

VECTORS = ("rotation_deg", "translation_mm", "log_scale", "shear")
SCALARS = ("border_mm", "border_sd_mm", "bias_sd", "log_white")
COLUMNS = (*(f"{name}_{axis}" for name in VECTORS for axis in ("xy", "xz", "yz")), *SCALARS)
SPREADS = ("border_sd_mm", "bias_sd")
"""Columns that cannot be negative."""
JITTER = 0.25
"""Width of the kernel laid on each drawn row, of the column's standard deviation."""
BORDER_FWHM_MM = 10.0
"""Width of the filter over which a mask's border errors are read."""
CENTRE_MM = np.array([0.0, -22.0, 10.0])
"""The centre of mass of the template's brain, where residual translations are read."""


@dataclass(frozen=True)
class ImagingErrors:
    """What strip, bias correction, registration and intensity scale leave wrong with one scan.

    Attributes:
        rotation_deg: Rotation vector of the residual affine, degrees, (3,).
        translation_mm: What the residual does to the centre of the brain, millimetres, (3,).
        log_scale: Logarithms of its scales along x, y and z, (3,).
        shear: Its shears xy, xz and yz, (3,).
        border_mm: Mean displacement of the brain mask's border, millimetres; positive where the mask is too large.
        border_sd_mm: Standard deviation of that displacement over the border, low-passed to 10 mm.
        bias_sd: Standard deviation over white matter of the logarithm of the bias that is left.
        log_white: Logarithm of the median of true white matter, where 1 is meant.
    """

    rotation_deg: np.ndarray
    translation_mm: np.ndarray
    log_scale: np.ndarray
    shear: np.ndarray
    border_mm: float
    border_sd_mm: float
    bias_sd: float
    log_white: float

    @property
    def matrix(self) -> np.ndarray:
        """The residual, 4 x 4: where a point of the scan's template space truly lies, millimetres to millimetres."""
        return compose(self.rotation_deg, self.translation_mm, self.log_scale, self.shear)


def compose(
    rotation_deg: np.ndarray, translation_mm: np.ndarray, log_scale: np.ndarray, shear: np.ndarray
) -> np.ndarray:
    """A 4 x 4 affine from rotation after shear after scale about the centre of the brain, and a translation."""
    from scipy.spatial.transform import Rotation

    upper = np.eye(3)
    upper[[0, 0, 1], [1, 2, 2]] = shear
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_rotvec(rotation_deg, degrees=True).as_matrix() @ upper @ np.diag(np.exp(log_scale))
    matrix[:3, 3] = CENTRE_MM + translation_mm - matrix[:3, :3] @ CENTRE_MM
    return matrix


def decompose(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Undoes `compose`.

    Args:
        matrix: 4 x 4, millimetres to millimetres, no mirror.

    Returns:
        Rotation vector in degrees, translation of the brain's centre in mm, logarithms of scale, shears; (3,) each.
    """
    from scipy.spatial.transform import Rotation

    linear = matrix[:3, :3]
    rotation, upper = np.linalg.qr(linear)
    signs = np.sign(np.diag(upper))
    rotation, upper = rotation * signs, signs[:, None] * upper
    scale = np.diag(upper)
    shear = (upper / scale)[[0, 0, 1], [1, 2, 2]]
    moved = linear @ CENTRE_MM + matrix[:3, 3] - CENTRE_MM
    return Rotation.from_matrix(rotation).as_rotvec(degrees=True), moved, np.log(scale), shear


@cache
def _measured() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The bundled table with its means and standard deviations by column; rows without a value hold NaN."""
    table = pd.read_csv(asset("cohort", "imaging_errors.tsv"), sep="\t")
    values = table[list(COLUMNS)].to_numpy(dtype=float)
    return values, np.nanmean(values, axis=0), np.nanstd(values, axis=0)


def draw_errors(rng: np.random.Generator) -> ImagingErrors:
    """Errors as measured on some scan, what was not measured there taken from another, a little varied.

    Args:
        rng: Source of randomness.

    Returns:
        Errors whose means and standard deviations over many draws are those of the table.
    """
    values, mean, spread = _measured()
    row = values[rng.integers(len(values))].copy()
    for column in np.flatnonzero(np.isnan(row)):
        known = values[~np.isnan(values[:, column]), column]
        row[column] = known[rng.integers(len(known))]
    kernel = JITTER * spread * rng.normal(size=row.size)
    row = mean + (row - mean + kernel) / np.sqrt(1 + JITTER**2)
    return from_row(row)


def from_row(row: np.ndarray) -> ImagingErrors:
    """Errors from a row of the table.

    Args:
        row: Values in the order of `COLUMNS`; a negative standard deviation becomes 0.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    vectors = [row[3 * n : 3 * n + 3] for n in range(len(VECTORS))]
    scalars = [max(float(values[name]), 0.0) if name in SPREADS else float(values[name]) for name in SCALARS]
    rotation, translation, scale, shear = vectors
    border, border_sd, bias_sd, log_white = scalars
    return ImagingErrors(rotation, translation, scale, shear, border, border_sd, bias_sd, log_white)
