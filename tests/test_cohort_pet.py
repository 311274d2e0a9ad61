import numpy as np
import pytest

from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.pet import Amyloid, acquire_pet, true_uptake
from petgen.cohort.uptake import blur, depth_of, paint, uptake_table
from petgen.cohort.uptake_fit import comparable, fit_uptake, save_table
from petgen.quantify import centiloid, composite_suvr
from petgen.quantify.groups import group_means


@pytest.fixture(scope="module")
def brain():
    return template_anatomy()


def _measured(image, brain):
    return centiloid(composite_suvr(image, brain.cortex, brain.cerebellum))


@pytest.mark.parametrize("load", [-8.0, 0.0, 25.0, 60.0, 110.0])
def test_the_blurred_image_measures_the_load(brain, load):
    uptake = true_uptake(brain, Amyloid(load, "occipital", 0.8, 0.2), np.random.default_rng(4))
    assert _measured(blur(uptake, 8.0), brain) == pytest.approx(load, abs=0.5)


def test_a_scan_is_noisy_about_the_load(brain):
    uptake = true_uptake(brain, Amyloid(40.0), np.random.default_rng(5))
    scans = [acquire_pet(uptake, brain, np.random.default_rng(k)) for k in range(12)]
    found = np.array([_measured(scan.suvr, brain) for scan in scans])
    assert found.mean() == pytest.approx(40, abs=4)
    assert 0.5 < found.std() < 8
    assert all(scan.suvr.min() >= 0 and 5 <= scan.fwhm_mm <= 7.1 for scan in scans)
    assert all(scan.suvr[brain.cerebellum].mean() == pytest.approx(1, abs=1e-4) for scan in scans)


def test_negative_is_white_and_positive_has_cortex(brain):
    low, high = (blur(true_uptake(brain, Amyloid(x), np.random.default_rng(6)), 8.0) for x in (0.0, 90.0))
    white, cortex = np.isin(brain.tissue, (2, 41)), np.isin(brain.tissue, (1025, 2025, 1028, 2028))
    assert low[white].mean() > low[cortex].mean() + 0.3
    assert high[cortex].mean() > low[cortex].mean() + 0.3


def test_deep_white_matter_and_pons_are_hotter(brain):
    uptake = true_uptake(brain, Amyloid(0.0), np.random.default_rng(6))
    depth = depth_of(brain)
    white = np.isin(brain.tissue, (2, 41)) & (brain.white > 0.95)
    deep, shallow = uptake[white & (depth.gain > 1.2)].mean(), uptake[white & (depth.gain < 1.05)].mean()
    assert deep > 1.1 * shallow
    assert blur(uptake, 8.0)[brain.tissue == 16].mean() > 1.1


def test_subtype_and_side_show_at_low_load_and_fade(brain):
    def occipital_lead(load):
        images = [
            blur(true_uptake(brain, Amyloid(load, kind, 1.0), np.random.default_rng(7)), 8.0)
            for kind in ("occipital", "frontal")
        ]
        occipital = np.isin(brain.parcels % 1000, (11, 13, 21)) & (brain.parcels > 1000)
        return (images[0][occipital].mean() - images[1][occipital].mean()) / load

    assert occipital_lead(30.0) > 1.5 * occipital_lead(120.0) > 0
    left = blur(true_uptake(brain, Amyloid(60.0, asymmetry=0.3), np.random.default_rng(8)), 8.0)
    right = blur(true_uptake(brain, Amyloid(60.0, asymmetry=-0.3), np.random.default_rng(8)), 8.0)
    side = np.isin(brain.parcels, (1028, 1025, 1027))
    assert left[side].mean() > right[side].mean() + 0.03


def test_fitting_goes_through_the_blur(brain, tmp_path):
    table = fit_uptake([brain], iterations=8)
    rows = group_means()[lambda t: comparable(t)]
    image = blur(paint(brain, table.base, depth_of(brain)), 8.0)
    image /= image[brain.cerebellum].mean()
    seen = [image[brain.parcels == label].mean() for label in rows["label"]]
    assert np.corrcoef(seen, rows["negative"])[0, 1] > 0.97
    assert table.capacity[[8, 47, 16]].max() == 0
    assert table.capacity[1025] > 2 * table.capacity[1006] > 0
    np.testing.assert_array_equal(table.base[1001:1036], table.base[2001:2036])
    save_table(table, tmp_path / "uptake.csv")
    assert (tmp_path / "uptake.csv").read_text().startswith("label,base,capacity")


def test_the_bundled_uptake_is_florbetapirs():
    table = uptake_table()
    assert table.base[2] > 1.3 > table.base[1028] > table.base[24]
    assert table.capacity[1025] > table.capacity[1024] > table.capacity[1006]
    assert table.capacity[16] == 0
