"""Every door at which a case is seen, run, read, taken along or deleted leaves a line."""

import io
from dataclasses import replace

import pandas as pd
import pytest
from page_tools import PAGES, finished, keep, page, press
from typer.testing import CliRunner

from pages.parts import current_case, demo_cards, reading_scan, session
from petgen.case import Reference
from petgen.cli import app
from petgen.report import write_outputs
from petgen.store import LOCAL, items_of, open_store


def deeds():
    return [(row.who, row.deed, row.code) for row in session.store().audit.all()]


@pytest.fixture
def still(monkeypatch):
    """Leaves the what-if out, which needs the models."""
    import pages.parts.what_if

    monkeypatch.setattr(pages.parts.what_if, "what_if", lambda case: None)


@pytest.mark.parametrize("name", PAGES)
def test_opening_a_case_on_any_page_but_the_blinded_one_is_noted_once(seen, still, synthesis, name):
    at = page(name)
    at.session_state[current_case.CASE] = keep(synthesis)
    at.run()
    at.run()
    assert deeds() == ([(LOCAL, "saw", "TEST01")] if name != "reading.py" else [])


def test_a_demo_a_run_and_a_second_run(seen, monkeypatch, demos, synthesis, tmp_path):
    write_outputs(replace(synthesis, code="demo01"), tmp_path / "result")
    ready = [replace(demos[0], result=tmp_path / "result"), demos[1]]
    monkeypatch.setattr(demo_cards, "demo_cases", lambda: ready)
    at = page().run()
    at.button(key="open_demo01").click().run()
    assert deeds() == [(LOCAL, "saw", "demo01")]
    press(at)
    assert deeds()[1:] == [(LOCAL, "ran", "demo01"), (LOCAL, "saw", "demo01")]
    at = page("history.py").run()
    next(button for button in at.button if button.label == "Run again").click().run()
    finished(at)
    assert [deed for _, deed, _ in deeds()[3:]] == ["ran", "saw", "saw"]


@pytest.mark.parametrize(("name", "count"), [("case.py", 5), ("regions.py", 1), ("history.py", 1)])
def test_every_file_that_is_taken_along_is_noted(seen, synthesis, name, count):
    at = page(name)
    at.session_state[current_case.CASE] = keep(synthesis)
    at.run()
    assert len(at.get("download_button")) == count
    for number in range(count):
        at.get("download_button")[number].click().run()
    assert not at.exception
    assert [line for line in deeds() if line[1] == "exported"] == [(LOCAL, "exported", "TEST01")] * count


def test_deleting_is_noted_and_stays(seen, synthesis):
    case = keep(synthesis)
    at = page("history.py").run()
    at.button(key=f"delete_{case}").click().run()
    assert deeds()[-1] == (LOCAL, "deleted", "TEST01")


def test_the_reading_room_notes_who_saw_read_took_along_and_deleted(seen, synthesis, monkeypatch):
    monkeypatch.setattr(reading_scan, "slice_stack", lambda volume, high, key: None)
    found = Reference(
        tracer="florbetapir", simulated=True, composite_suvr=1.3, centiloid=50, centiloid_equation="CL", fwhm_mm=None,
        ssim_brain=0.9, mae_suvr=0.1, regional_r=0.9,
    )  # fmt: skip
    result = synthesis.result.model_copy(update={"reference": found})
    case = keep(replace(synthesis, result=result, reference=synthesis.suvr))
    store = session.store()
    row = store.series.make(LOCAL, "amyloid", [case], 1)
    at = page("reading.py").run()
    at.text_input(key="reading_code").set_value("R1").run()
    at.button(key=f"read_{row.id}").click().run()
    at.run()
    assert deeds() == [("R1", "saw", "TEST01")]
    for said in ("say_positive", "confidence_4", "quality_3", "say_next"):
        at.button(key=said).click().run()
    assert deeds()[1:] == [("R1", "read", "TEST01"), ("R1", "saw", "TEST01")]
    store.series.delete(row.id, LOCAL)
    assert deeds()[3:] == [(LOCAL, "deleted reads", "TEST01")]
    left = store.series.make(LOCAL, "amyloid", [case, keep(replace(synthesis, code="TEST02"))], 1)
    store.series.leave_out(left.id, LOCAL, items_of(left)[0].case)
    assert deeds()[-1][1] == "deleted reads"


def test_the_terminal_prints_the_audit_of_everybody(tmp_path, monkeypatch):
    monkeypatch.setenv("PETGEN_DATA", str(tmp_path))
    with open_store() as store:
        store.audit.note("anna", "saw", "A1")
        store.audit.note("ben", "deleted", "B\t1")
    table = pd.read_csv(io.StringIO(CliRunner().invoke(app, ["audit"]).stdout), sep="\t")
    assert table[["who", "deed", "code"]].values.tolist() == [["anna", "saw", "A1"], ["ben", "deleted", "B\t1"]]
    assert table["time"].str.endswith("+00:00").all()
    only = CliRunner().invoke(app, ["audit", "--who", "anna"]).stdout
    assert "anna" in only
    assert "ben" not in only
    assert "A1" not in CliRunner().invoke(app, ["audit", "--code", "B1"]).stdout
