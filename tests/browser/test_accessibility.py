"""WCAG 2 A and AA by axe-core on every page, in both themes, with a demo case open."""

import pytest
from dashboard import WEBGL_FLAGS, dashboard

PAGES = {
    "Case": "Close case",
    "Images": "Crosshair",
    "Regions": "Cortex by lobe",
    "Diagnosis": "Synthetic PET at this value",
    "Quality control": "Contour of the brain mask",
    "Reading room": "Make series",
    "History": "1 of 1 cases",
    "Model": "Intended use",
}
"""Pages, and words that stand on each once it is drawn."""
STEADY = """() => document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-testid=stSpinner], [data-stale=true]')"""
EXCLUDED = ["[data-testid=stSidebarNavItems]"]
"""Streamlit's own navigation puts its groups as `div` between `ul` and `li`; nothing of ours lies in it."""
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    with dashboard(environment={"PETGEN_DATA": str(tmp_path_factory.mktemp("data"))}) as url:
        yield url


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_meets_wcag_aa(chromium, address, theme):
    sync_api = pytest.importorskip("playwright.sync_api")
    from axe_playwright_python.sync_playwright import Axe

    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa"]}}
    found = []
    with sync_api.sync_playwright() as playwright:
        flags = ["--headless", "--no-sandbox", *WEBGL_FLAGS]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_context(viewport={"width": 1280, "height": 800}, color_scheme=theme).new_page()
        page.goto(address)
        page.get_by_text("Begin with a demo case").wait_for(timeout=60_000)
        page.wait_for_function(STEADY, timeout=60_000)
        found += _violations(Axe().run(page, {"exclude": EXCLUDED}, rules), "start")
        page.get_by_test_id("stMain").get_by_role("button", name="Open", exact=True).first.click()
        page.get_by_role("heading", name="Case demo01").wait_for(timeout=60_000)
        for name, words in PAGES.items():
            page.get_by_role("link", name=name, exact=True).first.click()
            page.get_by_text(words).first.wait_for(timeout=120_000)
            page.wait_for_function(STEADY, timeout=60_000)
            found += _violations(Axe().run(page, {"exclude": EXCLUDED}, rules), name)
        browser.close()
    assert not found, "\n".join(found)


def _violations(results, page):
    return [
        f"{page}: {violation['id']}: {node['html'][:120]} {node['any'][0]['message'] if node['any'] else ''}"
        for violation in results.response["violations"]
        for node in violation["nodes"]
    ]
