"""The main flow in headless Chromium, with the bundled models."""

import os

import pytest
from dashboard import FLAGS, dashboard, find_chromium

SYNTHESIS_MS = 240_000
"""The language model may have to be converted first."""

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def chromium():
    found = find_chromium()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine")
        pytest.skip("no Chromium on this machine")
    return found


@pytest.fixture(scope="module")
def address(chromium):
    """Address of a running dashboard."""
    with dashboard() as url:
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


@pytest.fixture(scope="module")
def result(page):
    """The page after one demo case has been synthesised."""
    page.get_by_text("No result yet").wait_for(timeout=60_000)
    page.get_by_role("button", name="Synthesise amyloid PET").click()
    page.get_by_test_id("stMetric").filter(has_text="Centiloid").wait_for(timeout=SYNTHESIS_MS)
    page.get_by_test_id("stPlotlyChart").nth(1).locator(".main-svg").first.wait_for(timeout=30_000)
    return page


def test_the_centiloid_is_shown(result):
    metric = result.get_by_test_id("stMetricValue").first.inner_text()
    assert metric.endswith("CL")
    assert float(metric.removesuffix("CL").replace("−", "-"))


def test_the_banner_stands_on_the_page(result):
    assert result.get_by_text("SYNTHETIC, not for diagnosis").is_visible()


def test_the_pictures_and_the_charts_are_there(result):
    pictures = result.get_by_test_id("stImage").locator("img")
    assert pictures.count() >= 7
    result.wait_for_function(
        "() => [...document.querySelectorAll('[data-testid=stImage] img')].every(picture => picture.naturalWidth > 400)"
    )
    assert result.get_by_test_id("stPlotlyChart").count() == 4


def test_a_slider_moves_the_slice(result):
    first = result.get_by_test_id("stImage").locator("img").first
    before = first.get_attribute("src")
    result.get_by_role("slider", name="Axial").press("ArrowRight")
    result.wait_for_function(
        "before => document.querySelector('[data-testid=stImage] img').getAttribute('src') !== before", arg=before
    )


def test_the_volume_can_be_downloaded(result):
    with result.expect_download(timeout=30_000) as waiting:
        result.get_by_role("button", name="Synthetic PET, template space").click()
    assert waiting.value.suggested_filename.endswith("_desc-synthetic_pet.nii.gz")


def test_nothing_is_fetched_from_elsewhere(result):
    assert result.outside == []


def test_no_error_is_on_the_page(result):
    assert result.get_by_test_id("stException").count() == 0
    assert result.get_by_test_id("stAlertContentError").count() == 0
