"""How each tracer is displayed."""

from dataclasses import replace

import numpy as np
import pytest

from petgen.quantify import EQUATIONS
from petgen.views import COLORMAPS, PLACES
from petgen.views.tracers import RULES, SHARE, own_window, presets, synthetic_window


def _by_tracer(synthesis):
    return {preset.tracer: preset for preset in presets(synthesis)}


def test_every_rule_is_of_a_tracer_a_colour_scale_and_places_that_there_are():
    assert set(RULES) <= set(EQUATIONS)
    for rule in RULES.values():
        assert rule.colormap in COLORMAPS
        assert set(rule.order) <= set(PLACES)


def test_only_flutemetamol_is_read_in_the_striatum():
    assert [tracer for tracer, rule in RULES.items() if "Striatum" in rule.order] == ["flutemetamol"]


def test_the_anchor_stands_at_nine_tenths_of_the_scale(synthesis):
    suvr = synthesis.suvr.copy()
    suvr[np.isin(synthesis.parcellation, (2, 41))] = 1.8
    suvr[synthesis.parcellation == 16] = 1.44
    found = _by_tracer(replace(synthesis, suvr=suvr))
    assert found["florbetapir"].high == pytest.approx(1.8 / SHARE)
    assert found["flutemetamol"].high == pytest.approx(1.44 / SHARE)
    assert "1.80 SUVR) at 90 % of the scale" in found["florbetaben"].words


def test_the_brighter_of_the_scans_sets_the_scale(synthesis):
    dim, bright = (replace(synthesis, reference=synthesis.suvr * np.float32(factor)) for factor in (0.5, 1.5))
    alone = _by_tracer(synthesis)["florbetapir"].level
    assert _by_tracer(dim)["florbetapir"].level == pytest.approx(alone)
    assert _by_tracer(bright)["florbetapir"].level == pytest.approx(1.5 * alone, rel=1e-5)


@pytest.mark.parametrize("labels", [0, 1001])
def test_without_the_region_the_scale_is_a_usual_one(synthesis, labels):
    lost = replace(synthesis, parcellation=np.full_like(synthesis.parcellation, labels))
    assert {preset.high for preset in presets(lost)} == {1.8}


def test_a_tracer_without_a_rule_is_drawn_in_florbetapirs_window(synthesis):
    result = synthesis.result.model_copy(update={"tracer": "PiB"})
    assert synthetic_window(replace(synthesis, result=result)) == synthetic_window(synthesis)


def test_one_scan_alone_sets_its_own_scale(synthesis):
    ends = {factor: own_window(synthesis.suvr * factor, synthesis.parcellation, "florbetapir") for factor in (1.0, 1.5)}
    assert ends[1.0] == (0.0, _by_tracer(synthesis)["florbetapir"].high)
    assert ends[1.5][1] == pytest.approx(1.5 * ends[1.0][1], abs=0.01)
