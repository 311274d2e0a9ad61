"""The linked viewer in headless Chromium, on a made case."""

import io
import pickle
import re
from dataclasses import replace

import numpy as np
import pytest
from dashboard import FLAGS, WEBGL_FLAGS, dashboard
from PIL import Image

from petgen.case import Reference
from petgen.views import START

KINDS = ["reference", "synthetic", "difference", "mri", "fusion"]
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def address(chromium, synthesis, tmp_path_factory):
    own = Reference(
        tracer="florbetapir",
        simulated=True,
        composite_suvr=1.3,
        centiloid=47.0,
        centiloid_equation="",
        fwhm_mm=None,
        ssim_brain=0.9,
        mae_suvr=0.1,
        regional_r=0.9,
    )
    case = replace(
        synthesis,
        reference=synthesis.suvr * np.float32(1.1),
        result=synthesis.result.model_copy(update={"reference": own}),
    )
    file = tmp_path_factory.mktemp("made") / "synthesis.pickle"
    file.write_bytes(pickle.dumps(case))
    with dashboard("tests/browser/images_app.py", {"PETGEN_TEST_SYNTHESIS": str(file)}) as url:
        yield url


@pytest.fixture(scope="module")
def playwright():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def page(chromium, address, playwright):
    flags = [*(flag for flag in FLAGS if flag != "--disable-gpu"), *WEBGL_FLAGS]
    browser = playwright.chromium.launch(executable_path=chromium, args=flags)
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.problems, page.outside = [], []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda request: _note(page.outside, request.url, address))
    page.goto(address)
    page.locator("#grid[data-ready]").wait_for(timeout=120_000)
    page.wait_for_timeout(1500)
    yield page
    browser.close()


def _note(outside, url, address):
    if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:")):
        outside.append(url)


def _picture(page, kind):
    shot = page.locator(f'[data-kind="{kind}"] canvas').screenshot()
    return np.asarray(Image.open(io.BytesIO(shot)).convert("RGB")).astype(int)


def _mm(page):
    text = page.locator("#readout").inner_text().replace("−", "-")
    return [int(value) for value in re.findall(r"[xyz] ([+-]\d+)", text)]


def _settle(page):
    page.wait_for_timeout(900)


def _until(page, holds):
    """Waits for the viewer, which draws slowly beside other work, and says what does not come true."""
    for _ in range(100):
        if holds():
            return
        page.wait_for_timeout(150)
    assert holds()


def test_every_panel_shows_a_brain(page):
    for kind in KINDS:
        picture = _picture(page, kind)
        assert picture.std() > 15, kind
    assert _picture(page, "mri").max() > 150
    assert _mm(page) == list(START)
    assert "right precuneus" in page.locator("#readout").inner_text()


def test_a_click_moves_every_panel_and_the_words_with_no_word_to_the_server(page):
    sent = []
    page.on("websocket", lambda socket: sent.append(socket.url))
    page.on("request", lambda request: sent.append(request.url))
    before, words = {kind: _picture(page, kind) for kind in KINDS}, page.locator("#readout").inner_text()
    box = page.locator('[data-kind="synthetic"] canvas').bounding_box()
    page.mouse.click(box["x"] + 0.35 * box["width"], box["y"] + 0.12 * box["height"])
    _settle(page)
    for kind in KINDS:
        _until(page, lambda kind=kind: np.abs(_picture(page, kind) - before[kind]).mean() > 0.5)
    assert page.locator("#readout").inner_text() != words
    assert not [url for url in sent if "health" not in url]


def test_the_keyboard_moves_the_crosshair_by_two_millimetres(page):
    page.locator("#grid").focus()
    x, y, z = _mm(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("PageDown")
    _until(page, lambda: _mm(page) == [x, y + 2, z - 2])
    page.keyboard.press("ArrowRight")
    _until(page, lambda: _mm(page)[0] == x - 2)
    page.get_by_role("combobox", name="Convention").select_option("neurological")
    page.locator("#grid").focus()
    page.keyboard.press("ArrowRight")
    _until(page, lambda: _mm(page)[0] == x)
    page.get_by_role("combobox", name="Convention").select_option("radiological")


def _column_of_the_crosshair(page):
    """Where the vertical line of the axial slice is, 0 left to 1 right: the bluest column."""
    axial = _picture(page, "mri")[:150, 20:-20]
    return float((axial[..., 2] - axial[..., 0]).mean(0).argmax()) / axial.shape[1]


def test_the_convention_puts_the_patients_right_on_the_left_or_on_the_right(page):
    page.get_by_role("combobox", name="Go to").select_option("Parietal")
    _until(page, lambda: _mm(page)[0] > 40)
    _until(page, lambda: _column_of_the_crosshair(page) < 0.4)
    page.get_by_role("combobox", name="Convention").select_option("neurological")
    _until(page, lambda: _column_of_the_crosshair(page) > 0.6)
    page.get_by_role("combobox", name="Convention").select_option("radiological")
    _settle(page)


def test_a_scenario_changes_the_synthetic_panels_and_not_the_reference(page):
    before = {kind: _picture(page, kind) for kind in KINDS}
    value = page.locator("#readout").inner_text()
    page.locator("label", has_text="If positive (70 %)").click()
    _settle(page)
    for kind in ("synthetic", "difference"):
        _until(page, lambda kind=kind: np.abs(_picture(page, kind) - before[kind]).max() > 8)
    changed = {kind for kind in KINDS if np.abs(_picture(page, kind) - before[kind]).max() > 8}
    assert not {"reference", "mri"} & changed
    assert page.locator("#readout").inner_text() != value
    page.locator("label", has_text="Median").click()
    _settle(page)


def test_the_guided_read_goes_in_the_labels_order(page):
    page.get_by_role("button", name="Next").click()
    _settle(page)
    assert "1 of 5: Cerebellum" in page.locator("#steps").inner_text()
    assert "cerebell" in page.locator("#readout").inner_text()
    page.get_by_role("button", name="Next").click()
    assert "2 of 5: Lateral temporal" in page.locator("#steps").inner_text()


def test_the_saved_picture_says_that_it_is_synthetic(page, tmp_path):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.suggested_filename == "sub-TEST01_desc-synthetic_view.png"
    download.value.save_as(tmp_path / "view.png")
    picture = np.asarray(Image.open(tmp_path / "view.png").convert("L"))
    assert picture[40:400].std() > 20
    assert (picture[-30:] < 80).any(), "the notice at the foot"


def test_a_montage_is_drawn_and_left_again(page):
    page.locator("label", has_text="Montage").click()
    _settle(page)
    assert _picture(page, "mri").std() > 15
    page.locator("label", has_text="Three planes").click()
    _settle(page)
    assert _picture(page, "mri").std() > 15


def test_nothing_fails_and_nothing_is_fetched_from_outside(page):
    assert not page.problems
    assert not page.outside


def test_without_webgl_the_server_draws(chromium, address, playwright):
    browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--disable-3d-apis"])
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.get_by_text("draws no WebGL").wait_for(timeout=60_000)
    page.get_by_role("img", name="Synthetic PET, axial").wait_for(timeout=60_000)
    browser.close()
