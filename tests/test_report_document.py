import io
import json
import re
import shlex
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from petgen.case import (
    SYNTHETIC,
    Biomarkers,
    Effect,
    InputError,
    Light,
    Probabilities,
    Quality,
    Reference,
    check_biomarkers,
)
from petgen.cli import app
from petgen.report import make_report, read_outputs, write_outputs, write_report
from petgen.report.about import command
from petgen.report.content import content_of
from petgen.views import scenario_picture

pypdf = pytest.importorskip("pypdf")
WHEN = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
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


def _with(synthesis, **changes):
    return replace(synthesis, result=synthesis.result.model_copy(update=changes))


def _pages(report):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report.pdf)).pages]


def _text(report):
    return re.sub(r"<[^>]+>", " ", re.sub(r"data:image[^\"]+", "", report.html.decode()))


@pytest.fixture(scope="module")
def report(synthesis):
    return make_report(synthesis, WHEN)


def test_both_forms_say_the_same(report, synthesis):
    content = content_of(synthesis, made="2026-03-01 12:30 UTC", checksum="")
    pdf, html = " ".join(" ".join(_pages(report)).split()), " ".join(_text(report).split())
    for section in content.sections:
        assert section.title in pdf
        assert section.title in html
        for table in section.tables:
            for row in table.rows:
                for cell in (cell for cell in row if 0 < len(cell) < 20 and not cell.startswith("petgen")):
                    assert cell in pdf
                    assert cell in html


def test_two_to_three_pages_each_marked(report):
    pages = _pages(report)
    assert 2 <= len(pages) <= 3
    assert all(SYNTHETIC in page and "simulated cohort" in page for page in pages)
    assert SYNTHETIC in _text(report)


def test_what_a_physician_looks_for_is_there(report):
    said = " ".join(" ".join(_pages(report)).split())
    for words in (
        "64 CL",
        "20 to 90 CL",
        "CL = 179.64 × SUVR − 186.95",
        "ALZpath Simoa",
        "0 to 0.63, above",
        "posterior cingulate",
        "0" * 64,
        "1" * 64,
        "Values, SHA-256",
        "p-tau217",
        "petgen synthesize",
        "Age: 74 years.",
    ):
        assert words in said
    assert "Not measured: Education" in said


def test_every_page_has_the_case_code_and_its_number(report):
    pages = _pages(report)
    for number, page in enumerate(pages, 1):
        assert "Case TEST01" in page
        assert f"Page {number} of {len(pages)}" in page


@pytest.fixture(scope="module")
def crowded(synthesis):
    """All values, amber, warnings, an own PET, an open posterior."""
    values = {
        "age": 74, "sex": "F", "education": 12, "apoe4": 1, "mmse": 23, "moca": 18, "avlt": 1, "abeta40": 152,
        "abeta42": 3.9, "t_tau": 0.9, "p_tau181": 3.1, "p_tau217": 0.98, "nfl": 24, "gfap": 1234,
    }  # fmt: skip
    quality = Quality(
        similarity=0.9, brain_litres=1.2, already_stripped=True, scan_overall=0.5, scan_worst=1.2, values=0.1
    )
    changes = {
        "reference": OWN,
        "light": Light(level="amber", reasons=["The strangest place of the scan is at 120 % of the limit."] * 3),
        "warnings": ["The voxels of the scan are larger than most of those that the model has seen."] * 6,
        "summary": synthesis.result.summary * 12,
        "quality": quality,
        "origin": "The series was taken because it is the only one. " * 3,
        "effects": [Effect(name=name, centiloid=3, probability=0.02) for name in values],
        "cutoffs": (12.0, 25.5),
    }
    return replace(
        _with(synthesis, **changes),
        biomarkers=Biomarkers(**values),
        reference=synthesis.suvr * 0.9,
        regions=synthesis.regions.assign(suvr_reference=synthesis.regions["suvr"] + 3),
        prompt="[Blood] Plasma amyloid-beta 40: 152 pg/mL, middle in the reference interval;\n" * 9,
    )


@pytest.fixture(scope="module")
def crowded_report(crowded):
    return make_report(crowded, WHEN)


def test_much_to_say_still_fits_on_three_pages(crowded_report):
    pages = _pages(crowded_report)
    assert len(pages) == 3
    assert "To reproduce" in pages[-1]


def test_a_reference_of_another_tracer_has_its_equation_and_its_regions(crowded, report, crowded_report):
    said = _text(crowded_report)
    assert "CL = 121.42 × SUVR − 121.16" in said
    highest = crowded.regions.loc[crowded.regions["name"] == "precuneus", "suvr_reference"].max()
    assert f"{highest:.2f}" in said
    assert f"{highest:.2f}" not in _text(report)


def test_large_values_are_written_out(crowded, crowded_report):
    said = _text(crowded_report)
    assert "1234 pg/mL" in said
    assert not re.search(r"\de\+\d", said)
    assert not any("e+" in warning for warning in crowded.biomarkers.warnings())


@pytest.mark.parametrize(("weight", "drawn"), [(0.7, True), (0.97, False)])
def test_scenarios_are_drawn_while_it_is_open(synthesis, weight, drawn):
    scenarios = synthesis.result.scenarios
    changed = scenarios.model_copy(
        update={
            "negative": scenarios.negative.model_copy(update={"weight": 1 - weight}),
            "positive": scenarios.positive.model_copy(update={"weight": weight}),
        }
    )
    content = content_of(_with(synthesis, scenarios=changed), made="", checksum="")
    pictures = next(section for section in content.sections if section.title == "Images").pictures
    assert len(pictures) == 1 + drawn
    if drawn:
        assert f"weight {weight:.0%}".replace("%", " %") in pictures[1].words


def test_scenarios_stand_on_their_sides(synthesis):
    same, differing = (
        scenario_picture(synthesis.negative, synthesis.negative * factor, (0.0, 2.0)) for factor in (1, 1.5)
    )
    half = same.shape[1] // 2
    assert (same[60:, :half] == differing[60:, :half]).all()
    assert differing[:, half:].mean() < same[:, half:].mean() - 1


def test_the_command_and_the_values_give_the_case_again(crowded, synthesis):
    made = command(crowded)
    given = get_command(app).commands["synthesize"].make_context("synthesize", shlex.split(made)[2:]).params
    assert given["code"] == crowded.code
    assert given["seed"] == crowded.result.seed
    assert given["tracer"] == "flutemetamol"
    assert (given["negative_below"], given["positive_above"]) == crowded.result.cutoffs
    assert "--pet" not in command(synthesis)
    rows = dict(content_of(crowded, made="", checksum="").sections[-1].tables[0].rows)
    assert check_biomarkers(json.loads(rows["values.json"])) == crowded.biomarkers


def test_the_checksum_is_that_of_the_written_volume(synthesis, tmp_path):
    write_outputs(synthesis, tmp_path)
    file = tmp_path / "sub-TEST01_space-MNI152NLin2009aSym_desc-synthetic_pet.nii.gz"
    expected = sha256(file.read_bytes()).hexdigest()
    for case in (synthesis, read_outputs(tmp_path)):
        assert expected in _text(make_report(case, WHEN))


@pytest.mark.parametrize("simulated", [True, False])
def test_the_reference_is_called_what_it_is(synthesis, simulated):
    found = OWN.model_copy(update={"simulated": simulated})
    said = _text(make_report(replace(_with(synthesis, reference=found), reference=synthesis.suvr), WHEN))
    assert ("imulated reference PET" in said) is simulated
    assert ("own PET" in said) is not simulated
    assert "36 CL" in said


def test_red_says_why_and_gives_no_score(synthesis):
    light = Light(level="red", reasons=["The brain measures 0.61 litres."])
    held = {"light": light, "centiloid": None, "composite_suvr": None, "amyloid_status": None, "intervals": None}
    empty = {"p_amyloid_positive": Probabilities(), "effects": [], "reading": None, "scenarios": None, "summary": ""}
    report = make_report(_with(synthesis, **held, **empty), WHEN)
    said = _text(report)
    assert "0.61 litres" in said
    assert "withheld" in said
    assert "64 CL" not in said
    assert "Cortex by lobe" not in said


def test_odd_words_are_shown_as_they_are(synthesis):
    report = make_report(_with(synthesis, warnings=["<script>alert(1)</script> & <b>"]), WHEN)
    assert b"<script>" not in report.html
    assert "<script>alert(1)</script>" in " ".join(" ".join(_pages(report)).split())


def test_the_same_case_gives_the_same_bytes(synthesis, report):
    assert make_report(synthesis, WHEN) == report


def test_negative_numbers_have_a_sign_of_print(synthesis):
    found = OWN.model_copy(update={"ssim_brain": -0.06, "regional_r": -0.001})
    words = "The model expects 18 Centiloids (90 % interval -11 to 85); p-tau217 does most."
    said = _text(make_report(replace(_with(synthesis, reference=found, summary=words), reference=synthesis.suvr), WHEN))
    assert "SSIM in the brain −0.06, r over regions 0.00" in said
    assert "−11 to 85" in said
    assert "p-tau217 does most" in said


def test_the_terminal_makes_it_from_the_files_of_a_case(synthesis, tmp_path):
    write_outputs(synthesis, tmp_path / "case")
    before = sorted((tmp_path / "case").iterdir())
    run = CliRunner().invoke(app, ["report", str(tmp_path / "case"), "--out", str(tmp_path / "report")])
    assert run.exit_code == 0
    assert sorted(file.name for file in (tmp_path / "report").iterdir()) == ["report.html", "report.pdf"]
    assert 2 <= len(pypdf.PdfReader(tmp_path / "report" / "report.pdf").pages) <= 3
    assert sorted((tmp_path / "case").iterdir()) == before


def test_files_are_written_and_a_place_that_cannot_be_is_said(synthesis, tmp_path):
    assert [file.name for file in write_report(synthesis, tmp_path / "new")] == ["report.html", "report.pdf"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        write_report(synthesis, tmp_path / "file")
