import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from petgen.case import InputError
from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.pet import Amyloid, acquire_pet, true_uptake
from petgen.cohort.scanners import SCANNERS, USUAL, scanner_of


def test_a_coarse_scanner_is_blurred_and_noisier():
    brain, rng = template_anatomy(), np.random.default_rng(0)
    uptake = true_uptake(brain, Amyloid(60.0), rng)
    sharp, blurred = (acquire_pet(uptake, brain, np.random.default_rng(1), scanner) for scanner in SCANNERS.values())
    assert (sharp.noise, sharp.fwhm_mm) < (blurred.noise, blurred.fwhm_mm)
    steep = [
        np.abs(np.gradient(gaussian_filter(scan.suvr, 1.5), axis=0))[brain.mask].mean() for scan in (sharp, blurred)
    ]
    assert steep[1] < 0.95 * steep[0]


def test_scanners_are_known_by_name():
    assert scanner_of("usual") is USUAL
    with pytest.raises(InputError, match=r"no such scanner: new.*Choose one of usual, coarse"):
        scanner_of("new")
