import numpy as np
import pytest

from petgen.case import InputError
from petgen.diagnosis.reading import AREAS, INTENSE_FROM, ReadingNorms, contrast, fit_norms, read
from petgen.imaging.grid import template_grey_matter, template_mask, template_white_matter
from petgen.quantify.atlas import parcellation, regions
from petgen.quantify.lobes import lobe_of


@pytest.fixture(scope="module")
def labels():
    return np.where(template_mask(), parcellation(), 0)


@pytest.fixture(scope="module")
def t1():
    """White matter 1, grey matter 0.7, by the template's own maps."""
    return (template_white_matter() + 0.7 * template_grey_matter()).astype(np.float32)


def _pet(t1, labels, grey: float, hot: tuple[str, ...] = (), level: float = 1.5) -> np.ndarray:
    names = {region.index: region.name for region in regions()}
    hot_labels = [index for index, name in names.items() if name in hot]
    cortex = np.where(np.isin(labels, hot_labels), level, grey)
    return np.where(t1 > 0.9, 1.6, cortex).astype(np.float32)


@pytest.fixture(scope="module")
def norms(t1, labels):
    rng = np.random.default_rng(0)
    base = contrast(_pet(t1, labels, 1.0), labels, t1)
    return fit_norms([base * np.exp(rng.normal(0, 0.05, base.shape)) for _ in range(40)], "test")


def test_contrast_is_cortex_over_the_white_matter_beside_it(t1, labels):
    found = contrast(_pet(t1, labels, 1.0), labels, t1)
    cortical = np.array([bool(lobe_of(region.name)) for region in regions()])
    assert np.nanmedian(found[cortical]) == pytest.approx(1 / 1.6, abs=0.01)
    assert np.isnan(found[~cortical]).all()


def test_contrast_does_not_know_units(t1, labels):
    pet = _pet(t1, labels, 1.0)
    np.testing.assert_allclose(contrast(3000 * pet, labels, t1), contrast(pet, labels, t1), rtol=1e-4)


def test_a_brain_without_cortex_has_no_contrast(t1):
    assert np.isnan(contrast(t1, np.zeros(t1.shape, int), t1)).all()


def test_a_normal_scan_is_negative(t1, labels, norms):
    found = read(contrast(_pet(t1, labels, 1.0), labels, t1), norms)
    assert not found.positive
    assert found.reduced == found.intense == []


def test_contrast_lost_in_two_areas_is_positive_in_one_is_not(t1, labels, norms):
    frontal, parietal = ("superiorfrontal", "rostralmiddlefrontal"), ("inferiorparietal", "supramarginal")
    one = read(contrast(_pet(t1, labels, 1.0, frontal, 1.4), labels, t1), norms)
    assert (one.positive, one.reduced) == (False, ["Frontal"])
    both = read(contrast(_pet(t1, labels, 1.0, (*frontal, *parietal), 1.4), labels, t1), norms)
    assert (both.positive, both.reduced) == (True, ["Frontal", "Parietal"])


def test_one_gyrus_is_not_an_area(labels, norms):
    base = np.exp(np.array(norms.mean, dtype=float))
    for number, region in enumerate(regions()):
        if region.name == "superiorfrontal" and region.hemisphere == "L":
            base[number] = 2.0
    assert read(base, norms).reduced == []


def test_one_intense_area_is_positive(t1, labels, norms):
    hot = ("superiorfrontal", "rostralmiddlefrontal", "caudalmiddlefrontal")
    found = read(contrast(_pet(t1, labels, 1.0, hot, 1.6 * INTENSE_FROM * 1.1), labels, t1), norms)
    assert found.intense == ["Frontal"]
    assert found.positive


def test_areas_cover_the_lobes_that_the_label_names():
    assert {"Frontal", "Temporal", "Parietal"} <= set(AREAS)


def test_norms_go_through_a_file(norms, tmp_path):
    norms.save(tmp_path / "norms.json")
    assert ReadingNorms.load(tmp_path / "norms.json") == norms
    (tmp_path / "norms.json").write_text("{}")
    with pytest.raises(InputError, match=r"norms\.json"):
        ReadingNorms.load(tmp_path / "norms.json")
