"""The main flow in headless Chromium, with the bundled models: what a new user walks through, in order."""

import os
import sqlite3
from pathlib import Path

import pytest
from dashboard import FLAGS, ROOT, dashboard
from guarded.loopback import LOG

SYNTHESIS_MS = 240_000
"""The language model may have to be converted first."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Folder of the dashboard's store."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def attempts(tmp_path_factory):
    """File in which the dashboard's process, which is let out to loopback only, writes what it tried."""
    return tmp_path_factory.mktemp("network") / "attempts"


@pytest.fixture(scope="module")
def address(chromium, data, attempts):
    path = os.pathsep.join(map(str, (ROOT / "tests" / "guarded", ROOT)))
    with dashboard(environment={"PETGEN_DATA": str(data), "PYTHONPATH": path, LOG: str(attempts)}) as url:
        yield url


@pytest.fixture(scope="module")
def page(chromium, address):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.outside = []
        page.on(
            "request", lambda request: page.outside.append(request.url) if _is_outside(request.url, address) else None
        )
        page.goto(address)
        yield page
        browser.close()


def _is_outside(url, address):
    return not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))


def _go(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


def _idle(page):
    """Waits for the end of a run, which gives the files of the page new names."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=30_000)
    page.wait_for_timeout(500)


def _main(page):
    return page.get_by_test_id("stMain")


@pytest.fixture(scope="module")
def demo(page):
    """The page with a demo case open, its result computed beforehand."""
    page.get_by_text("Begin with a demo case").wait_for(timeout=60_000)
    _main(page).get_by_role("button", name="Open", exact=True).first.click()
    page.get_by_role("heading", name="Case demo01").wait_for(timeout=30_000)
    return page


@pytest.fixture(scope="module")
def ran(demo):
    """The page after the same case was run with another value, by way of another page meanwhile."""
    field = demo.get_by_role("spinbutton", name="p-tau217")
    field.fill("0.2")
    demo.get_by_role("button", name="Synthesise amyloid PET").click()
    demo.get_by_role("button", name="Cancel").wait_for(timeout=30_000)
    _go(demo, "Model")
    demo.get_by_role("heading", name="Intended use").wait_for(timeout=30_000)
    _go(demo, "Case")
    demo.get_by_role("heading", name="Case demo01").wait_for(timeout=SYNTHESIS_MS)
    return demo


def _centiloid(page):
    metric = page.get_by_test_id("stMetricValue").first.inner_text()
    assert metric.endswith("CL")
    return float(metric.removesuffix("CL").replace("−", "-"))


def test_a_demo_opens_with_its_result(demo):
    assert _centiloid(demo) > 30
    assert demo.get_by_text("SYNTHETIC, not for diagnosis").first.is_visible()
    demo.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stImage] img')].some(picture => picture.naturalWidth > 400)"
    )


def test_another_value_gives_another_result(ran):
    ran.wait_for_function("() => document.querySelectorAll('[data-testid=stMetricValue]').length >= 3")
    assert _centiloid(ran) < 60


def test_a_reload_finds_the_case_again(ran):
    before = _centiloid(ran)
    ran.reload()
    ran.get_by_role("heading", name="Case demo01").wait_for(timeout=30_000)
    assert _centiloid(ran) == before


def test_the_volume_can_be_downloaded(ran):
    _idle(ran)
    with ran.expect_download(timeout=30_000) as waiting:
        ran.get_by_role("button", name="Synthetic PET, template space").click()
    assert waiting.value.suggested_filename.endswith("_desc-synthetic_pet.nii.gz")


@pytest.mark.parametrize(("kind", "begins"), [("PDF", b"%PDF-"), ("HTML", b"<!doctype html>")])
def test_one_press_gives_the_report(ran, kind, begins):
    _idle(ran)
    with ran.expect_download(timeout=120_000) as waiting:
        ran.get_by_role("button", name=f"Report ({kind})").click()
    assert waiting.value.suggested_filename == f"demo01_report.{kind.lower()}"
    report = Path(waiting.value.path()).read_bytes()
    assert report[:15].lower().startswith(begins.lower())
    assert len(report) > 100_000


def test_regions_have_their_charts(ran):
    _go(ran, "Regions")
    ran.get_by_text("Cortex by lobe").wait_for(timeout=30_000)
    ran.get_by_test_id("stPlotlyChart").nth(2).locator(".main-svg").first.wait_for(timeout=30_000)


def test_the_pet_follows_a_dragged_value(ran):
    _go(ran, "Diagnosis")
    ran.get_by_text("Synthetic PET at this value").wait_for(timeout=120_000)
    slider = ran.get_by_role("slider", name="p-tau217")
    picture = _main(ran).locator("figure img")
    seen = set()
    for _ in range(5):
        seen.add((picture.get_attribute("src"), _main(ran).locator("dd.centiloid").inner_text()))
        slider.press("ArrowRight")
    assert len({source for source, _ in seen}) == 5


def test_quality_control_is_driven_from_the_keyboard(ran):
    _go(ran, "Quality control")
    ran.get_by_text("Contour of the brain mask").wait_for(timeout=30_000)
    ran.keyboard.press("a")
    ran.get_by_text("Accepted").wait_for(timeout=30_000)


def test_an_uploaded_scan_is_run(ran):
    _go(ran, "Case")
    ran.get_by_role("button", name="Close case").click()
    ran.get_by_text("Begin with a demo case").wait_for(timeout=30_000)
    side = ran.get_by_test_id("stSidebar")
    side.get_by_text("Own scan", exact=True).click()
    code = side.get_by_role("textbox", name="Case code")
    code.wait_for(timeout=30_000)
    side.locator("input[type=file]").first.set_input_files(ROOT / "assets" / "cases" / "demo02" / "T1w.nii.gz")
    side.get_by_text("T1w.nii.gz").wait_for(timeout=30_000)
    side.get_by_role("spinbutton", name="Age, years").fill("66")
    side.get_by_role("button", name="Synthesise amyloid PET").click()
    ran.get_by_role("heading", name="Case CASE01").wait_for(timeout=SYNTHESIS_MS)
    ran.wait_for_function("() => document.querySelectorAll('[data-testid=stMetricValue]').length >= 3")
    assert _centiloid(ran) < 60


def test_a_deleted_case_is_gone_from_disk_and_database(ran, data):
    _go(ran, "History")
    ran.get_by_text("3 of 3 cases").wait_for(timeout=30_000)
    with sqlite3.connect(data / "petgen.sqlite") as database:
        cases = [row[0] for row in database.execute("select id from cases order by created desc")]
    _main(ran).get_by_role("button", name="Delete").first.click()
    ran.get_by_role("button", name="Delete for good").click()
    ran.get_by_text("2 of 2 cases").wait_for(timeout=30_000)
    with sqlite3.connect(data / "petgen.sqlite") as database:
        assert {row[0] for row in database.execute("select id from cases")} == set(cases[1:])
    assert not list(data.rglob(f"*{cases[0]}*"))
    assert list(data.rglob(f"*{cases[1]}*"))


def test_nothing_is_fetched_from_elsewhere(ran, attempts):
    assert ran.outside == []
    assert not attempts.exists(), attempts.read_text()


def test_no_error_is_on_the_page(ran):
    assert ran.get_by_test_id("stException").count() == 0
    assert ran.get_by_test_id("stAlertContentError").count() == 0
