"""Centiloid of a composite SUVR, and its zone."""

from typing import Literal

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE

SLOPE, INTERCEPT = 179.64, -186.95
EQUATION = "CL = 179.64 x SUVR - 186.95 (florbetapir, Huashan cohort, GAAIN pipeline; not validated for this pipeline)"
"""Chin J Nucl Med 2024 (C-PAS series, n = 942, SPM12); holds for the Centiloid masks, whole cerebellum = 1."""


def centiloid(suvr: float) -> float:
    """Centiloids of a florbetapir composite SUVR measured with the Centiloid masks (`EQUATION`)."""
    return SLOPE * suvr + INTERCEPT


def suvr_of(centiloid: float) -> float:
    """Composite SUVR that measures a Centiloid value; the inverse of `centiloid`."""
    return (centiloid - INTERCEPT) / SLOPE


def zone(
    value: float, cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE)
) -> Literal["negative", "intermediate", "positive"]:
    """Zone of a Centiloid value: below, between or above the cut-offs, 10 and 30 (Collij 2024, alz.14336)."""
    if value < cutoffs[0]:
        return "negative"
    return "positive" if value > cutoffs[1] else "intermediate"
