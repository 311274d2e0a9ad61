"""Every page, run without a browser: without a case, with one, with a withheld one; what each shows."""

import gc
import json
from dataclasses import replace

import pytest
from page_tools import PAGES, finished, keep, metrics, opened, page, press, words

from pages.parts import current_case, demo_cards, session
from petgen.case import SYNTHETIC, InputError, Light, Probabilities, Reference
from petgen.store import LOCAL

OWN = Reference(
    tracer="flutemetamol",
    composite_suvr=1.3,
    centiloid=36.4,
    centiloid_equation="CL = 121.42 x SUVR - 121.16",
    fwhm_mm=6.1,
    ssim_brain=0.91,
    mae_suvr=0.11,
    regional_r=0.93,
)


@pytest.fixture
def compared(synthesis):
    """With a reference PET."""
    return replace(
        synthesis,
        result=synthesis.result.model_copy(update={"reference": OWN}),
        reference=synthesis.suvr,
        regions=synthesis.regions.assign(suvr_reference=synthesis.regions["suvr"] + 0.05),
    )


@pytest.fixture
def withheld(synthesis):
    """With a red light."""
    light = Light(level="red", reasons=["The brain measures 0.61 litres."])
    held = {"light": light, "centiloid": None, "composite_suvr": None, "amyloid_status": None}
    empty = {"p_amyloid_positive": Probabilities(), "effects": [], "reading": None, "intervals": None}
    return replace(synthesis, result=synthesis.result.model_copy(update={**held, **empty, "scenarios": None}))


@pytest.fixture
def still(monkeypatch):
    """Leaves the what-if out, which needs the models; it has tests of its own."""
    import pages.parts.what_if

    monkeypatch.setattr(pages.parts.what_if, "what_if", lambda case: None)


def test_the_front_door_opens_with_the_banner(seen):
    at = page().run()
    assert not at.exception
    assert SYNTHETIC in at.warning[0].value
    assert "simulated cohort" in at.warning[0].value
    assert "No case is open" in at.warning[0].value


def test_the_front_door_names_the_open_case_and_its_model(seen, synthesis):
    at = page()
    at.query_params[current_case.CASE] = keep(synthesis)
    at.run()
    assert not at.exception
    assert "Case **TEST01**" in at.warning[0].value
    assert "model 0.0.0" in at.warning[0].value


def test_a_run_of_a_page_does_not_go_through_all_that_is_loaded(seen):
    """Streamlit collects garbage after each; what the libraries hold is left out of it."""
    page().run()
    assert gc.get_freeze_count() > 10 * len(gc.get_objects())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_a_case(seen, name):
    assert not page(name).run().exception


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("kind", ["synthesis", "compared", "withheld"])
def test_every_page_opens_with_a_case(seen, still, name, kind, request):
    at = opened(name, request.getfixturevalue(kind))
    assert not at.exception


def test_the_rule_of_florbetapir_is_not_applied_to_another_tracer(seen, still, synthesis):
    other = synthesis.result.model_copy(update={"tracer": "flutemetamol", "reading": None})
    at = opened("diagnosis.py", replace(synthesis, result=other))
    assert not at.exception
    assert "This PET is of flutemetamol: it is not applied" in words(at)


@pytest.mark.parametrize("name", ["case.py", "regions.py", "diagnosis.py"])
def test_no_page_shows_a_score_that_is_withheld(seen, still, name, withheld):
    at = opened(name, withheld)
    assert at.error
    assert not at.metric
    assert not at.dataframe


def test_the_case_page_says_why_scores_are_withheld(seen, withheld):
    at = opened("case.py", withheld)
    assert "No scores are given" in at.error[0].value
    assert "0.61 litres" in at.error[0].value


@pytest.mark.parametrize("name", PAGES)
def test_a_case_of_somebody_else_is_not_there(seen, name, synthesis):
    row = session.store().cases.add("user:other", "SECRET7", "demo")
    at = page(name)
    at.session_state[current_case.CASE] = row.id
    at.run()
    assert not at.exception
    assert "SECRET7" not in words(at)


def test_a_damaged_result_is_said_and_harms_nothing_else(seen, synthesis):
    case = keep(synthesis)
    (session.store().open_result(case, LOCAL) / "regions.tsv").write_text("")
    at = page()
    at.session_state[current_case.CASE] = case
    at.run()
    assert not at.exception
    assert "regions.tsv" in at.error[0].value.replace("\\", "")


def test_the_summary_of_the_case_is_shown(seen, synthesis):
    at = opened("case.py", synthesis)
    assert synthesis.result.summary in words(at)
    assert any("like those that the model has seen" in box.value for box in at.success)
    assert metrics(at) == {"Centiloid": "64 CL", "Composite SUVR": "1.40", "Amyloid zone": "Positive"}
    assert "negative 30 %, if so about 5 CL" in words(at)
    assert any("p-tau217" in box.value for box in at.info)


def test_the_agreement_with_a_reference_is_shown(seen, still, compared):
    for name in ("case.py", "diagnosis.py"):
        said = words(opened(name, compared))
        assert "patient's own PET (flutemetamol)" in said
        assert "patient's own PET 36 CL" in said
        assert "SSIM in the brain 0.91" in said
    assert "against the patient's own PET" in words(opened("regions.py", compared))


def test_a_simulated_reference_is_called_one(seen, compared):
    told = compared.result.model_copy(update={"reference": OWN.model_copy(update={"simulated": True})})
    said = words(opened("case.py", replace(compared, result=told)))
    assert "simulated reference 36 CL" in said
    assert "own PET" not in said.replace("patient's own amyloid PET", "")


def test_a_demo_card_opens_the_result_computed_beforehand(seen, monkeypatch, demos, synthesis, tmp_path):
    from petgen.report import write_outputs

    write_outputs(synthesis, tmp_path / "result")
    ready = [replace(demos[0], result=tmp_path / "result"), demos[1]]
    monkeypatch.setattr(demo_cards, "demo_cases", lambda: ready)
    at = page().run()
    at.button(key="open_demo01").click().run()
    assert not at.exception
    assert metrics(at)["Centiloid"] == "64 CL"
    assert not seen
    first = at.session_state[current_case.CASE]
    next(button for button in at.button if button.label == "Close case").click().run()
    at.button(key="open_demo01").click().run()
    assert at.session_state[current_case.CASE] == first


def test_a_demo_without_a_result_is_run(seen):
    at = page().run()
    at.button(key="open_demo02").click().run()
    at = finished(at)
    assert [case.code for case in seen] == ["demo02"]
    assert metrics(at)["Centiloid"] == "64 CL"


def test_missing_demos_are_said(seen, monkeypatch):
    from pages.parts import case_form

    def missing():
        raise InputError("bundled file is missing", where="cases", mend="Reinstall petgen.")

    monkeypatch.setattr(demo_cards, "demo_cases", missing)
    monkeypatch.setattr(case_form, "demo_cases", missing)
    at = page().run()
    assert not at.exception
    assert "Reinstall petgen." in at.error[0].value


def test_accepting_and_rejecting_are_kept_with_their_reason(seen, synthesis):
    at = opened("quality.py", synthesis)
    case = at.session_state[current_case.CASE]
    assert "1 waiting" in words(at)
    at.button[-2].click().run()
    assert "Accepted" in at.success[0].value
    at.text_input(key=f"reason_{case}").set_value("*cerebellum* cut off").run()
    press(at, "Reject")
    assert "Rejected" in at.error[0].value
    assert "\\*cerebellum\\* cut off" in at.error[0].value
    assert [read.verdict for read in session.store().reads.of(case, LOCAL)] == ["accept", "reject"]
    assert "0 waiting** · 0 accepted · 1 rejected" in words(at)


def test_the_next_waiting_case_is_opened(seen, synthesis):
    other = keep(synthesis)
    at = opened("quality.py", synthesis)
    press(at, "Next waiting case")
    assert at.session_state[current_case.CASE] == other


def test_history_finds_reopens_and_deletes_for_good(seen, synthesis, tmp_path):
    case, other = keep(synthesis), keep(replace(synthesis, code="SITE02"), title="")
    at = page("history.py").run()
    assert "2 of 2 cases" in words(at)
    at.text_input(key="sought").set_value("site").run()
    assert "1 of 2 cases" in words(at)
    folder = session.store().open_result(other, LOCAL)
    at.button(key=f"delete_{other}").click().run()
    assert not folder.exists()
    assert [row.id for row in session.store().cases.of(LOCAL)] == [case]
    assert not any(b"SITE02" in file.read_bytes() for file in (tmp_path / "data").rglob("*.json"))


def test_an_export_holds_every_file_of_the_result(seen, synthesis):
    import io
    import zipfile

    from pages.parts.case_rows import zipped

    case = keep(synthesis)
    archive = zipfile.ZipFile(io.BytesIO(zipped(session.store().cases.get(case, LOCAL))))
    folder = session.store().open_result(case, LOCAL)
    assert sorted(archive.namelist()) == sorted(f"TEST01/{file.name}" for file in folder.iterdir())
    assert json.loads(archive.read("TEST01/values.json"))["p_tau217"] == 0.91


def test_the_model_page_shows_the_card_and_the_tables(seen):
    said = words(page("model.py").run())
    assert "simulated cohort" in said
    assert "Intended use" in said
