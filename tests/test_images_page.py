"""The page of images, run without a browser."""

from dataclasses import replace
from functools import partial

import pytest
from page_tools import opened

import pages.parts.linked_viewer
from pages.parts.linked_viewer import niivue_script, script
from petgen.case import Reference


@pytest.fixture
def show(seen):
    """Runs the page with a case."""
    return partial(opened, "images.py")


@pytest.fixture
def compared(synthesis):
    own = Reference(
        tracer="flutemetamol",
        composite_suvr=1.3,
        centiloid=36.4,
        centiloid_equation="",
        fwhm_mm=6.1,
        ssim_brain=0.91,
        mae_suvr=0.11,
        regional_r=0.93,
    )
    return replace(
        synthesis,
        result=synthesis.result.model_copy(update={"reference": own}),
        reference=synthesis.suvr,
        regions=synthesis.regions.assign(suvr_reference=lambda table: table["suvr"] - 0.05),
    )


def _no_webgl(monkeypatch):
    monkeypatch.setattr(pages.parts.linked_viewer, "niivue_script", lambda: None)


def test_niivue_is_on_this_machine_and_our_parts_follow_it():
    assert niivue_script() is not None
    assert script().rstrip().endswith("}")
    assert "export default function mount" in script()


def test_the_page_opens(show, synthesis):
    at = show(synthesis)
    assert not at.exception
    assert not at.metric


def test_the_agreement_with_ones_own_pet_is_shown(show, compared):
    at = show(compared)
    assert not at.exception
    assert {metric.label: metric.value for metric in at.metric} == {
        "SSIM in the brain": "0.91",
        "Regional r": "0.93",
        "Mean absolute difference": "0.11 SUVR",
        "Bland-Altman bias": "+0.05 SUVR",
    }
    assert any("flutemetamol" in text.value for text in [*at.markdown, *at.caption])


def test_withheld_scores_withhold_the_agreement(show, compared):
    held = replace(compared, result=compared.result.model_copy(update={"centiloid": None}))
    assert not show(held).metric


def test_without_webgl_the_server_draws_three_planes_of_each_scan(show, compared, monkeypatch):
    _no_webgl(monkeypatch)
    at = show(compared)
    assert not at.exception
    assert "draws no WebGL" in at.info[0].value
    assert len(at.get("image")) == 10
    at.selectbox(key="place").set_value("Striatum").run()
    assert at.slider(key="x").value == 26
    assert any("right putamen" in caption.value for caption in at.caption)


def test_the_server_draws_both_scenarios(show, synthesis, monkeypatch):
    _no_webgl(monkeypatch)
    at = show(synthesis)
    at.radio(key="scenario").set_value("positive").run()
    assert any("Synthetic PET, if positive (70 %)" in text.value for text in at.markdown)
