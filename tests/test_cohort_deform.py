import numpy as np
import pytest

from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.deform import Atrophy, deform, displacement, volumes, warp
from petgen.imaging.grid import SHAPE


@pytest.fixture(scope="module")
def brain():
    return template_anatomy()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("hippocampus", "ventricles"), [(0.0060, 0.012), (0.0045, 0.020), (0.0036, 0.023)])
def test_volumes_come_out_as_wanted(brain, seed, hippocampus, ventricles):
    made = deform(brain, Atrophy(hippocampus, ventricles, {}), np.random.default_rng(seed))
    measured = volumes(made)
    assert measured[0] == pytest.approx(hippocampus, rel=0.12)
    assert measured[1] == pytest.approx(ventricles, rel=0.15)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_folds(brain, seed):
    rng = np.random.default_rng(seed)
    atrophy = Atrophy(rng.uniform(0.003, 0.007), rng.uniform(0.008, 0.05), {"temporal": 0.3, "frontal": 0.2})
    field = displacement(brain, atrophy, rng)
    assert field.shape == (3, *SHAPE)
    gradients = np.stack([np.stack(np.gradient(part)) for part in field])
    jacobian = np.moveaxis(gradients, (0, 1), (-2, -1)) + np.eye(3)
    assert np.linalg.det(jacobian[brain.mask]).min() > 0


def test_thinning_turns_cortex_into_csf_in_its_own_lobe(brain):
    plain, thin = (
        deform(brain, Atrophy(0.005, 0.02, {"temporal": amount}), np.random.default_rng(1)) for amount in (0.0, 0.6)
    )
    numbers = np.array([9, 15, 30])
    temporal, frontal = (np.isin(plain.grey_label % 1000, n) & plain.mask for n in (numbers, [27, 28]))
    assert thin.grey[temporal].sum() < 0.985 * plain.grey[temporal].sum()
    assert thin.grey[frontal].sum() == pytest.approx(plain.grey[frontal].sum(), rel=0.005)


def test_residual_moves_everything_alike(brain):
    residual = np.eye(4)
    residual[:3, 3] = (4.0, 0.0, 0.0)
    atrophy = Atrophy(0.005, 0.02, {})
    still, moved = (deform(brain, atrophy, np.random.default_rng(2), residual=r) for r in (None, residual))
    for name in ("tissue", "mask", "cortex"):
        np.testing.assert_array_equal(getattr(moved, name)[10:80], getattr(still, name)[12:82])
    np.testing.assert_allclose(moved.grey[10:80], still.grey[12:82], atol=1e-3)


def test_no_displacement_changes_nothing(brain):
    same = warp(brain, np.zeros((3, *SHAPE), np.float32))
    np.testing.assert_array_equal(same.tissue, brain.tissue)
    np.testing.assert_allclose(same.t1, brain.t1, atol=1e-4)
