"""The reading room: series made, read blind, left, resumed, closed, and what comes of them."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from page_tools import keep, page, words
from streamlit.testing.v1 import AppTest

from pages.parts import current_case, reading_results, reading_scan, session
from petgen.case import Light, Reference
from petgen.report import write_outputs
from petgen.store import LOCAL, items_of
from petgen.views.tracers import own_window

CENTILOID = {"CASE1": 80.0, "CASE2": 3.0, "CASE3": 25.0}
SIMULATED = Reference(
    tracer="florbetapir",
    simulated=True,
    composite_suvr=1.3,
    centiloid=0,
    centiloid_equation="CL",
    fwhm_mm=None,
    ssim_brain=0.9,
    mae_suvr=0.1,
    regional_r=0.9,
)


def with_reference(synthesis, code, centiloid, *, simulated=True):
    found = SIMULATED.model_copy(update={"centiloid": centiloid, "simulated": simulated})
    result = synthesis.result.model_copy(update={"reference": found})
    return replace(synthesis, code=code, reference=synthesis.suvr * 2, result=result)


@pytest.fixture
def cases(seen, synthesis):
    """Ids of three finished cases, by code; the reference is twice as bright as the synthetic scan."""
    return {code: keep(with_reference(synthesis, code, value)) for code, value in CENTILOID.items()}


@pytest.fixture
def shown(monkeypatch):
    """The volumes that are drawn, and under which key."""
    found = []
    monkeypatch.setattr(reading_scan, "slice_stack", lambda volume, high, key: found.append((volume, key)))
    return found


def button(at, label):
    return next(button for button in at.button if button.label == label)


def made(at, mode=None):
    if mode:
        at.radio(key="reading_mode").set_value(mode).run()
    return button(at, "Make series").click().run()


def entered(at, reader="R1"):
    at.text_input(key="reading_code").set_value(reader).run()
    return button(at, next(b.label for b in at.button if b.label in ("Read", "Read on"))).click().run()


def say(at, verdict, confidence=4, quality=3):
    at.button(key=f"say_{verdict}").click().run()
    at.button(key=f"confidence_{confidence}").click().run()
    at.button(key=f"quality_{quality}").click().run()
    return at.button(key="say_next").click().run()


def series():
    return session.store().series.of(LOCAL)[0]


def recorded():
    return session.store().series.reads(series().id, LOCAL)


def test_a_press_together_with_the_typed_code_takes_the_code(seen, cases, shown):
    at = made(page("reading.py").run())
    at.text_input(key="reading_code").set_value("R1")
    button(at, "Read").click().run()
    assert not at.exception
    assert not at.error
    assert "scan **1 of 6**" in at.get("progress")[0].proto.text


def test_without_a_case_the_way_to_one_is_shown(seen):
    at = page("reading.py").run()
    assert not at.exception
    assert "A series needs finished cases" in words(at)
    assert not [b for b in at.button if b.label == "Make series"]


def test_a_case_without_a_reference_or_with_withheld_scores_is_not_offered(seen, synthesis, cases):
    keep(replace(synthesis, code="NONE"))
    red = with_reference(synthesis, "RED", 50.0)
    keep(replace(red, result=red.result.model_copy(update={"light": Light(level="red"), "centiloid": None})))
    at = page("reading.py").run()
    options = at.multiselect(key="reading_cases").options
    assert sorted(options) == [f"{code} (simulated)" for code in CENTILOID]


def test_a_rehearsal_is_called_one_and_an_evaluation_is_not(seen, synthesis, cases):
    at = page("reading.py").run()
    assert "Reference scans: simulated (3). This is a rehearsal, not a physician evaluation." in words(at)
    keep(with_reference(synthesis, "OWN", 40.0, simulated=False))
    said = words(page("reading.py").run())
    assert "Reference scans: simulated (3), patients' own PET (1). This is a rehearsal" in said
    for case in cases.values():
        session.store().delete_case(case, LOCAL)
    said = words(page("reading.py").run())
    assert "Reference scans: patients' own PET (1)." in said
    assert "rehearsal" not in said


def test_a_whole_series_left_and_resumed_in_between(seen, synthesis, cases, shown):
    brightest = float(synthesis.suvr[synthesis.mask].max())
    at = entered(made(page("reading.py").run()))
    order = items_of(series())
    codes = {case: code for code, case in cases.items()}
    truth = {item: CENTILOID[codes[item.case]] >= 25 for item in order}
    for number, item in enumerate(order[:4], start=1):
        assert f"scan **{number} of 6**" in at.get("progress")[0].proto.text
        assert shown[-1][0].max() == pytest.approx(brightest * (2 if item.scan == "reference" else 1))
        say(at, "positive" if truth[item] else "negative", confidence=5, quality=2)
    assert [(read.case_id, read.scan) for read in recorded()] == order[:4]
    button(at, "Leave").click().run()
    assert "R1 4 of 6" in words(at)

    at = entered(page("reading.py").run())
    assert "scan **5 of 6**" in at.get("progress")[0].proto.text
    for item in order[4:]:
        say(at, "negative" if truth[item] else "positive")
    assert not at.exception
    assert "all 6 scans are read" in words(at)
    assert {(read.reader, read.confidence, read.quality) for read in recorded()[:4]} == {("R1", 5, 2)}
    assert not at.table

    button(at, "Close and show results").click().run()
    assert not at.exception
    assert "rehearsal, not a physician evaluation" in at.info[0].value
    table = at.table[0].value
    right = {scan: sum(item.scan == scan for item in order[:4]) for scan in ("reference", "synthetic")}
    for line, scan in zip(table.itertuples(), ("reference", "synthetic"), strict=True):
        assert (line.Index, line.Scans) == ("R1", scan)
        assert line.Accuracy.startswith(f"{100 * right[scan] / 3:.0f} % (")
    assert table["Sensitivity"].str.endswith("n 2").all()
    assert table["Specificity"].str.endswith("n 1").all()
    assert "Needs two readers." in words(at)
    assert series().closed


def test_nothing_on_the_screen_tells_which_scan_it_is(seen, cases, shown):
    at = page("reading.py")
    at.session_state[current_case.CASE] = cases["CASE1"]
    at = entered(made(at.run()))
    while shown and len(shown) < 60 and at.get("progress"):
        said = words(at) + at.get("progress")[0].proto.text
        for word in (*CENTILOID, "Clear positive", "simulated", "Centiloid", "CL", "weights"):
            assert word not in said
        assert not at.metric
        assert not at.table
        say(at, "negative")
    keys = {key for _, key in shown}
    assert len(keys) == 6
    assert not any(case in key or "ref" in key for key in keys for case in cases.values())


def test_the_banner_names_no_case_here(seen, cases):
    def front_door():
        from pages.parts.banner import banner

        banner(blinded=True)

    at = AppTest.from_function(front_door)
    at.session_state[current_case.CASE] = cases["CASE1"]
    said = at.run().warning[0].value
    assert "SYNTHETIC, not for diagnosis" in said
    assert "mix synthetic with reference scans" in said
    assert "CASE1" not in said
    assert "Clear positive" not in said


def test_both_scans_of_a_patient_have_the_same_edge_and_no_sign(tmp_path, synthesis):
    from petgen.report import read_blinded

    odd = synthesis.suvr.copy()
    odd[0, 0, 0], odd[45, 50, 40] = 7.0, -1.0
    write_outputs(replace(with_reference(synthesis, "A1", 3.0), suvr=odd), tmp_path)
    made_scan, reference = (read_blinded(tmp_path, scan).suvr for scan in ("synthetic", "reference"))
    assert made_scan[0, 0, 0] == 0
    assert made_scan.min() == 0
    assert not made_scan[~synthesis.mask].any()
    assert not reference[~synthesis.mask].any()
    assert (made_scan.dtype, made_scan.shape) == (reference.dtype, reference.shape)


def test_each_scan_is_shown_by_the_rule_of_its_own_tracer(tmp_path, synthesis):
    from petgen.report import read_blinded

    case = with_reference(synthesis, "A1", 3.0)
    write_outputs(case, tmp_path)
    made_scan, reference = (read_blinded(tmp_path, scan) for scan in ("synthetic", "reference"))
    assert made_scan.high == pytest.approx(own_window(case.suvr, case.parcellation, "florbetapir")[1], abs=0.02)
    assert reference.high == pytest.approx(2 * made_scan.high, abs=0.02)


def test_next_needs_all_three_answers(seen, cases, shown):
    at = entered(made(page("reading.py").run()))
    for key in ("say_positive", "confidence_1", "quality_5"):
        assert at.button(key="say_next").disabled
        at.button(key=key).click().run()
    assert not at.button(key="say_next").disabled
    at.button(key="say_negative").click().run()
    at.button(key="say_next").click().run()
    assert at.button(key="say_next").disabled
    assert [(read.verdict, read.confidence, read.quality) for read in recorded()] == [("negative", 1, 5)]


def test_a_scan_is_recorded_once_even_from_two_windows(seen, cases, shown):
    at = entered(made(page("reading.py").run()))
    other = entered(page("reading.py").run())
    for key in ("say_negative", "confidence_1", "quality_1"):
        other.button(key=key).click().run()
    say(at, "positive")
    other.button(key="say_next").click().run()
    assert "has read this scan already" in other.error[0].value
    assert [read.verdict for read in recorded()] == ["positive"]


def test_a_name_is_no_reader_code(seen, cases, shown):
    at = entered(made(page("reading.py").run()), reader="Dr. Muster")
    assert "never a name" in at.error[0].value
    assert not shown


def test_two_readers_on_the_origin_and_the_files(seen, cases, shown, monkeypatch):
    files = {}

    def kept(label, data, name, *_, **__):
        files[label] = pd.read_csv(io.BytesIO(data))

    monkeypatch.setattr(reading_results.st, "download_button", kept)
    at = made(page("reading.py").run(), "origin")
    order = items_of(series())
    for reader in ("R1", "R2"):
        entered(at, reader)
        for item in order:
            say(at, "synthetic" if reader == "R2" else item.scan)
        button(at, "Leave").click().run()
    assert "R1 6 of 6, R2 6 of 6" in words(at)
    button(at, "Close and show results").click().run()
    told, pairs = at.table[0].value, at.table[1].value
    assert told.iloc[:, 0].tolist() == ["100 % (54 to 100), n 6", "50 % (12 to 88), n 6"]
    assert told["p against chance"].tolist() == ["0.031", "1.000"]
    assert pairs["Kappa"].tolist() == ["Cohen 0.00 (no interval)"]
    reads, figures = files["Reads (.csv)"], files["Figures (.csv)"]
    assert reads["position"].tolist() == [*range(1, 7)] * 2
    assert reads["right"].sum() == 9
    assert set(reads["case"]) == set(CENTILOID)
    assert set(reads["reference_centiloid"]) == set(CENTILOID.values())
    assert reads["reference_simulated"].all()
    assert set(reads["provenance"]) == set(figures["provenance"]) == {"SYNTHETIC, not for diagnosis"}
    right = figures[(figures["figure"] == "right") & (figures["reader"] == "R1")].iloc[0]
    assert (right["value"], right["n"], round(right["low"], 2), right["high"]) == (1, 6, 0.54, 1)


def test_a_patient_whose_reference_is_gone_is_left_out(seen, synthesis, cases, shown):
    at = entered(made(page("reading.py").run()))
    first = next(item for item in items_of(series()) if item.scan == "reference")
    while (item := items_of(series())[len(recorded())]) != first:
        say(at, "positive")
    session.store().save_result(item.case, LOCAL, lambda folder: write_outputs(synthesis, folder))
    at = entered(page("reading.py").run())
    assert not at.exception
    assert "can no longer be shown" in at.error[0].value
    button(at, "Leave this patient out of the series").click().run()
    assert not at.exception
    assert len(items_of(series())) == 4
    assert item.case not in {read.case_id for read in recorded()}


def test_a_series_deleted_elsewhere_is_said(seen, cases, shown):
    at = entered(made(page("reading.py").run()))
    session.store().series.delete(series().id, LOCAL)
    at.run()
    assert not at.exception
    assert "no such series" in at.error[0].value
    assert "Reading room" in words(at.run())


def test_a_series_is_deleted_for_good(seen, cases):
    at = made(page("reading.py").run())
    button(at, "Delete for good").click().run()
    assert session.store().series.of(LOCAL) == []
    assert len(session.store().cases.of(LOCAL)) == 3
