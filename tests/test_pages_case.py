"""The form of a case and its way through the queue; a stand-in takes the place of the pipeline."""

import time
from threading import Event

import pytest
from page_tools import finished, keep, metrics, page, press, words

from pages.parts import current_case, job_card, session
from petgen.case import InputError, Step
from petgen.store import LOCAL

NOTE = "74-year-old woman. MMSE 23/30. Plasma p-tau217 (ALZpath) 0.91 pg/mL. CSF Abeta42 510 pg/mL."


def _own(at):
    return at.radio(key="source").set_value("Own scan").run()


def _demo(at, code="demo01"):
    return at.selectbox(key="demo").set_value(code).run()


def _upload(at, content, name="scan.nii.gz", key="upload"):
    return at.file_uploader(key=key).set_value([(name, content, "application/gzip")]).run()


def test_a_demo_case_fills_the_form(seen):
    at = page().run()
    assert at.number_input(key="value_age_demo01").value == 74
    assert at.selectbox(key="value_apoe4_demo01").value == 1
    assert at.number_input(key="value_moca_demo01").value is None
    _demo(at, "demo02")
    assert at.number_input(key="value_age_demo02").value == 66
    assert at.number_input(key="value_p_tau217_demo02").value is None


def test_the_button_leads_to_the_numbers(seen):
    at = press(page().run())
    assert not at.exception
    assert not at.error
    assert metrics(at) == {"Centiloid": "64 CL", "Composite SUVR": "1.40", "Amyloid zone": "Positive"}
    assert seen[0].biomarkers.p_tau217 == 0.91
    assert seen[0].code == "demo01"
    assert seen[0].simulated_pet is not None
    assert [row.values["p_tau217"] for row in session.store().cases.of(LOCAL)] == [0.91]


def test_the_open_case_can_be_run_again_with_other_values(seen):
    at = press(page().run())
    first = at.session_state[current_case.CASE]
    assert at.radio(key="source").value == "Open case"
    at.number_input(key=f"value_p_tau217_again{first}").set_value(0.2)
    at = press(at)
    assert [case.biomarkers.p_tau217 for case in seen] == [0.91, 0.2]
    assert at.session_state[current_case.CASE] != first
    assert len(session.store().cases.of(LOCAL)) == 2


def test_an_uploaded_scan_is_kept_without_its_skull_and_can_be_run_again(seen, demos):
    at = _upload(_own(page().run()), demos[0].t1.read_bytes(), "jane_doe.nii.gz")
    at.text_input(key="code_own1").set_value("SITE07").run()
    at = press(at)
    assert not at.error
    assert seen[0].code == "SITE07"
    assert not seen[0].biomarkers.measured()
    row = session.store().cases.get(at.session_state[current_case.CASE], LOCAL)
    assert row.source == "stripped"
    assert "jane" not in str(row.model_dump()).lower()
    at.radio(key="source").set_value("Open case").run()
    at.number_input(key=f"value_age_again{row.id}").set_value(70.0)
    at = press(at)
    assert [case.biomarkers.age for case in seen] == [None, 70]
    assert seen[1].scan.shape == seen[0].scan.shape


def test_a_pet_of_ones_own_goes_through_with_its_tracer_and_nothing_is_kept_of_the_scan(seen, demos):
    at = _upload(_own(page().run()), demos[0].t1.read_bytes())
    _upload(at, demos[0].reference_pet.read_bytes(), "pet.nii.gz", "pet_own1")
    at.selectbox(key="tracer_own1").set_value("flutemetamol").run()
    at = press(at)
    assert not at.exception
    assert seen[-1].tracer == "flutemetamol"
    assert seen[-1].pet.shape == (91, 109, 91)
    assert session.store().cases.get(at.session_state[current_case.CASE], LOCAL).source == "upload"


def test_a_second_upload_starts_with_an_empty_form(seen, demos):
    at = _own(page().run())
    at.number_input(key="value_nfl_own1").set_value(31.0)
    at = press(at)
    assert "no MRI" in at.error[0].value
    content = demos[0].t1.read_bytes()
    _upload(at, content, "a.nii.gz")
    assert at.number_input(key="value_nfl_own1").value == 31
    _upload(at, content, "b.nii.gz")
    assert at.number_input(key="value_nfl_own2").value is None
    assert at.text_input(key="code_own2").value == "CASE02"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("value_abeta42_demo01", 120.0, "outside the plausible range"),
        ("value_age_demo01", 7.0, "Age of 7 years"),
        ("value_p_tau217_demo01", -1.0, "check the unit"),
        ("value_mmse_demo01", 31.0, "MMSE"),
    ],
)
def test_a_value_that_cannot_be_gives_a_message_and_keeps_the_form(seen, field, value, said):
    at = page().run()
    at.number_input(key=field).set_value(value)
    at = press(at)
    assert not at.exception
    assert said in at.error[0].value
    assert at.number_input(key=field).value == value
    assert not seen
    assert not session.store().cases.of(LOCAL)


def test_two_bad_values_are_named_both(seen):
    at = page().run()
    at.number_input(key="value_age_demo01").set_value(7.0)
    at.number_input(key="value_mmse_demo01").set_value(31.0)
    message = press(at).error[0].value
    assert "- Age of 7" in message
    assert "- MMSE of 31" in message


def test_an_error_keeps_the_earlier_result(seen):
    at = press(page().run())
    case = at.session_state[current_case.CASE]
    at.number_input(key=f"value_age_again{case}").set_value(7.0)
    at = press(at)
    assert at.error
    assert metrics(at)["Centiloid"] == "64 CL"
    assert at.session_state[current_case.CASE] == case


@pytest.mark.parametrize("content", [b"", b"not a scan", b"\x1f\x8b broken", b"PK\x03\x04zip"])
def test_an_upload_that_is_no_scan_gives_a_message(seen, content):
    at = press(_upload(_own(page().run()), content))
    assert not at.exception
    assert at.error
    assert not seen


@pytest.mark.parametrize("code", ["", "Jane Doe", "../etc"])
def test_a_code_of_other_than_letters_and_digits_is_refused(seen, demos, code):
    at = _upload(_own(page().run()), demos[0].t1.read_bytes())
    at.text_input(key="code_own1").set_value(code).run()
    at = press(at)
    assert "letters and digits" in at.error[0].value
    assert not seen


def test_a_failure_in_the_pipeline_gives_a_message(seen, monkeypatch):
    import petgen.pipeline

    def failing(case, models, keep=None):
        yield Step("Skull strip", 1, 8)
        raise InputError("no brain was found", where="scan", mend="Check that this is a head.")

    monkeypatch.setattr(petgen.pipeline, "synthesize", failing)
    at = press(page().run())
    assert not at.exception
    assert "no brain was found" in at.error[0].value
    assert "Check that this is a head" in at.error[0].value


@pytest.fixture
def slow(seen, monkeypatch):
    """A pipeline that waits in its first step until it is let go."""
    import petgen.pipeline

    go, quick = Event(), petgen.pipeline.synthesize

    def synthesize(case, models, keep=None):
        events = quick(case, models, keep)
        yield next(events)
        go.wait(20)
        yield from events

    monkeypatch.setattr(petgen.pipeline, "synthesize", synthesize)
    yield go
    go.set()


def _begin(at):
    next(button for button in at.button if button.label.startswith("Synthesise")).click().run()
    deadline = time.monotonic() + 10
    while "Step 1 of 2" not in words(at.run()):
        assert time.monotonic() < deadline
    return at


def test_a_run_shows_its_step_outlives_the_page_and_ends_in_its_result(slow):
    at = _begin(page().run())
    case = at.session_state[current_case.CASE]
    fresh = page()
    fresh.query_params[current_case.CASE] = case
    assert "Step 1 of 2: Skull strip" in words(fresh.run())
    slow.set()
    assert metrics(finished(fresh))["Centiloid"] == "64 CL"


def test_a_second_case_waits_in_the_queue_and_can_be_cancelled(slow, seen):
    first = _begin(page().run())
    second = _demo(page().run(), "demo02")
    next(button for button in second.button if button.label.startswith("Synthesise")).click().run()
    assert "Begins next" in words(second)
    next(button for button in second.button if button.label == "Cancel").click().run()
    assert "cancelled" in second.info[0].value
    slow.set()
    finished(first)
    assert [case.code for case in seen] == ["demo01"]


def test_a_page_that_waits_looks_less_often_than_one_whose_turn_is_near(slow, monkeypatch):
    asked = []
    fragment = job_card.st.fragment
    monkeypatch.setattr(
        job_card.st, "fragment", lambda draw, run_every: asked.append(run_every) or fragment(draw, run_every=run_every)
    )
    first = _begin(page().run())
    running, said = asked[-1], []
    for _ in range(2):
        at = page().run()
        next(button for button in at.button if button.label.startswith("Synthesise")).click().run()
        said.append((next(text for text in words(at).split("**") if "queue" in text or "next" in text), asked[-1]))
    assert said == [("Begins next", running), ("In the queue, place 2", job_card._WAITING_S)]
    assert running < job_card._WAITING_S
    at.button(key=next(b.key for b in at.button if b.label == "Cancel")).click().run()
    slow.set()
    finished(first)


def test_values_of_a_note_are_confirmed_before_they_are_used(seen):
    at = _own(page().run())
    at.number_input(key="value_nfl_own1").set_value(31.0)
    at.text_area(key="note_own1").set_value(NOTE)
    next(button for button in at.button if button.label == "Find values").click().run()
    assert not at.exception
    labels = [box.label for box in at.checkbox]
    assert labels == ["Age: 74 years", "Sex: Female", "MMSE: 23 points", "p-tau217: 0.91 pg/mL"]
    assert "not to be used" in words(at)
    assert "CSF" in words(at)
    at.checkbox[2].uncheck()
    next(button for button in at.button if button.label == "Use the ticked values").click().run()
    assert at.number_input(key="value_age_own1r1").value == 74
    assert at.selectbox(key="value_sex_own1r1").value == "F"
    assert at.number_input(key="value_mmse_own1r1").value is None
    assert at.number_input(key="value_nfl_own1r1").value == 31
    assert not seen


def test_a_note_without_values_says_so(seen):
    at = _own(page().run())
    at.text_area(key="note_own1").set_value("The patient was seen today.")
    next(button for button in at.button if button.label == "Find values").click().run()
    assert "No value that petgen knows was found" in words(at)


def test_an_old_case_keeps_its_result_while_it_is_run_again(slow, synthesis):
    case = keep(synthesis, demo="demo01")
    at = page()
    at.session_state[current_case.CASE] = case
    at = _begin(at.run())
    assert at.session_state[current_case.CASE] != case
    assert session.store().has_result(case, LOCAL)


def test_other_limits_of_the_zones_go_through(seen):
    at = page().run()
    at.number_input(key="low_demo01").set_value(12.0)
    at.number_input(key="high_demo01").set_value(24.0)
    press(at)
    assert seen[0].cutoffs == (12, 24)


def test_zones_that_overlap_are_refused(seen):
    at = page().run()
    at.number_input(key="low_demo01").set_value(40.0)
    at = press(at)
    assert "the zones overlap" in at.error[0].value.lower()
    assert not seen
