"""From a head to a brain in template space and back, on heads made from the template."""

import subprocess
import sys

import nibabel as nib
import numpy as np
import pytest
from scipy.ndimage import binary_dilation, gaussian_filter

from petgen.case import InputError
from petgen.diagnosis.out_of_distribution import SIMILARITY
from petgen.imaging import Prepared, align, correct_bias, normalise, prepare, resample, strip, to_native
from petgen.imaging.grid import AFFINE, SHAPE, on_grid, template, template_mask, template_white_matter
from petgen.imaging.register import warp_from_template
from petgen.imaging.strip import RIM_LITRES

MOVED = np.array([[0.98, -0.12, 0.03, 6.0], [0.11, 0.97, -0.1, -9.0], [-0.02, 0.1, 1.03, 5.0], [0, 0, 0, 1]])
"""Template millimetres to the made-up scan's millimetres."""


@pytest.fixture(scope="module")
def brain():
    """A brain-only scan at 2 mm that lies elsewhere than the template, with a field of its own."""
    affine = np.array([[2.0, 0, 0, -100], [0, 2.0, 0, -130], [0, 0, 2.0, -85], [0, 0, 0, 1]])
    data = resample(on_grid(template()), np.linalg.inv(MOVED), affine, (100, 115, 95)) * 700
    return nib.Nifti1Image(np.where(data > 30, data, 0).astype(np.float32), affine)


@pytest.fixture(scope="module")
def head():
    """The template's brain inside dark skull and bright scalp, on air."""
    wide = np.pad(template(), 12)
    inside = np.pad(template_mask(), 12)
    skull, scalp = binary_dilation(inside, iterations=4), binary_dilation(inside, iterations=8)
    data = np.where(inside, wide, np.where(skull, 0.12, np.where(scalp, 1.1, 0.02)))
    data = gaussian_filter(data, 0.5) * 500 + np.random.default_rng(0).uniform(0, 5, data.shape)
    affine = AFFINE.copy()
    affine[:3, 3] -= 24
    return nib.Nifti1Image(data.astype(np.float32), affine)


def _dice(a: np.ndarray, b: np.ndarray) -> float:
    return float(2 * (a & b).sum() / (a.sum() + b.sum()))


def test_a_head_is_stripped(head):
    found = strip(head)
    assert not found.already
    assert found.rim_litres == 0
    assert _dice(found.mask, np.pad(template_mask(), 12)) > 0.9


def test_nothing_of_the_scalp_is_kept(head):
    """What is given to be kept ends at the skull, so that no face can be drawn from it."""
    kept = []
    steps = prepare(head, keep=kept.append)
    assert [next(steps), next(steps)] == ["Skull strip", "Bias correction"]
    steps.close()
    data = np.asarray(kept[0].dataobj)
    inside = np.pad(template_mask(), 12)
    assert data[inside].any()
    assert not data[~binary_dilation(inside, iterations=5)].any()
    assert not kept[0].header.extensions
    assert not kept[0].header["descrip"].item()


def test_a_stripped_brain_is_known_and_left_alone(brain):
    found = strip(brain)
    assert found.already
    assert _dice(found.mask, np.asarray(brain.dataobj) > 0) > 0.99


def test_a_strip_that_left_skull_is_told_and_done_again(head):
    inside = np.pad(template_mask(), 12)
    rim = binary_dilation(inside, iterations=4)
    left = nib.Nifti1Image(np.asarray(head.dataobj) * rim, head.affine)
    found = strip(left)
    assert not found.already
    assert found.rim_litres > RIM_LITRES
    assert found.mask.sum() < 0.9 * rim.sum()
    *_, prepared = prepare(left)
    assert any("skull" in warning for warning in prepared.warnings)


def test_what_is_no_brain_is_refused_or_warned_of():
    noise = np.random.default_rng(0).uniform(0, 100, (90, 90, 90)).astype(np.float32)
    try:
        *_, prepared = prepare(nib.Nifti1Image(noise, np.diag([2.0, 2, 2, 1])))
        said = " ".join(prepared.warnings)
    except InputError as error:
        said = str(error)
    assert "brain" in said


def test_affine_registration_finds_the_way(brain):
    found = align(brain)
    corners = np.array([[x, y, z, 1] for x in (-50, 50) for y in (-80, 50) for z in (-30, 60)])
    error = np.linalg.norm((corners @ (found.matrix - MOVED).T)[:, :3], axis=1)
    assert error.max() < 3
    assert found.similarity > 0.9


def test_registration_is_repeatable(brain):
    np.testing.assert_array_equal(align(brain, seed=3).matrix, align(brain, seed=3).matrix)


def test_the_seed_reaches_ants(brain):
    assert not np.array_equal(align(brain, seed=3).matrix, align(brain, seed=4).matrix)


def test_resampling_through_the_matrix_agrees_with_ants(brain):
    found = align(brain)
    ours = resample(brain, found.matrix, AFFINE, SHAPE)
    assert np.corrcoef(ours.ravel(), template().ravel())[0, 1] == pytest.approx(found.similarity, abs=1e-4)


def test_a_nodding_head_is_found():
    angle = np.radians(35)
    nod = np.eye(4)
    nod[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    affine = np.array([[2.0, 0, 0, -110], [0, 2.0, 0, -140], [0, 0, 2.0, -120], [0, 0, 0, 1]])
    data = resample(on_grid(template()), np.linalg.inv(nod), affine, (110, 130, 125))
    assert align(nib.Nifti1Image(data, affine)).similarity > 0.9


def test_an_empty_image_cannot_be_registered():
    with pytest.raises(InputError, match="nothing to register"):
        align(on_grid(np.zeros(SHAPE, np.float32)))


def test_labels_follow_a_deformation():
    shift = np.eye(4)
    shift[1, 3] = 6.0
    moved = resample(on_grid(template()), shift, AFFINE, SHAPE)
    labels = (template_white_matter() > 0.8).astype(np.int32)
    truth = resample(on_grid(labels.astype(np.float32)), shift, AFFINE, SHAPE, order=0) > 0
    warped = warp_from_template({"white": labels}, moved)["white"] > 0
    assert _dice(warped, truth) > _dice(labels > 0, truth) + 0.1
    assert _dice(warped, truth) > 0.85


def test_resampling_agrees_with_nilearn(brain):
    from nilearn.image import resample_img

    ours = resample(brain, np.eye(4), AFFINE, SHAPE)
    theirs = resample_img(brain, AFFINE, SHAPE, interpolation="linear", force_resample=True, copy_header=True)
    np.testing.assert_allclose(ours, np.asarray(theirs.dataobj), atol=0.5)


def test_n4_flattens_a_bias_field():
    x = np.linspace(-1, 1, SHAPE[0])[:, None, None]
    field = np.exp(0.35 * x)
    white = template_white_matter() > 0.95
    before = template() * field
    after = correct_bias(on_grid(before.astype(np.float32)), template_mask())
    spread = [data[white].std() / data[white].mean() for data in (template(), before, after)]
    assert spread[2] < 0.6 * spread[1]


@pytest.mark.parametrize("scale", [0.01, 1.0, 4000.0])
def test_white_matter_becomes_one_whatever_the_unit(scale):
    t1 = normalise(template() * scale, template_mask())
    assert np.median(t1[template_white_matter() > 0.5]) == pytest.approx(1, abs=0.05)
    assert t1.max() <= 2
    assert not t1[~template_mask()].any()
    assert t1.dtype == np.float32


def test_wide_ventricles_do_not_move_the_scale():
    wide = template().copy()
    wide[35:56, 30:75, 35:60] *= 0.3
    plain, with_csf = (normalise(volume, template_mask()) for volume in (template(), wide))
    outside = template_mask() & (wide == template())
    np.testing.assert_allclose(with_csf[outside], plain[outside], rtol=0.03)


def test_no_white_matter_is_refused():
    with pytest.raises(InputError, match="white matter"):
        normalise(np.zeros(SHAPE), template_mask())


def test_a_scan_goes_to_the_template_and_back(brain):
    *steps, prepared = prepare(brain)
    assert steps == ["Skull strip", "Bias correction", "Registration to the template"]
    assert isinstance(prepared, Prepared)
    assert prepared.already_stripped
    assert prepared.warnings == ()
    assert _dice(prepared.mask, template_mask()) > 0.95
    inside = template_mask()
    assert np.corrcoef(prepared.t1[inside], template()[inside])[0, 1] > 0.95
    native = to_native(prepared.mask.astype(np.float32), prepared.matrix, brain)
    assert native.shape == brain.shape
    np.testing.assert_array_equal(native.affine, brain.affine)
    assert _dice(np.asarray(native.dataobj) > 0.5, np.asarray(brain.dataobj) > 0) > 0.95


def test_a_cropped_brain_is_warned_of(brain):
    half = brain.slicer[:, :, :62]
    *_, prepared = prepare(half)
    assert any("edge of the scan" in warning for warning in prepared.warnings)


def test_a_brain_unlike_the_template_shows_in_the_similarity(brain):
    data = np.asarray(brain.dataobj)
    inverted = nib.Nifti1Image(np.where(data > 0, data.max() + 50 - data, 0).astype(np.float32), brain.affine)
    *_, prepared = prepare(inverted)
    *_, ordinary = prepare(brain)
    assert prepared.similarity < SIMILARITY["red"] < SIMILARITY["amber"] < ordinary.similarity


def test_a_grid_of_uneven_voxels_is_filled_with_the_map(brain):
    *_, prepared = prepare(brain)
    affine = brain.affine @ np.diag([0.5, 0.5, 1.5, 1])
    shape = (brain.shape[0] * 2, brain.shape[1] * 2, int(brain.shape[2] / 1.5))
    fine = nib.Nifti1Image(resample(brain, np.eye(4), affine, shape), affine)
    native = to_native(template_mask().astype(np.float32), prepared.matrix, fine)
    assert _dice(np.asarray(native.dataobj) > 0.5, np.asarray(fine.dataobj) > 15) > 0.95


def test_importing_the_room_is_light():
    code = "import sys, petgen.imaging; print(sorted({'ants', 'torch', 'deepbet'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_nothing_is_left_behind(brain, tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    align(brain)
    assert list(tmp_path.iterdir()) == []
