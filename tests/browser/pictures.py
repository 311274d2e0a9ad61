"""Takes the README's pictures: python tests/browser/pictures.py."""

from pathlib import Path

from dashboard import FLAGS, ROOT, dashboard, find_chromium
from playwright.sync_api import sync_playwright

FOLDER = ROOT / "assets" / "pictures"


def main(folder: Path = FOLDER) -> None:
    """Runs each of the first two demo cases and keeps the page of each as a PNG."""
    folder.mkdir(parents=True, exist_ok=True)
    with dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 1340})
        page.goto(address)
        page.get_by_text("No result yet").wait_for(timeout=60_000)
        for title, code, name in (
            ("Clear positive", "demo01", "case-positive.png"),
            ("Clear negative", "demo02", "case-negative.png"),
        ):
            page.get_by_role("combobox").first.click()
            page.get_by_role("option", name=title).click()
            page.get_by_role("button", name="Synthesise amyloid PET").click()
            page.get_by_role("heading", name=f"Case {code}").wait_for(timeout=240_000)
            page.wait_for_timeout(4000)
            page.screenshot(path=folder / name)
        browser.close()


if __name__ == "__main__":
    main()
