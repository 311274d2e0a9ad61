"""Explanation and what-if on a small untrained generator: what they do must follow from asking it again."""

import numpy as np
import pytest
import torch

from petgen.case import Biomarkers, Effect, Light, Probabilities, Reading, Result, Scenario, Scenarios
from petgen.diagnosis.intervals import fit_intervals
from petgen.diagnosis.summary import case_summary, withheld
from petgen.explain import RANGES, Explainer
from petgen.generator.config import NUMBERS, GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.imaging.grid import template
from petgen.quantify.atlas import parcellation, regions

VALUES = Biomarkers(age=74, sex="F", apoe4=1, abeta40=150, abeta42=6.0, p_tau217=0.9, nfl=24)


class _Numbers:
    """Values as numbers, the simplest conditioning."""

    def features(self, values):
        from petgen.diagnosis.values import features

        return features([values])


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    torch.manual_seed(0)
    config = GeneratorConfig(conditioning="numbers", fields=("values",), text_features=NUMBERS, width=8)
    network = Generator(config).eval()
    rng = np.random.default_rng(0)
    count = len(regions())
    ranks = rng.random((60, count + 1))
    intervals = fit_intervals(["negative/core"] * 60, ranks[:, 0], ranks[:, 1:], np.full(count, 0.1), "test")
    return Explainer(network, encode(network, template(), parcellation()), _Numbers(), intervals)


def test_an_effect_is_the_result_minus_the_result_without_the_value(explainer):
    found = explainer._ask(VALUES)
    effects = {effect.name: effect for effect in explainer.effects(VALUES, found)}
    assert set(effects) == {"age", "sex", "apoe4", "abeta40", "abeta42", "p_tau217", "nfl"}
    without = explainer._ask(VALUES.model_copy(update={"p_tau217": None}))
    assert effects["p_tau217"].centiloid == pytest.approx(found.median - without.median)
    assert effects["p_tau217"].probability == pytest.approx(found.positive[0] - without.positive[0])
    sizes = [abs(effect.probability) for effect in effects.values()]
    assert sizes == sorted(sizes, reverse=True)


def test_nothing_measured_has_no_effects(explainer):
    assert explainer.effects(Biomarkers(), explainer._ask(Biomarkers())) == []


@pytest.mark.parametrize("name", RANGES)
def test_a_curve_goes_over_the_range_of_each_value(explainer, name):
    points = explainer.curve(VALUES, name, points=4)
    values = [point.value for point in points]
    assert values == sorted(values)
    assert values[0] == pytest.approx(RANGES[name][0], abs=0.51)
    assert values[-1] == pytest.approx(RANGES[name][1], abs=0.51)
    for point in points:
        assert point.interval[0] <= point.interval[1]
        assert 0 <= point.probability <= 1


def test_a_curve_passes_through_the_patient(explainer):
    low, high = RANGES["p_tau217"]
    there = VALUES.model_copy(update={"p_tau217": float(np.sqrt(low * high))})
    middle = explainer.curve(there, "p_tau217", points=3)[1]
    assert middle.centiloid == pytest.approx(explainer._ask(there).median, abs=0.5)


def _result(**changes) -> Result:
    fine = {
        "composite_suvr": 1.3,
        "centiloid": 46.4,
        "centiloid_equation": "test",
        "amyloid_status": "positive",
        "intervals": {"centiloid": (10.0, 80.0)},
        "scenarios": Scenarios(
            negative=Scenario(weight=0.3, load=3, centiloid=4), positive=Scenario(weight=0.7, load=66, centiloid=66)
        ),
        "p_amyloid_positive": Probabilities(t1=0.4, inputs=0.72, spet=0.7),
        "effects": [
            Effect(name="p_tau217", centiloid=30, probability=0.4),
            Effect(name="nfl", centiloid=-2, probability=-0.06),
        ],
        "reading": Reading(positive=True, reduced=["Frontal", "Parietal"], intense=[]),
        "timings_s": {"total": 1.0},
        "model_version": "0",
        "weights_sha256": "0",
        "petgen_version": "0",
        "seed": 0,
        "device": "cpu",
    }
    return Result(**{**fine, **changes})


def test_the_summary_says_what_the_numbers_say():
    text = case_summary(_result())
    for words in (
        "46 Centiloids",
        "10 to 80",
        "30 % for a negative",
        "70 % for a positive",
        "p-tau217 (raises it by 40 points)",
    ):
        assert words in text
    assert "NfL (lowers it by 6 points)" in text
    assert "frontal and parietal" in text


def test_a_sure_case_is_said_to_be_likely():
    sure = Scenarios(
        negative=Scenario(weight=0.97, load=1, centiloid=1), positive=Scenario(weight=0.03, load=60, centiloid=60)
    )
    text = case_summary(_result(scenarios=sure, effects=[], reading=Reading(positive=False, reduced=[], intense=[])))
    assert "amyloid-negative scan likely (97 %)" in text
    assert "No single value" in text
    assert "synthetic PET is negative" in text


def test_a_rule_and_a_zone_at_odds_are_explained():
    negative = Reading(positive=False, reduced=["Frontal"], intense=[])
    assert "is negative; rule and zones turn at different loads" in case_summary(_result(reading=negative))
    agreed = case_summary(_result(reading=negative, amyloid_status="negative", centiloid=2.0))
    assert "is negative." in agreed
    assert "different loads" not in agreed


def test_caution_is_said_last():
    text = case_summary(_result(light=Light(level="amber", reasons=["The brain measures 0.90 litres."])))
    assert text.endswith("Caution: The brain measures 0.90 litres.")


def test_another_tracers_scan_has_no_read_of_florbetapirs_rule():
    assert "reader's rule" not in case_summary(_result(tracer="flutemetamol", reading=None))


def test_red_says_why_there_is_nothing():
    assert withheld(Light(level="red", reasons=["Because."])) == "No scores are given for this case. Because."
