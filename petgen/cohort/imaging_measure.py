"""Measures what the way to template space does to scans of which the truth is known."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import pandas as pd
from scipy.ndimage import binary_erosion, distance_transform_edt, gaussian_filter

from petgen.case import InputError
from petgen.cohort import labels as codes
from petgen.cohort.heads import moved, pose, synthetic_head, with_scanner
from petgen.cohort.imaging_errors import BORDER_FWHM_MM, COLUMNS, SCALARS, decompose
from petgen.cohort.sources import from_label_map, from_segmented_scan, painted_brain, segmented_brain
from petgen.imaging import read_scan
from petgen.imaging.grid import AFFINE, SHAPE, VOXEL_MM
from petgen.imaging.prepare import FWHM_PER_SIGMA, Prepared, prepare
from petgen.imaging.register import align, resample

LEAST_SIMILARITY = 0.87
"""A way to template space that ends below this correlation with the template failed, and is not an error to draw."""


@dataclass(frozen=True)
class Head:
    """A head whose way is measured.

    Attributes:
        source: "synthseg", "nichart" or "heads".
        path: Label map, T1w of a segmented scan, or T1w.
    """

    source: str
    path: Path


@dataclass(frozen=True)
class _Truth:
    """The head without its pose: alignment, and mask and white matter there; None where nobody knows them.

    `flat` says that its white matter is uniform, so that what is smooth in it is bias.
    """

    matrix: np.ndarray
    mask: np.ndarray | None
    white: np.ndarray | None
    flat: bool


def find_heads(label_maps: Path | None, segmented: Path | None, heads: Path | None) -> list[Head]:
    """Heads of up to three folders: SynthSeg label maps, T1w with MUSE segmentations, T1w of whole heads.

    Raises:
        InputError: There is none.
    """
    found = [Head("synthseg", path) for path in sorted(label_maps.glob("*_seg_*.nii.gz"))] if label_maps else []
    found += [Head("nichart", path) for path in sorted(segmented.glob("sub-*_T1w.nii.gz"))] if segmented else []
    found += [Head("heads", path) for path in sorted(heads.glob("*.nii.gz"))] if heads else []
    if not found:
        raise InputError("no heads in these folders", mend="Expected *_seg_*.nii.gz, sub-*_T1w.nii.gz or *.nii.gz.")
    return found


def measure_all(
    heads: Sequence[Head], n: int, *, seed: int = 0, progress: Callable[[int], None] | None = None
) -> pd.DataFrame:
    """Sends every head through `petgen.imaging.prepare`, again and again in another pose and scanner.

    Args:
        heads: As from `find_heads`.
        n: Runs in all.
        seed: Seed of poses and scanners.
        progress: Told how many runs are done.

    Returns:
        One row a run: source, head, similarity, and `petgen.cohort.imaging_errors.COLUMNS` (NaN where the truth is
        not known). Runs that the product warns about are left out.
    """
    from joblib import Parallel, delayed

    runs = [range(k, n, len(heads)) for k in range(len(heads))]
    work = Parallel(n_jobs=os.cpu_count(), return_as="generator")
    rows: list[dict[str, float | str]] = []
    done = 0
    for found in work(delayed(_measure_head)(head, list(which), seed) for head, which in zip(heads, runs, strict=True)):
        rows += found
        done += len(found)
        if progress:
            progress(done)
    table = pd.DataFrame(rows)
    return table[table["similarity"] >= LEAST_SIMILARITY].reset_index(drop=True)


def _measure_head(head: Head, runs: Sequence[int], seed: int) -> list[dict[str, float | str]]:
    truth = _truth_of(head)
    rows = []
    for run in runs:
        rng = np.random.default_rng([seed, run])
        place = pose(rng)
        scan = with_scanner(moved(_scan_of(head, rng), place), rng)
        *_, prepared = prepare(scan)
        assert isinstance(prepared, Prepared)
        row = dict(zip(COLUMNS, compare(prepared, place @ truth.matrix, truth.mask, truth.white), strict=True))
        if not truth.flat:
            row["bias_sd"] = np.nan
        about = {"source": head.source, "head": head.path.name.split(".")[0]}
        rows.append({**about, "similarity": round(prepared.similarity, 4), **row})
    return rows


def _scan_of(head: Head, rng: np.random.Generator) -> nib.Nifti1Image:
    return synthetic_head(head.path, rng) if head.source == "synthseg" else read_scan(head.path).image


def _truth_of(head: Head) -> _Truth:
    """Alignment and masks as the simulator's anatomies have them; of a whole head without labels its own, unmoved."""
    if head.source == "heads":
        *_, prepared = prepare(read_scan(head.path).image)
        assert isinstance(prepared, Prepared)
        return _Truth(prepared.matrix, None, None, False)
    if head.source == "synthseg":
        brain, _ = painted_brain(head.path)
        anatomy = from_label_map(head.path, "head")
    else:
        dseg = head.path.with_name(head.path.name.replace("_T1w", "_dseg"))
        brain, _ = segmented_brain(head.path, dseg)
        anatomy = from_segmented_scan(head.path, dseg, "head")
    white = np.isin(anatomy.tissue, (codes.LEFT_WHITE, codes.RIGHT_WHITE))
    return _Truth(align(brain).matrix, anatomy.mask, white, head.source == "synthseg")


def compare(prepared: Prepared, matrix: np.ndarray, mask: np.ndarray | None, white: np.ndarray | None) -> np.ndarray:
    """One row of the table, in the order of `COLUMNS`.

    Args:
        prepared: What `prepare` made of a scan.
        matrix: The true alignment, template mm to scan mm, 4 x 4.
        mask: The true brain mask under the true alignment, bool, or None.
        white: True white matter under the true alignment, bool, or None.
    """
    residual = np.linalg.inv(matrix) @ prepared.matrix
    row: np.ndarray = np.concatenate([*decompose(residual), np.full(len(SCALARS), np.nan)])
    if mask is None or white is None:
        return np.round(row, 4)
    true_mask, true_white = (
        resample(nib.Nifti1Image(volume.astype(np.float32), AFFINE), residual, AFFINE, SHAPE) > 0.5
        for volume in (mask, white)
    )
    seen = true_white & prepared.mask
    row[-4:-2] = border(prepared.mask, true_mask)
    row[-2] = low_passed_spread(np.log(np.maximum(prepared.t1, 0.1)), binary_erosion(seen))
    row[-1] = np.log(np.median(prepared.t1[seen]))
    return np.round(row, 4)


def border(mask: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Mean displacement of a mask's border against the true mask, mm, and its spread after a filter of 10 mm.

    Args:
        mask: (91, 109, 91), bool.
        truth: The same shape.
    """
    outward = distance_transform_edt(~truth, sampling=VOXEL_MM) - distance_transform_edt(truth, sampling=VOXEL_MM)
    outward += np.where(truth, VOXEL_MM / 2, -VOXEL_MM / 2)
    edge = mask & ~binary_erosion(mask)
    outward += VOXEL_MM / 2
    width = BORDER_FWHM_MM / FWHM_PER_SIGMA / VOXEL_MM
    weight = gaussian_filter(edge.astype(np.float32), width)
    smooth = gaussian_filter(np.where(edge, outward, 0).astype(np.float32), width) / np.maximum(weight, 1e-6)
    return float(outward[edge].mean()), float(smooth[edge].std())


def low_passed_spread(values: np.ndarray, inside: np.ndarray, fwhm_mm: float = 40.0) -> float:
    """Standard deviation over a region of what is smooth in it.

    Args:
        values: (91, 109, 91).
        inside: The region, bool.
        fwhm_mm: Width of the filter.
    """
    width = fwhm_mm / FWHM_PER_SIGMA / VOXEL_MM
    weight = gaussian_filter(inside.astype(np.float32), width, truncate=3)
    smooth = gaussian_filter(np.where(inside, values, 0).astype(np.float32), width, truncate=3)
    return float((smooth / np.maximum(weight, 1e-6))[inside].std())
