"""An image that measures a load: what one Centiloid more adds, and how little painting it takes."""

import numpy as np
import pytest

from petgen.assess import assess, what_if
from petgen.assets import asset
from petgen.benchmark.predictor import load_predictor
from petgen.case import Biomarkers
from petgen.generator import at_load as module
from petgen.generator.at_load import OnSubject, Painted, at_load, moved, slope_among, slope_between, slope_of
from petgen.generator.synthesise import encode
from petgen.imaging.grid import template, template_mask
from petgen.quantify import centiloid_cortex, composite_suvr, parcellation, whole_cerebellum


@pytest.fixture(scope="module")
def predictor():
    return load_predictor(asset("weights"), "petgen")


@pytest.fixture(scope="module")
def on():
    mask = template_mask()
    return OnSubject(mask, np.where(mask, parcellation(), 0), centiloid_cortex() & mask, whole_cerebellum() & mask)


@pytest.fixture(scope="module")
def encoded(predictor, on):
    return encode(predictor.network, template(), on.parcels)


@pytest.fixture
def paintings(monkeypatch):
    """Loads that the network was asked to paint."""
    asked, paint = [], module.paint
    monkeypatch.setattr(module, "paint", lambda *given: asked.append(given[3]) or paint(*given))
    return asked


def _painted(load: float, value: float, measured: float) -> Painted:
    return Painted(load, np.full((2, 2, 2), value, np.float32), measured)


def test_the_slope_is_what_a_centiloid_adds_whichever_comes_first():
    low, high = _painted(0, 1.0, 5), _painted(100, 2.0, 85)
    np.testing.assert_allclose(slope_between(low, high), 1 / 80)
    np.testing.assert_array_equal(slope_between(low, high), slope_between(high, low))
    np.testing.assert_allclose(moved(low, slope_between(low, high)), 1 - 5 / 80)


def test_a_network_that_hardly_follows_the_load_is_not_pushed_far():
    low, deaf, contrary = _painted(0, 1.0, 5), _painted(100, 1.2, 15), _painted(100, 1.2, -5)
    np.testing.assert_allclose(slope_between(low, deaf), 0.2 / 45, rtol=1e-6)
    assert not slope_between(low, contrary).any()
    assert not slope_between(low, low).any()


def test_paintings_too_near_each_other_tell_nothing():
    near = [_painted(20, 1.0, 20), _painted(30, 1.1, 31)]
    assert slope_among(near) is None
    np.testing.assert_allclose(slope_among([*near, _painted(60, 1.4, 60)]), 0.4 / 40, rtol=1e-6)


def test_nothing_is_moved_below_zero():
    assert moved(_painted(0, 0.1, 50), np.full((2, 2, 2), 0.01, np.float32)).min() == 0


def test_scenarios_measure_their_loads_with_one_painting_each(predictor, encoded, on, paintings):
    features = predictor.conditioning.features(Biomarkers(age=70, sex="F"))
    found = assess(predictor.network, encoded, on, features, Biomarkers(age=70, sex="F"), None)
    assert paintings == list(found.images)
    for load, image in found.images.items():
        assert predictor.network.config.equation.centiloid(
            composite_suvr(image, on.cortex, on.cerebellum)
        ) == pytest.approx(load, abs=0.2)


def test_a_what_if_paints_once_where_the_slope_is_known(predictor, encoded, on, paintings):
    values = Biomarkers(age=74, sex="F", p_tau217=0.8)
    features = predictor.conditioning.features(values)
    slope = slope_of(predictor.network, encoded, on, features)
    paintings.clear()
    other = values.model_copy(update={"p_tau217": 0.5})
    found = what_if(predictor.network, encoded, on, predictor.conditioning, other, slope=slope)
    assert paintings == [found.outlook.median]
    assert found.centiloid == pytest.approx(found.outlook.median, abs=0.2)
    twice = at_load(predictor.network, encoded, on, predictor.conditioning.features(other), found.outlook.median)
    assert np.abs(twice - found.suvr)[on.mask].mean() < 0.01
