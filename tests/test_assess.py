"""What a generator's tracer and gain do to its images, Centiloids and evidence."""

import numpy as np
import pytest
from pydantic import ValidationError

from petgen.assess import assess, evidence_of
from petgen.assets import asset
from petgen.case import Biomarkers
from petgen.generator.at_load import OnSubject, at_load
from petgen.generator.config import GeneratorConfig
from petgen.generator.synthesise import encode
from petgen.generator.weights import load_weights
from petgen.imaging.grid import template, template_mask
from petgen.quantify import EQUATIONS, centiloid_cortex, composite_suvr, parcellation, region_means, whole_cerebellum

FIELDS = np.zeros((16, 640), np.float32)


@pytest.fixture(scope="module")
def network():
    return load_weights(asset("weights/petgen.safetensors")).network


@pytest.fixture
def on():
    mask = template_mask()
    return OnSubject(mask, np.where(mask, parcellation(), 0), centiloid_cortex() & mask, whole_cerebellum() & mask)


def test_a_load_is_measured_on_the_scale_of_the_tracer(network, on, monkeypatch):
    encoded = encode(network, template(), on.parcels)
    plain = at_load(network, encoded, on, FIELDS, 60.0)
    config = network.config.model_copy(update={"tracer": "flutemetamol", "gain": 1.4})
    monkeypatch.setattr(network, "config", config)
    made = at_load(network, encoded, on, FIELDS, 60.0)
    measured = composite_suvr(made, on.cortex, on.cerebellum)
    assert EQUATIONS["flutemetamol"].centiloid(measured) == pytest.approx(60, abs=3)
    assert measured > composite_suvr(plain, on.cortex, on.cerebellum)
    assert made[on.cerebellum].mean() == pytest.approx(1, abs=0.02)
    assert made.min() == 0
    assert not made[~on.mask].any()


def test_scores_see_every_tracer_on_one_scale(network, on, monkeypatch):
    t1 = template()
    encoded = encode(network, t1, on.parcels)
    config = network.config.model_copy(update={"tracer": "flutemetamol", "gain": 1.4})
    monkeypatch.setattr(network, "config", config)
    found = assess(network, encoded, on, FIELDS, Biomarkers(), None)
    evidence = evidence_of(network, encoded, on, t1, Biomarkers(), found)
    florbetapir = EQUATIONS["florbetapir"]
    whole = florbetapir.suvr(EQUATIONS["flutemetamol"].centiloid(found.composite))
    assert florbetapir.centiloid(whole) == pytest.approx(found.centiloid)
    np.testing.assert_allclose(
        florbetapir.centiloid(evidence.suvr),
        EQUATIONS["flutemetamol"].centiloid(region_means(found.suvr, on.parcels)),
    )
    np.testing.assert_allclose(evidence.spread / found.regions_spread, 121.42 / 179.64)


def test_a_configuration_names_a_known_tracer():
    assert GeneratorConfig().equation is EQUATIONS["florbetapir"]
    for wrong in ({"tracer": "FDG"}, {"gain": 0}):
        with pytest.raises(ValidationError):
            GeneratorConfig(**wrong)
