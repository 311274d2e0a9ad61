"""Scanners that can be simulated: how sharp and noisy their scans are, and what a site brings them to."""

from dataclasses import dataclass

from petgen.case import InputError
from petgen.cohort.evidence import constant

FWHM_MM = constant("resolution after harmonisation (mm FWHM)", 8.0, "read", "ADNI pipeline: PMC9550562")
SCANNER_FWHM_MM = constant(
    "resolution of scanners (mm FWHM)", (5.3, 7.0), "read", "Ikari 2016 EJNMMI Phys, Tables 3, 4"
)
NOISE = constant(
    "voxel noise after smoothing to 8 mm, of the local mean",
    (0.03, 0.05),
    "assumed",
    "frozen; 12.3 % at 5.3 mm falls to 5 % when it is filtered to 8 mm as Ikari's 5 mm filter halves it",
)
_COARSE = constant(
    "an old scanner's resolution, that after harmonisation (mm FWHM), and voxel noise, of the local mean",
    ((8.0, 9.0), 10.0, (0.06, 0.08)),
    "assumed",
    "a ring of large crystals without time of flight; for sites that the model has not seen",
)


@dataclass(frozen=True)
class Scanner:
    """The PET scanners of a site.

    Attributes:
        name: As `petgen simulate --scanner` has it.
        fwhm_mm: Range of their resolution.
        harmonised_mm: Resolution that the site brings every scan to, FWHM.
        noise: Range of the voxel noise after that, of the local mean.
    """

    name: str
    fwhm_mm: tuple[float, float]
    harmonised_mm: float
    noise: tuple[float, float]


USUAL = Scanner("usual", SCANNER_FWHM_MM, FWHM_MM, NOISE)
SCANNERS = {scanner.name: scanner for scanner in (USUAL, Scanner("coarse", *_COARSE))}


def scanner_of(name: str) -> Scanner:
    """A scanner by its name.

    Raises:
        InputError: There is none.
    """
    if name not in SCANNERS:
        raise InputError(f"no such scanner: {name[:40]}", mend=f"Choose one of {', '.join(SCANNERS)}.")
    return SCANNERS[name]
