"""The scanner: resolution, noise, and the same brain scanned twice."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_erosion
from scipy.optimize import curve_fit
from scipy.special import erf

from petgen.benchmark.calibration.row import Row, between
from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.deform import Atrophy, deform
from petgen.cohort.pet import Amyloid, acquire_pet, true_uptake
from petgen.imaging.grid import VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA
from petgen.quantify.suvr import composite_suvr

_JOSHI = "Joshi 2012 J Nucl Med 53:378 (10 minutes): 1.5 +- 0.8 and 2.4 +- 1.4 %"
_TUNCEL = "Amsterdam, 8 controls and 8 patients, SUVR 50 to 70 min (Tuncel)"


def scans(files: Sequence[Path], pairs: int = 60, seed: int = 0) -> list[Row]:
    """Measures the simulated scanner.

    Args:
        files: Prepared anatomies.
        pairs: Brains scanned twice, half of them negative.
        seed: Seed of the scans.
    """
    change: dict[bool, list[float]] = {False: [], True: []}
    noise: list[float] = []
    for index in range(pairs):
        rng = np.random.default_rng([seed, 7, index])
        ill = index % 2 == 1
        load = float(rng.normal(75, 20) if ill else rng.normal(0, 6))
        atrophy = Atrophy(0.0041, 0.04, {}) if ill else Atrophy(0.0052, 0.025, {})
        brain = deform(Anatomy.load(files[index % len(files)]), atrophy, rng)
        uptake = true_uptake(brain, Amyloid(load), rng)
        first, second = (acquire_pet(uptake, brain, rng) for _ in range(2))
        one, two = (composite_suvr(scan.suvr, brain.cortex, brain.cerebellum) for scan in (first, second))
        change[ill].append(200 * abs(one - two) / (one + two))
        noise.append(_noise(brain, first.suvr, second.suvr))
    width = [_edge_width(Anatomy.load(files[k % len(files)]), np.random.default_rng([seed, 8, k])) for k in range(10)]
    return [
        Row("test-retest of the composite, mean change (%)", "controls",
            *_ranged(0.7, 3.0, float(np.mean(change[False]))), "read", f"{_TUNCEL}: 3 %; {_JOSHI}", pairs // 2),
        Row("test-retest of the composite, mean change (%)", "AD", *_ranged(1.0, 8.0, float(np.mean(change[True]))),
            "read", f"{_TUNCEL}: 8 %; {_JOSHI}", pairs // 2),
        Row("resolution of the harmonised image (mm FWHM)", "edge phantom", 8.0, float(np.mean(width)), 0.5, "read",
            "ADNI pipeline, uniform 8 mm (PMC9550562)", len(width)),
        Row("voxel noise after smoothing to 8 mm (%)", "white matter, difference of two scans",
            *_ranged(3.0, 5.2, float(np.mean(noise))), "derived",
            "Ikari 2016: 12.3 % at 5.3 mm falls to 6.2 % with a 5 mm filter; filtered to 8 mm 5.2 %", pairs),
    ]  # fmt: skip


def _noise(brain: Anatomy, first: np.ndarray, second: np.ndarray) -> float:
    """Voxel noise in per cent of the mean, from two scans, slow differences taken out."""
    from scipy.ndimage import gaussian_filter

    inside = binary_erosion(np.isin(brain.tissue, (codes.LEFT_WHITE, codes.RIGHT_WHITE)), iterations=2)
    difference = first - second
    weight = np.maximum(gaussian_filter(inside.astype(np.float32), 6), 1e-3)
    slow = gaussian_filter(difference * inside, 6) / weight
    return float(100 * (difference - slow)[inside].std() / np.sqrt(2) / (first + second)[inside].mean() * 2)


def _edge_width(brain: Anatomy, rng: np.random.Generator) -> float:
    """Full width at half maximum, mm, from the image of a plane edge."""
    phantom = np.ones(brain.mask.shape, np.float32)
    phantom[:, :, 45:] = 2.0
    whole = np.ones_like(brain.mask)
    cerebellum = np.zeros_like(brain.mask)
    cerebellum[:, :, 15:25] = True
    blank = Anatomy(**{**brain.__dict__, "mask": whole, "cerebellum": cerebellum})
    image = acquire_pet(phantom, blank, rng).suvr
    profile = image[35:56, 44:65, 30:60].mean((0, 1))
    place = np.arange(30, 60) * VOXEL_MM

    def edge(x: np.ndarray, low: float, step: float, centre: float, sigma: float) -> np.ndarray:
        return np.asarray(low + step * (1 + erf((x - centre) / (np.sqrt(2) * sigma))) / 2)

    found, _ = curve_fit(edge, place, profile, p0=(1.0, 1.0, 89.0, 3.4))
    return float(abs(found[3]) * FWHM_PER_SIGMA)


def _ranged(low: float, high: float, simulated: float) -> tuple[float, float, float]:
    value, tolerance = between(low, high)
    return value, simulated, tolerance
