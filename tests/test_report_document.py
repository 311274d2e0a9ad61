import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from petgen.case import SYNTHETIC, InputError, Light, Probabilities, Reference
from petgen.report import make_report, write_report
from petgen.report.content import content_of

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
        "ALZpath Simoa",
        "0 to 0.63",
        "posterior cingulate",
        "0" * 64,
        "p-tau217",
        "petgen synthesize",
    ):
        assert words in said
    assert "Not measured: Education" in said


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


def test_files_are_written_and_a_place_that_cannot_be_is_said(synthesis, tmp_path):
    assert [file.name for file in write_report(synthesis, tmp_path / "new")] == ["report.html", "report.pdf"]
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        write_report(synthesis, tmp_path / "file")
