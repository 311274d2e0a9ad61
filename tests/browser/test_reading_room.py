"""A reading series in headless Chromium: made of two demo cases, read from the keyboard, closed, exported."""

import csv

import pytest
from dashboard import FLAGS, dashboard

DEMOS = ("demo01", "demo02")
BANNER = ("synthetic, not for diagnosis", "series here mix synthetic with reference scans")
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def page(chromium, tmp_path_factory):
    sync_api = pytest.importorskip("playwright.sync_api")
    with (
        dashboard(environment={"PETGEN_DATA": str(tmp_path_factory.mktemp("data"))}) as address,
        sync_api.sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.timed_out = sync_api.TimeoutError
        page.goto(address)
        for number, code in enumerate(DEMOS):
            page.get_by_text("Begin with a demo case").wait_for(timeout=60_000)
            _main(page).get_by_role("button", name="Open", exact=True).nth(number).click()
            page.get_by_role("heading", name=f"Case {code}").wait_for(timeout=30_000)
            page.get_by_role("button", name="Close case").click()
        page.get_by_text("Begin with a demo case").wait_for(timeout=30_000)
        yield page
        browser.close()


def _main(page):
    return page.get_by_test_id("stMain")


def _chosen(page, number):
    """Waits until so many buttons are chosen; the one that goes on counts once all is said."""
    page.wait_for_function(
        "n => document.querySelectorAll('[data-testid=stMain] button[kind=primary]').length === n",
        arg=number,
        timeout=5_000,
    )


def _press(page, key, seen):
    """Presses a key, again where the page was busy and did not take it."""
    for left in (2, 1, 0):
        page.keyboard.press(key)
        try:
            return seen()
        except page.timed_out:
            if not left:
                raise


def test_a_series_is_read_blind_and_gives_its_results(page):
    page.get_by_role("link", name="Reading room", exact=True).first.click()
    page.get_by_role("button", name="Make series").click()
    code = page.get_by_role("textbox", name="Your reader code")
    code.fill("R1")
    code.press("Enter")
    _main(page).get_by_role("button", name="Read", exact=True).click()
    places = set()
    for number in range(1, 5):
        page.get_by_text(f"scan {number} of 4").wait_for(timeout=30_000)
        page.locator("canvas").first.wait_for(timeout=30_000)
        places.add((page.url, page.title()))
        said = _main(page).inner_text().lower()
        for words in BANNER:
            said = said.replace(words, "")
        for word in ("demo0", "reference", "synthetic", "centiloid", "simulated pet"):
            assert word not in said
        _chosen(page, 0)
        for chosen, key in ((1, "p"), (2, "4"), (4, "Shift+3")):
            _press(page, key, lambda chosen=chosen: _chosen(page, chosen))
        after = f"scan {number + 1} of 4" if number < 4 else "all 4 scans are read"
        _press(page, "Enter", lambda after=after: page.get_by_text(after).wait_for(timeout=5_000))
    page.get_by_text("all 4 scans are read").wait_for(timeout=30_000)
    assert len(places) == 1
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Close and show results").click()
    page.get_by_text("Against the truth").wait_for(timeout=30_000)
    assert page.get_by_text("This is a rehearsal, not a physician evaluation").is_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Reads (.csv)").click()
    with open(waiting.value.path(), encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["position"] for row in rows] == ["1", "2", "3", "4"]
    assert {row["verdict"] for row in rows} == {"positive"}
    assert {row["case"] for row in rows} == set(DEMOS)
