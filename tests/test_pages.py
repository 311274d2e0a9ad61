"""Every page, run without a browser; the pipeline is replaced by a finished synthesis."""

from dataclasses import replace
from pathlib import Path

import nibabel as nib
import pytest
from streamlit.testing.v1 import AppTest

import pages.parts.case_form
import pages.parts.run
from pages.parts.run import SHOWN, Shown
from petgen.case import SYNTHETIC, Biomarkers, InputError, Light, Probabilities, Reference, Step
from petgen.demos import DemoCase
from petgen.imaging.grid import on_grid

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py") if path.name != "__init__.py")
BUTTON = "Synthesise amyloid PET"


@pytest.fixture
def demos(tmp_path, synthesis):
    t1, pet = tmp_path / "T1w.nii.gz", tmp_path / "pet.nii.gz"
    nib.save(on_grid(synthesis.t1), t1)
    nib.save(on_grid(synthesis.suvr), pet)
    full = Biomarkers(age=74, sex="F", apoe4=1, mmse=24, p_tau217=0.91, nfl=24.6)
    return [
        DemoCase("demo01", "Positive", "A simulated case.", t1, full, pet, 71.2),
        DemoCase("demo02", "Negative", "Another.", t1, Biomarkers(age=66, sex="M"), None, None),
    ]


@pytest.fixture
def seen(monkeypatch, synthesis, demos):
    """The cases that reached the pipeline."""
    cases = []

    def synthesize(case, models):
        cases.append(case)
        yield Step("Generator", 1, 2)
        yield Step("Regions and Centiloid", 2, 2)
        yield synthesis

    monkeypatch.setattr(pages.parts.run, "_models", lambda: None)
    monkeypatch.setattr(pages.parts.run.pipeline, "synthesize", synthesize)
    monkeypatch.setattr(pages.parts.case_form, "demo_cases", lambda: demos)
    return cases


def _page(name: str = "case.py") -> AppTest:
    return AppTest.from_file(str(ROOT / "pages" / name), default_timeout=60)


def _metrics(at: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in at.metric}


def _press(at: AppTest) -> AppTest:
    return next(button for button in at.button if button.label == BUTTON).click().run()


def test_the_front_door_opens_with_the_banner(seen):
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert SYNTHETIC in at.warning[0].value
    assert "simulated cohort" in at.warning[0].value


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_a_case(seen, name):
    assert not _page(name).run().exception


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("with_reference", [True, False])
def test_every_page_opens_with_a_case(seen, name, with_reference, synthesis):
    at = _page(name)
    at.session_state[SHOWN] = Shown("demo demo01", synthesis, synthesis.suvr if with_reference else None)
    at.run()
    assert not at.exception


def test_without_a_bundled_demo_the_page_still_opens(seen, monkeypatch):
    monkeypatch.setattr(pages.parts.case_form, "demo_cases", list)
    at = _page().run()
    assert not at.exception
    at = _press(at)
    assert "no MRI" in at.error[0].value


def test_missing_bundled_files_give_a_message(seen, monkeypatch):
    def missing():
        raise InputError("bundled file is missing", where="cases", mend="Reinstall petgen.")

    monkeypatch.setattr(pages.parts.case_form, "demo_cases", missing)
    at = _page().run()
    assert not at.exception
    assert "Reinstall petgen." in at.error[0].value


def test_a_demo_case_fills_the_form(seen):
    at = _page().run()
    assert at.number_input(key="value_age_demo01").value == 74
    assert at.selectbox(key="value_apoe4_demo01").value == 1
    assert at.number_input(key="value_moca_demo01").value is None
    at.selectbox(key="demo").set_value("demo02").run()
    assert at.number_input(key="value_age_demo02").value == 66
    assert at.number_input(key="value_p_tau217_demo02").value is None


def test_a_press_meant_for_another_case_runs_nothing(seen):
    at = _page().run()
    late = next(button for button in at.button if button.label == BUTTON)
    at.selectbox(key="demo").set_value("demo02")
    late.click().run()
    assert not at.exception
    assert not seen
    at = _press(at)
    assert [case.biomarkers.age for case in seen] == [66]
    assert seen[0].biomarkers.p_tau217 is None


def test_a_second_upload_starts_with_an_empty_form(seen, demos):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    at.number_input(key="value_nfl_own1").set_value(31.0)
    at = _press(at)
    assert "no MRI" in at.error[0].value
    content = demos[0].t1.read_bytes()
    at.file_uploader(key="upload").set_value([("a.nii.gz", content, "application/gzip")]).run()
    assert at.number_input(key="value_nfl_own1").value == 31
    at.file_uploader(key="upload").set_value([("b.nii.gz", content, "application/gzip")]).run()
    assert at.number_input(key="value_nfl_own2").value is None
    assert at.text_input(key="code_own2").value == "CASE02"


def test_own_scan_starts_with_an_empty_form(seen):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    assert not at.exception
    assert all(field.value is None for field in at.number_input)


def test_the_button_leads_to_the_numbers_and_the_pictures(seen):
    at = _press(_page().run())
    assert not at.exception
    assert not at.error
    assert _metrics(at) == {"Centiloid": "64 CL", "Composite SUVR": "1.40", "Amyloid zone": "Positive"}
    assert len(at.get("image")) == 10
    assert seen[0].biomarkers.p_tau217 == 0.91
    assert seen[0].code == "demo01"
    assert "p-tau217" in at.info[0].value


def test_a_case_without_reference_shows_two_rows(seen):
    at = _page().run()
    at.selectbox(key="demo").set_value("demo02").run()
    at = _press(at)
    assert len(at.get("image")) == 7


def test_both_scenarios_can_be_looked_at(seen):
    at = _press(_page().run())
    said = [text.value for text in at.markdown]
    assert any("negative 30 %, if so about 5 CL" in text for text in said)
    crosshair = next(caption.value for caption in at.caption if "synthetic SUVR" in caption.value)
    choice = at.segmented_control(key="scenario")
    assert choice.value == "median"
    choice.set_value("positive").run()
    assert any("Synthetic PET, if positive (70 %)" in text.value for text in at.markdown)
    assert crosshair not in [caption.value for caption in at.caption]


def test_the_crosshair_goes_to_a_chosen_place_and_names_the_region(seen):
    at = _press(_page().run())
    at.selectbox(key="place").set_value("Striatum").run()
    assert at.slider(key="x").value == 26
    assert any("right putamen" in caption.value for caption in at.caption)


@pytest.mark.parametrize("window", [(0.0, 2.0), (1.0, 1.0), (0.0, 0.1)])
def test_any_window_can_be_set(seen, window):
    at = _press(_page().run())
    at.slider(key="window").set_value(window).run()
    assert not at.exception


@pytest.mark.parametrize("scale", ["grey", "hot", "spectrum"])
def test_any_colour_scale_and_convention_can_be_set(seen, scale):
    at = _press(_page().run())
    at.selectbox(key="colormap").set_value(scale)
    at.selectbox(key="convention").set_value("Neurological").run()
    assert not at.exception


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("value_abeta42_demo01", 120.0, "outside the plausible range"),
        ("value_age_demo01", 7.0, "Age of 7 years"),
        ("value_p_tau217_demo01", -1.0, "check the unit"),
        ("value_mmse_demo01", 31.0, "MMSE"),
    ],
)
def test_a_value_that_cannot_be_gives_a_message_and_keeps_the_form(seen, field, value, words):
    at = _page().run()
    at.number_input(key=field).set_value(value)
    at = _press(at)
    assert not at.exception
    assert words in at.error[0].value
    assert at.number_input(key=field).value == value
    assert not seen


def test_two_bad_values_are_named_both(seen):
    at = _page().run()
    at.number_input(key="value_age_demo01").set_value(7.0)
    at.number_input(key="value_mmse_demo01").set_value(31.0)
    message = _press(at).error[0].value
    assert "- Age of 7" in message
    assert "- MMSE of 31" in message


def test_an_error_keeps_the_earlier_result(seen):
    at = _press(_page().run())
    at.number_input(key="value_age_demo01").set_value(7.0)
    at = _press(at)
    assert at.error
    assert _metrics(at)["Centiloid"] == "64 CL"
    assert any("not to what the form now holds" in info.value for info in at.info)


def test_the_result_of_another_case_is_marked_as_such(seen):
    at = _press(_page().run())
    assert not any("belongs to case" in info.value for info in at.info)
    at.selectbox(key="demo").set_value("demo02").run()
    assert any("belongs to case TEST01" in info.value for info in at.info)


@pytest.mark.parametrize("content", [b"", b"not a scan", b"\x1f\x8b broken", b"PK\x03\x04zip"])
def test_an_upload_that_is_no_scan_gives_a_message(seen, content):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    at.file_uploader(key="upload").set_value([("scan.nii.gz", content, "application/gzip")]).run()
    at = _press(at)
    assert not at.exception
    assert at.error
    assert not seen


def test_an_uploaded_scan_goes_through_under_its_code(seen, demos):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    at.file_uploader(key="upload").set_value([("jane_doe.nii.gz", demos[0].t1.read_bytes(), "application/gzip")]).run()
    at.text_input(key="code_own1").set_value("SITE07").run()
    at = _press(at)
    assert not at.error
    assert seen[0].code == "SITE07"
    assert not seen[0].biomarkers.measured()


@pytest.mark.parametrize("code", ["", "Jane Doe", "../etc"])
def test_a_code_of_other_than_letters_and_digits_is_refused(seen, demos, code):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    at.file_uploader(key="upload").set_value([("scan.nii.gz", demos[0].t1.read_bytes(), "application/gzip")]).run()
    at.text_input(key="code_own1").set_value(code).run()
    at = _press(at)
    assert "letters and digits" in at.error[0].value
    assert not seen


def test_a_failure_in_the_pipeline_gives_a_message(seen, monkeypatch):
    def failing(case, models):
        yield Step("Skull strip", 1, 8)
        raise InputError("no brain was found", where="scan", mend="Check that this is a head.")

    monkeypatch.setattr(pages.parts.run.pipeline, "synthesize", failing)
    at = _press(_page().run())
    assert not at.exception
    assert "No brain was found" in at.error[0].value
    assert "Check that this is a head." in at.error[0].value


def test_the_scores_of_the_case_are_shown(seen, synthesis):
    at = _page()
    at.session_state[SHOWN] = Shown("demo demo01", synthesis, None)
    at.run()
    assert not at.exception
    assert synthesis.result.summary in [text.value for text in at.markdown]
    assert any("like those that the model has seen" in box.value for box in at.success)


def test_red_shows_why_and_no_score(seen, synthesis):
    light = Light(level="red", reasons=["The brain measures 0.61 litres."])
    held = {"light": light, "centiloid": None, "composite_suvr": None, "amyloid_status": None}
    empty = {"p_amyloid_positive": Probabilities(), "effects": [], "reading": None, "intervals": None}
    red = replace(synthesis, result=synthesis.result.model_copy(update={**held, **empty, "scenarios": None}))
    at = _page()
    at.session_state[SHOWN] = Shown("demo demo01", red, None)
    at.run()
    assert not at.exception
    assert "No scores are given" in at.error[0].value
    assert "0.61 litres" in at.error[0].value
    assert not at.metric
    assert not at.dataframe


def test_a_pet_of_ones_own_goes_through_with_its_tracer(seen, demos):
    at = _page().run()
    at.segmented_control(key="source").set_value("Own scan").run()
    at.file_uploader(key="upload").set_value([("t1.nii.gz", demos[0].t1.read_bytes(), "application/gzip")]).run()
    pet = demos[0].reference_pet.read_bytes()
    at.file_uploader(key="pet_own1").set_value([("pet.nii.gz", pet, "application/gzip")]).run()
    at.selectbox(key="tracer_own1").set_value("flutemetamol").run()
    _press(at)
    assert not at.exception
    assert seen[-1].tracer == "flutemetamol"
    assert seen[-1].pet.shape == (91, 109, 91)


def test_the_agreement_with_ones_own_pet_is_shown(seen, synthesis):
    own = Reference(
        tracer="flutemetamol",
        composite_suvr=1.3,
        centiloid=36.4,
        centiloid_equation="CL = 121.42 x SUVR - 121.16",
        fwhm_mm=6.1,
        ssim_brain=0.91,
        mae_suvr=0.11,
        regional_r=0.93,
    )
    compared = replace(
        synthesis, result=synthesis.result.model_copy(update={"reference": own}), reference=synthesis.suvr
    )
    at = _page()
    at.session_state[SHOWN] = Shown("upload", compared, synthesis.suvr, 36.4, {}, "Patient's own PET")
    at.run()
    assert not at.exception
    words = " ".join(text.value for text in [*at.markdown, *at.caption])
    assert "Patient's own PET" in words
    assert "patient's own 36 CL" in words
    assert "flutemetamol" in words
