"""Scans and values that the generator was not made for, and what the light says of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
from scipy.ndimage import binary_dilation, gaussian_filter

from petgen.case import Biomarkers, InputError
from petgen.cohort.heads import OUTSIDE, synthetic_head
from petgen.cohort.people import open_people
from petgen.diagnosis.familiarity import ScanDistance
from petgen.diagnosis.out_of_distribution import Signs, light
from petgen.findings import signs_of
from petgen.generator.synthesise import encode, encoder_features
from petgen.imaging import Prepared, prepare, read_scan, strip
from petgen.imaging.scratch import scratch_folder
from petgen.models import Models

Make = Callable[[nib.Nifti1Image, np.ndarray, np.random.Generator], nib.Nifti1Image]
T2 = {"white": 0.55, "cortex": 0.8, "deep": 0.65, "csf": 1.6}
CT = {"white": 1.030, "cortex": 1.040, "deep": 1.038, "csf": 1.008}
CT_OUTSIDE = {"bone": (1.9, 2.3), "marrow": (1.3, 1.6), "scalp": (0.95, 1.05), "soft": (1.0, 1.06)}
PET = {"white": 0.5, "cortex": 1.0, "deep": 1.1, "csf": 0.15}
"""Brightness: T2-like, (HU + 1000) / 1000, and glucose uptake; assumed."""


def noise(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """Noise alone, some smoothed."""
    del brain
    data = gaussian_filter(rng.rayleigh(1.0, head.shape), rng.uniform(0, 2)).astype(np.float32)
    return nib.Nifti1Image(data, head.affine)


def half_a_brain(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """One side or the upper or lower half missing, as a field of view cut short leaves it."""
    data = np.asarray(head.dataobj, dtype=np.float32)
    axis = int(rng.choice([0, 2]))
    middle = int(np.flatnonzero(brain.any(tuple({0, 1, 2} - {axis}))).mean())
    kept: list[Any] = [slice(None)] * 3
    kept[axis] = slice(middle, None) if rng.random() < 0.5 else slice(None, middle)
    return head.slicer[tuple(kept)].__class__(data[tuple(kept)], head.slicer[tuple(kept)].affine)


def child_sized(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """Everything at 70 to 78 % of its length, as when millimetres are wrong: 34 to 47 % of the volume."""
    del brain
    return nib.Nifti1Image(np.asarray(head.dataobj), head.affine @ np.diag([*[rng.uniform(0.7, 0.78)] * 3, 1.0]))


def skull_left_on(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """Stripped badly: a rim of skull and scalp of 0.3 to 0.5 litres is left, and zero beyond."""
    litres = abs(float(np.linalg.det(head.affine[:3, :3]))) / 1e6
    rim, wide = rng.uniform(0.3, 0.5), brain
    while (wide.sum() - brain.sum()) * litres < rim:
        wide = binary_dilation(wide)
    return nib.Nifti1Image((np.asarray(head.dataobj, np.float32) * wide).astype(np.float32), head.affine)


def large_lesion(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """A ball of 50 to 110 mL in one hemisphere, as dark as CSF or brighter than white matter."""
    data = np.asarray(head.dataobj, dtype=np.float32).copy()
    sizes = np.linalg.norm(head.affine[:3, :3], axis=0)
    radius = float(np.cbrt(rng.uniform(50, 110) * 1000 * 3 / (4 * np.pi)))
    places = np.argwhere(brain)
    low, high = places.min(0), places.max(0)
    centre = low + (high - low) * [rng.choice([0.25, 0.75]), rng.uniform(0.35, 0.65), rng.uniform(0.5, 0.65)]
    grid = np.stack(np.meshgrid(*map(np.arange, data.shape), indexing="ij"), -1)
    ball = (np.linalg.norm((grid - centre) * sizes, axis=-1) < radius) & brain
    white = float(np.percentile(data[brain], 80))
    level = white * (0.2 if rng.random() < 0.5 else 1.5)
    data[ball] = level + rng.normal(0, 0.05 * white, int(ball.sum()))
    return nib.Nifti1Image(data, head.affine)


def forms_in_conflict(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """A qform that is turned or shifted against the sform."""
    del brain
    found = nib.Nifti1Image(np.asarray(head.dataobj), head.affine)
    other = head.affine.copy()
    if rng.random() < 0.5:
        other[0] *= -1
    else:
        other[:3, 3] += rng.uniform(15, 40, 3)
    found.set_sform(head.affine, 1)
    found.set_qform(other, 1)
    return found


def other_organ(head: nib.Nifti1Image, brain: np.ndarray, rng: np.random.Generator) -> nib.Nifti1Image:
    """A trunk: an oval of fat and muscle with a spine and two round organs."""
    del brain
    shape = np.array(head.shape)
    grid = np.stack(np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij"), -1)

    def oval(centre: tuple[float, float, float], size: tuple[float, float, float]) -> np.ndarray:
        inside: np.ndarray = (((grid - centre) / size) ** 2).sum(-1) < 1
        return inside

    data = np.zeros(head.shape, dtype=np.float32)
    for where, level in (
        (oval((0, 0, 0), (0.9, 0.65, 4)), 1.0),
        (oval((0, 0.02, 0), (0.8, 0.55, 4)), 0.5),
        (oval((0.35, 0.1, 0.2), (0.4, 0.35, 0.6)), 0.7),
        (oval((-0.45, -0.05, 0.1), (0.2, 0.2, 0.4)), 0.45),
        (oval((0, -0.4, 0), (0.12, 0.14, 4)), 0.3),
    ):
        data[where] = level * float(np.exp(rng.normal(0, 0.1)))
    return nib.Nifti1Image(np.maximum(data + rng.normal(0, 0.03, head.shape).astype(np.float32), 0), head.affine)


ALTERED: dict[str, Make] = {
    "pure noise": noise,
    "half a brain": half_a_brain,
    "child-sized brain": child_sized,
    "another organ": other_organ,
    "skull left on": skull_left_on,
    "large lesion": large_lesion,
    "qform against sform": forms_in_conflict,
}
"""Kinds made from a T1w."""


def painted(kind: str, label_map: Path, rng: np.random.Generator) -> nib.Nifti1Image:
    """A head of another contrast, drawn from a label map: "T2-like", "CT" or "PET"."""
    if kind == "T2-like":
        return synthetic_head(label_map, rng, T2)
    if kind == "CT":
        return synthetic_head(label_map, rng, CT, {**OUTSIDE, **CT_OUTSIDE})
    head = synthetic_head(label_map, rng, PET, dict.fromkeys(OUTSIDE, (0.1, 0.35)))
    blurred = gaussian_filter(np.asarray(head.dataobj), 3.0) + rng.normal(0, 0.02, head.shape)
    return nib.Nifti1Image(np.maximum(blurred, 0).astype(np.float32), head.affine)


VALUES = 60
"""Sets of impossible values."""
PAINTED = ("T2-like", "CT", "PET")
MUST_BE_RED = ("pure noise", "PET", "CT", "another organ", "half a brain", "child-sized brain")
"""Kinds of which every one must be red; of the others nine in ten must be amber or red."""


def impossible_values(rng: np.random.Generator) -> Biomarkers:
    """Values of which each is in range, and which nobody has together."""
    kinds = (
        {"p_tau217": 6.0, "p_tau181": 0.3, "gfap": 40.0, "nfl": 5.0, "age": 84},
        {"nfl": 300.0, "gfap": 30.0, "p_tau181": 0.2, "age": 52},
        {"mmse": 30, "moca": 4, "avlt": 12, "education": 16, "age": 70},
        {"abeta42": 0.6, "abeta40": 40.0, "t_tau": 20.0, "p_tau181": 0.15, "nfl": 3.0},
        {"mmse": 3, "moca": 29, "avlt": 11, "age": 60, "p_tau217": 0.1},
        {"abeta40": 700.0, "abeta42": 30.0, "nfl": 4.0, "gfap": 30.0, "p_tau181": 20.0},
    )
    chosen = kinds[int(rng.integers(len(kinds)))]
    exact = ("age", "mmse", "moca", "avlt", "education")
    varied: dict[str, Any] = {k: v if k in exact else v * float(np.exp(rng.normal(0, 0.1))) for k, v in chosen.items()}
    return Biomarkers(**varied)


@dataclass(frozen=True)
class Seen:
    """What the light said of one case.

    Attributes:
        kind: Kind of case.
        source: What it was made from.
        level: green, amber or red; a refused scan is red.
        reason: In words.
    """

    kind: str
    source: str
    level: str
    reason: str


def examine(
    scans: Sequence[Path],
    label_maps: Sequence[Path],
    data: Path | None,
    models: Models,
    progress: Callable[[str], None],
    *,
    seed: int = 0,
) -> list[Seen]:
    """Puts ordinary and strange cases before the light.

    Args:
        scans: Real T1w of whole heads: ordinary as they are, strange once altered.
        label_maps: SynthSeg label maps, for the contrasts that have to be painted.
        data: Simulated dataset, whose test people are ordinary; left out when None.
        models: As `load_models` gives them.
        progress: Told about each case.
        seed: Seed of the alterations.
    """
    found: list[Seen] = []
    ordinary = Biomarkers(age=72, sex="F", mmse=27, p_tau217=0.4)

    def look(kind: str, source: str, image: nib.Nifti1Image) -> None:
        found.append(_look(kind, source, image, ordinary, models))
        progress(f"{kind}, {source}: {found[-1].level} {found[-1].reason}")

    for number, path in enumerate(scans):
        rng = np.random.default_rng([seed, number])
        image = nib.load(path)
        look("ordinary real T1w", path.name, image)
        head = read_scan(path).image
        brain = strip(head).mask
        for kind, make in ALTERED.items():
            look(kind, path.name, make(head, brain, rng))
    for number, path in enumerate(label_maps):
        rng = np.random.default_rng([seed, 1000 + number])
        for kind in PAINTED:
            look(kind, path.name, painted(kind, path, rng))
    rng = np.random.default_rng([seed, 2000])
    limits = models.familiarity.limits
    for number in range(VALUES):
        found.append(_values("values jointly impossible", str(number), impossible_values(rng), models))
    if data:
        people = open_people(data)
        for name in people.names("test"):
            person = people.read(name)
            distance = models.familiarity.of_scan(encoder_features(encode(models.network, person.t1, None)))
            joint = models.familiarity.of_values(person.values)
            shown = light(Signs(1.0, 1.4, distance, joint, limits))
            found.append(Seen("ordinary simulated person", name, shown.level, " ".join(shown.reasons)))
    return found


def _look(kind: str, source: str, image: nib.Nifti1Image, values: Biomarkers, models: Models) -> Seen:
    prepared: Prepared | None = None
    try:
        with scratch_folder() as folder:
            file = folder / "T1w.nii.gz"
            nib.save(image, file)
            scan = read_scan(file)
        for event in prepare(scan.image):
            prepared = event if isinstance(event, Prepared) else None
        assert prepared is not None
        encoded = encode(models.network, prepared.t1, None)
        shown = light(signs_of(models, prepared, encoded, values, [*scan.warnings, *prepared.warnings]))
    except InputError as error:
        return Seen(kind, source, "red", f"refused: {error}")
    return Seen(kind, source, shown.level, " ".join(shown.reasons))


def _values(kind: str, source: str, values: Biomarkers, models: Models) -> Seen:
    near = ScanDistance(0.0, 0.0)
    shown = light(Signs(1.0, 1.4, near, models.familiarity.of_values(values), models.familiarity.limits))
    return Seen(kind, source, shown.level, " ".join(shown.reasons))


def strange_lines(found: Sequence[Seen]) -> list[str]:
    """Markdown: by kind, how many were green, amber and red, and what was asked for."""
    lines = [
        "# Out of distribution: what the light says",
        "",
        "Real T1w as they are and altered, contrasts painted on real label maps, simulated people. A scan that petgen "
        "refuses counts as red. `petgen strange` makes this table.",
        "",
        "| kind | n | green | amber | red | asked for | holds |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for kind in dict.fromkeys(seen.kind for seen in found):
        levels = [seen.level for seen in found if seen.kind == kind]
        n, green, red = len(levels), levels.count("green"), levels.count("red")
        if kind.startswith("ordinary"):
            asked, holds = "at most 10 % amber or red, 3 % red", n - green <= 0.1 * n and red <= 0.03 * n
        elif kind in MUST_BE_RED:
            asked, holds = "all red", red == n
        else:
            asked, holds = "90 % amber or red", n - green >= 0.9 * n
        counts = f"{green} | {levels.count('amber')} | {red}"
        lines.append(f"| {kind} | {n} | {counts} | {asked} | {'yes' if holds else 'no'} |")
    return [*lines, ""]
