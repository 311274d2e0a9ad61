import numpy as np
import pytest

from petgen.imaging.grid import template_mask
from petgen.quantify import centiloid_cortex, parcellation, whole_cerebellum
from petgen.quantify.agreement import DATA_RANGE, agreement, correlation, ssim_map


@pytest.fixture(scope="module")
def where():
    mask = template_mask()
    return np.where(mask, parcellation(), 0), mask, centiloid_cortex() & mask, whole_cerebellum() & mask


def _pet(load: float) -> np.ndarray:
    rng = np.random.default_rng(0)
    pet = np.where(parcellation() >= 1000, 0.9 + load, 1.0) + rng.normal(0, 0.02, parcellation().shape)
    return np.where(template_mask(), pet, 0).astype(np.float32)


def test_a_scan_agrees_with_itself_whatever_its_scale(where):
    found = agreement(_pet(0.4) * 3, _pet(0.4), *where)
    assert found.ssim_brain == pytest.approx(1, abs=1e-4)
    assert found.mae_suvr == pytest.approx(0, abs=1e-5)
    assert found.regional_r == pytest.approx(1, abs=1e-5)
    assert found.centiloid[0] == pytest.approx(found.centiloid[1], abs=1e-2)


def test_missing_amyloid_is_measured(where):
    found = agreement(_pet(0.0), _pet(0.5), *where)
    assert found.centiloid[1] - found.centiloid[0] > 20
    assert found.mae_suvr > 0.1
    assert found.ssim_brain < 0.999


def test_background_flatters_ssim(where):
    found = agreement(_pet(0.0), _pet(0.5), *where)
    assert found.ssim_paper > found.ssim_brain


def test_ssim_agrees_with_its_formula_on_constants():
    a, b = np.full((12, 12, 12), 0.5), np.full((12, 12, 12), 1.0)
    c1 = (0.01 * 2.5) ** 2
    assert ssim_map(a, b).mean() == pytest.approx((2 * 0.5 + c1) / (0.25 + 1 + c1), abs=1e-3)


def test_psnr_is_of_the_error_in_the_brain(where):
    pet = _pet(0.4)
    found = agreement(pet + 0.1 * (parcellation() == 0), pet, *where)
    error = found.psnr_brain
    assert error < agreement(pet, pet, *where).psnr_brain
    assert error == pytest.approx(
        20 * np.log10(DATA_RANGE / 0.1) - 10 * np.log10((where[0] == 0)[where[1]].mean()), abs=0.5
    )


def test_correlation_leaves_out_what_is_lost():
    a = np.array([1.0, 2.0, np.nan, 4.0])
    assert correlation(a, 2 * a) == pytest.approx(1)
    assert np.isnan(correlation(np.ones(4), a))
