import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import binary_dilation, binary_erosion

from petgen.assets import asset
from petgen.case import InputError
from petgen.cohort.heads import pose, synthetic_head
from petgen.cohort.imaging_errors import COLUMNS, SPREADS, compose, decompose, draw_errors
from petgen.cohort.imaging_measure import border, compare, find_heads, low_passed_spread
from petgen.imaging.grid import template, template_mask, template_white_matter
from petgen.imaging.intensity import normalise
from petgen.imaging.prepare import Prepared

triple = st.tuples(*[st.floats(-1, 1)] * 3).map(np.array)


@given(triple, triple, triple, triple)
def test_an_affine_comes_apart_as_it_was_put_together(rotation, translation, scale, shear):
    parts = (20 * rotation, 15 * translation, 0.2 * scale, 0.2 * shear)
    for found, given_part in zip(decompose(compose(*parts)), parts, strict=True):
        np.testing.assert_allclose(found, given_part, atol=1e-6)


def test_no_error_is_the_identity():
    np.testing.assert_allclose(compose(*(np.zeros(3) for _ in range(4))), np.eye(4), atol=1e-12)


@pytest.mark.parametrize(("change", "moved"), [(None, 0.0), (binary_dilation, 1.7), (binary_erosion, -1.7)])
def test_a_border_moved_by_a_voxel_is_seen(change, moved):
    mask = template_mask()
    mean, spread = border(change(mask) if change else mask, mask)
    assert mean == pytest.approx(moved, abs=0.6)
    assert spread < 0.6


def test_only_smooth_variation_counts_as_bias():
    inside = template_mask()
    noise = np.random.default_rng(0).normal(0, 0.1, inside.shape)
    slope = np.linspace(-1, 1, inside.shape[1])[None, :, None] * np.ones(inside.shape)
    assert low_passed_spread(noise, inside) < 0.01
    assert low_passed_spread(slope, inside) == pytest.approx(slope[inside].std(), rel=0.2)


def test_a_perfect_way_has_no_errors():
    t1 = normalise(template(), template_mask())
    prepared = Prepared(t1, template_mask(), np.eye(4), 1.0, False, ())
    row = dict(zip(COLUMNS, compare(prepared, np.eye(4), template_mask(), template_white_matter() > 0.5), strict=True))
    assert abs(row["border_mm"]) < 0.3
    assert abs(row["log_white"]) < 0.06
    assert max(abs(value) for name, value in row.items() if name.startswith(("rotation", "translation"))) < 1e-6


def test_a_shift_of_the_scan_is_found():
    moved = np.eye(4)
    moved[:3, 3] = (3, -2, 1)
    prepared = Prepared(normalise(template(), template_mask()), template_mask(), moved, 1.0, False, ())
    row = dict(zip(COLUMNS, compare(prepared, np.eye(4), None, None), strict=True))
    np.testing.assert_allclose([row[f"translation_mm_{axis}"] for axis in ("xy", "xz", "yz")], (3, -2, 1), atol=1e-6)
    assert np.isnan(row["border_mm"])


def test_draws_follow_the_bundled_table():
    table = pd.read_csv(asset("cohort", "imaging_errors.tsv"), sep="\t")
    assert len(table) >= 90
    assert set(table["source"]) == {"synthseg", "nichart", "heads"}
    rng = np.random.default_rng(0)
    drawn = [draw_errors(rng) for _ in range(3000)]
    for name in ("border_mm", "log_white"):
        values = np.array([getattr(errors, name) for errors in drawn])
        assert values.mean() == pytest.approx(table[name].mean(), abs=0.1 * table[name].std() + 1e-3)
        assert values.std() == pytest.approx(table[name].std(), rel=0.15)
    turn = np.array([errors.rotation_deg for errors in drawn])
    assert turn[:, 0].std() == pytest.approx(table["rotation_deg_xy"].std(), rel=0.15)
    assert min(getattr(errors, name) for errors in drawn for name in SPREADS) >= 0


def test_draws_are_reproducible():
    first, again = (draw_errors(np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first.matrix, again.matrix)
    assert first.border_mm == again.border_mm


def test_poses_stay_in_a_scanner():
    for seed in range(20):
        matrix = pose(np.random.default_rng(seed))
        np.testing.assert_allclose(matrix[:3, :3] @ matrix[:3, :3].T, np.eye(3), atol=1e-9)
        assert np.abs(matrix[:3, 3]).max() <= 10


def test_a_head_is_painted_from_labels(tmp_path):
    import nibabel as nib

    labels = np.zeros((48, 48, 48), np.int16)
    labels[4:44, 4:44, 4:44] = 507
    labels[8:40, 8:40, 8:40] = 515
    labels[10:38, 10:38, 10:38] = 24
    labels[12:36, 12:36, 12:36] = 3
    labels[16:32, 16:32, 16:32] = 2
    path = tmp_path / "head_seg_01.nii.gz"
    nib.save(nib.Nifti1Image(labels, np.eye(4)), path)
    head = np.asarray(synthetic_head(path, np.random.default_rng(0)).dataobj)
    seen = np.asarray(nib.as_closest_canonical(nib.load(path)).dataobj)
    white, cortex, bone = (np.median(head[seen == label]) for label in (2, 3, 515))
    assert white == pytest.approx(1, abs=0.2)
    assert white > cortex > bone


def test_folders_without_heads_are_refused(tmp_path):
    with pytest.raises(InputError, match="no heads"):
        find_heads(tmp_path, tmp_path, None)
