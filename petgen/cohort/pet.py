"""From a brain and an amyloid load to a PET: true uptake, and what a scanner makes of it."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import affine_transform, gaussian_filter
from scipy.spatial.transform import Rotation

from petgen.cohort import labels as codes
from petgen.cohort.anatomy import Anatomy
from petgen.cohort.deform import LOBES
from petgen.cohort.evidence import constant
from petgen.cohort.scanners import FWHM_MM, USUAL, Scanner
from petgen.cohort.tracers import TRACERS, Tracer
from petgen.cohort.uptake import SIZE, blur, depth_of, paint, paint_amyloid, uptake_table
from petgen.imaging.grid import SHAPE, VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA

_FWHM_ERROR = constant("relative error of a scanner's measured resolution, SD", 0.05, "assumed", "phantom fits")
_NOISE_FWHM_MM = constant(
    "correlation of a scanner's noise before smoothing (mm FWHM)",
    4.1,
    "derived",
    "a 5 mm filter takes noise from 12.3 to 6.2 %: Ikari 2016, D690",
)
_SCAN_FIELD = constant(
    "slow multiplicative error of one scan (attenuation, scatter), SD over 60 mm",
    0.010,
    "derived",
    "test-retest of the composite 1.5 to 3 % in controls: Joshi 2012; Amsterdam (Tuncel)",
)
_MISREGISTRATION = constant("PET to T1w, SD of shift (mm) and turn (degrees)", (0.5, 0.4), "assumed", "rigid, 6 mm PET")
_BASE_SPREAD = constant("SD of the logarithm of non-specific uptake by region", 0.04, "assumed", "regional SD in A-")
_WHITE_SPREAD = constant("SD of the logarithm of white-matter uptake", 0.07, "assumed", "1.65 +- 0.15 in A-")
_CAPACITY_SPREAD = constant("SD of the logarithm of capacity by region", 0.12, "assumed", "Bullich 2021: regional SDs")
_BOTH_SIDES = constant("share of a region's variance that left and right have in common", 0.85, "assumed", "symmetry")
_ONSET = constant(
    "logarithm of capacity that early regions gain and late ones lose at the onset, and its fading (CL)",
    (0.30, 25.0),
    "derived",
    "order: Palmqvist 2017, Mattsson 2019 (PMC6646987); size assumed",
)
_EARLY, _LATE = (10, 12, 14, 23, 25), (13, 17, 21, 22, 24)
_SUBTYPE = constant(
    "logarithm of capacity that a subtype's lobe gains at full strength, the others' loss, and fading (CL)",
    (0.65, -0.20, 80.0),
    "derived",
    "a quarter of scans strongly subtyped: Collij 2022; fading with load assumed",
)
_CEREBRAL_RANGE = constant(
    "bounds of the factor on a brain's non-specific cerebral uptake, grey and white",
    (0.75, 1.3),
    "assumed",
    "partial volume differs from brain to brain; published negatives measure 0 CL",
)


@dataclass(frozen=True)
class Amyloid:
    """A person's amyloid.

    Attributes:
        load: Centiloids that the noise-free image measures.
        subtype: "frontal", "parietal" or "occipital".
        subtype_strength: 0 to 1.
        asymmetry: Logarithm of left over right capacity.
    """

    load: float
    subtype: str = "frontal"
    subtype_strength: float = 0.0
    asymmetry: float = 0.0


@dataclass(frozen=True)
class Scan:
    """A PET as a pipeline would hand it on.

    Attributes:
        suvr: (91, 109, 91), float32, whole cerebellum = 1, not masked.
        fwhm_mm: The scanner's resolution before harmonisation.
        noise: Voxel noise, of the local mean.
    """

    suvr: np.ndarray
    fwhm_mm: float
    noise: float


def true_uptake(
    anatomy: Anatomy, amyloid: Amyloid, rng: np.random.Generator | None, tracer: Tracer = TRACERS["florbetapir"]
) -> np.ndarray:
    """Tracer in the tissue, before any blur, (91, 109, 91), float32.

    Amyloid and the brain's non-specific cerebral uptake are set so that the blurred image measures the load whatever
    the brain's partial volume, since published distributions are of measured Centiloids; what spills into the
    cerebellum is solved for with it.

    Args:
        anatomy: The brain.
        amyloid: Load and pattern.
        rng: Source of randomness, of the regions' own variation; the typical brain of that load when None.
        tracer: Sets the SUVR that a load measures.
    """
    table, depth = uptake_table(), depth_of(anatomy)
    base = table.base * _by_region(_BASE_SPREAD, rng)
    base[list(codes.WHITE)] *= tracer.white
    if rng:
        base[[codes.LEFT_WHITE, codes.RIGHT_WHITE]] *= np.exp(rng.normal(0, _WHITE_SPREAD))
    capacity = table.capacity * _by_region(_CAPACITY_SPREAD, rng) * np.exp(_pattern(amyloid))
    cerebral = (np.arange(SIZE) >= 1000) | np.isin(np.arange(SIZE), (codes.LEFT_WHITE, codes.RIGHT_WHITE))
    parts = [
        paint(anatomy, base * ~cerebral, depth),
        paint(anatomy, base * cerebral, depth),
        paint_amyloid(anatomy, capacity, depth),
    ]
    (rest_t, rest_r), (cerebral_t, cerebral_r), (amyloid_t, amyloid_r) = (
        (float(image[anatomy.cortex].mean()), float(image[anatomy.cerebellum].mean()))
        for image in (blur(part, FWHM_MM) for part in parts)
    )
    zero, target = tracer.suvr(0), tracer.suvr(amyloid.load)
    factor = float(np.clip((zero * rest_r - rest_t) / (cerebral_t - zero * cerebral_r), *_CEREBRAL_RANGE))
    reference, composite = rest_r + factor * cerebral_r, rest_t + factor * cerebral_t
    load = (target * reference - composite) / (amyloid_t - target * amyloid_r)
    return np.asarray(np.maximum(parts[0] + factor * parts[1] + load * parts[2], 0), dtype=np.float32)


def acquire_pet(
    uptake: np.ndarray,
    anatomy: Anatomy,
    rng: np.random.Generator,
    scanner: Scanner = USUAL,
    *,
    aligned: bool = False,
) -> Scan:
    """One scan of a brain: blurred, shifted, noisy, harmonised, normalised to the whole cerebellum.

    Args:
        uptake: As from `true_uptake`.
        anatomy: The brain.
        rng: Source of randomness.
        scanner: What it is taken with.
        aligned: Whether the PET lies exactly on the T1w; all else stays as drawn.
    """
    fwhm, noise = rng.uniform(*scanner.fwhm_mm), rng.uniform(*scanner.noise)
    kernel_squared = scanner.harmonised_mm**2 - (fwhm * (1 + rng.normal(0, _FWHM_ERROR))) ** 2
    seen = blur(uptake, float(np.sqrt(fwhm**2 + max(kernel_squared, 0))))
    shifted = _shifted(seen, rng)
    seen = (seen if aligned else shifted) * _scan_field(rng)
    width = np.sqrt(_NOISE_FWHM_MM**2 + max(kernel_squared, 0)) / FWHM_PER_SIGMA / VOXEL_MM
    grain = gaussian_filter(rng.standard_normal(SHAPE, dtype=np.float32), width, truncate=2.5)
    seen = np.maximum(seen * (1 + noise / grain.std() * grain), 0)
    return Scan(np.asarray(seen / seen[anatomy.cerebellum].mean(), dtype=np.float32), float(fwhm), float(noise))


def perfect_scan(uptake: np.ndarray, anatomy: Anatomy, fwhm_mm: float = FWHM_MM) -> np.ndarray:
    """What a scanner without noise, motion or slow errors would show, SUVR, (91, 109, 91), float32.

    Args:
        uptake: As from `true_uptake`.
        anatomy: The brain.
        fwhm_mm: Its resolution.
    """
    seen = blur(uptake, fwhm_mm)
    return np.asarray(seen / seen[anatomy.cerebellum].mean(), dtype=np.float32)


def _by_region(spread: float, rng: np.random.Generator | None) -> np.ndarray:
    """Log-normal factors by label, shape (2036,), partly shared by left and right; 1 without randomness."""
    if rng is None:
        return np.ones(SIZE)
    left, right = np.array(codes.PAIRS).T
    factors = rng.normal(0, spread, SIZE)
    both = rng.normal(0, spread * np.sqrt(_BOTH_SIDES), len(left))
    for side in (left, right):
        factors[side] = both + np.sqrt(1 - _BOTH_SIDES) * factors[side]
    return np.asarray(np.exp(factors))


def _pattern(amyloid: Amyloid) -> np.ndarray:
    """Logarithm of capacity by label that onset, subtype and side add, shape (2036,)."""
    load = max(amyloid.load, 0.0)
    size, fading = _ONSET
    change = np.zeros(36)
    change[list(_EARLY)] += size * np.exp(-load / fading)
    change[list(_LATE)] -= size * np.exp(-load / fading)
    gain, loss, fading = _SUBTYPE
    own = np.isin(np.arange(36), LOBES[amyloid.subtype])
    change += np.where(own, gain, loss) * amyloid.subtype_strength * np.exp(-load / fading)
    pattern = np.zeros(SIZE)
    pattern[1000:1036] = change + amyloid.asymmetry / 2
    pattern[2000:2036] = change - amyloid.asymmetry / 2
    return pattern


def _shifted(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The image a little off the T1w."""
    shift, turn = _MISREGISTRATION
    matrix = Rotation.from_rotvec(rng.normal(0, turn, 3), degrees=True).as_matrix()
    centre = np.array(SHAPE) / 2
    offset = centre - matrix @ centre + rng.normal(0, shift / VOXEL_MM, 3)
    return np.asarray(affine_transform(image, matrix, offset, order=1))


def _scan_field(rng: np.random.Generator) -> np.ndarray:
    """A slope across the head in a random direction, (91, 109, 91), float32."""
    slope = rng.normal(0, _SCAN_FIELD, 3) * VOXEL_MM / 60
    axes = [np.exp(s * (np.arange(n, dtype=np.float32) - n / 2)) for s, n in zip(slope, SHAPE, strict=True)]
    return np.asarray(axes[0][:, None, None] * axes[1][None, :, None] * axes[2][None, None, :], dtype=np.float32)
