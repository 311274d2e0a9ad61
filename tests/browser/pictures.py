"""Takes the README's pictures: python tests/browser/pictures.py."""

import tempfile
from pathlib import Path

from dashboard import FLAGS, ROOT, WEBGL_FLAGS, dashboard, find_chromium
from playwright.sync_api import Page, sync_playwright

FOLDER = ROOT / "assets" / "pictures"
PAGES = {
    "Images": "images.png",
    "Regions": "regions.png",
    "Diagnosis": "diagnosis.png",
    "Quality control": "quality.png",
}
_SETTLED_MS = 4000


def main(folder: Path = FOLDER) -> None:
    """Opens demo cases and keeps the pages as PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        dashboard(environment={"PETGEN_DATA": data}) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=[flag for flag in [*FLAGS, *WEBGL_FLAGS] if flag != "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 1240})
        page.goto(address)
        page.get_by_text("Begin with a demo case").wait_for(timeout=60_000)
        page.wait_for_timeout(_SETTLED_MS)
        page.screenshot(path=folder / "start.png")
        for number, name in ((1, "case-negative.png"), (0, "case-positive.png")):
            _open(page, number)
            page.screenshot(path=folder / name)
            if number:
                page.get_by_role("button", name="Close case").click()
        for title, name in PAGES.items():
            page.get_by_role("link", name=title, exact=True).first.click()
            page.wait_for_timeout(3 * _SETTLED_MS)
            page.screenshot(path=folder / name)
        browser.close()


def _open(page: Page, number: int) -> None:
    page.get_by_test_id("stMain").get_by_role("button", name="Open", exact=True).nth(number).click()
    page.get_by_role("button", name="Close case").wait_for(timeout=60_000)
    page.wait_for_timeout(_SETTLED_MS)


if __name__ == "__main__":
    main()
