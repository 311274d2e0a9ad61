"""Measures how the dashboard feels: python tests/browser/speed.py [--out FILE]. The figures are of this machine."""

import argparse
import os
import platform
import tempfile
import time
from pathlib import Path
from statistics import median

from dashboard import ROOT, WEBGL_FLAGS, dashboard, find_chromium
from playwright.sync_api import Browser, Page, sync_playwright

PAGES = {
    "Images": "Crosshair",
    "Regions": "Cortex by lobe",
    "Quality control": "Contour of the brain mask",
    "Reading room": "Make series",
    "History": "1 of 1 cases",
    "Model": "Intended use",
    "Case": "Close case",
}
"""Pages, and words that stand on each once it is drawn."""
VISITS = 7
SECONDS = 4.0
SETTLED_MS = 4000
"""How long each page is looked at before the next one."""
_COUNT = """(grid, seconds) => new Promise((done) => {
    const keys = ['ArrowUp', 'ArrowUp', 'ArrowLeft', 'ArrowDown', 'ArrowDown', 'ArrowRight'];
    const begun = performance.now();
    let frames = 0;
    const step = () => {
        if (performance.now() - begun > 1000 * seconds) return done(frames / seconds);
        grid.dispatchEvent(new KeyboardEvent('keydown', {key: keys[frames++ % keys.length], bubbles: true}));
        requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
})"""
"""Moves the crosshair at every frame that the browser gives, and counts the frames."""


def main(out: Path) -> None:
    """Opens the dashboard as several visitors and writes what they waited for."""
    flags = ["--headless", "--no-sandbox", *WEBGL_FLAGS]
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        begun = time.perf_counter()
        with dashboard(environment={"PETGEN_DATA": data}) as address:
            started = time.perf_counter() - begun
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
            cold = _first_page(browser, address)
            warm = [_first_page(browser, address) for _ in range(VISITS)]
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(address)
            opened = _until(page, "Close case", lambda: _button(page, "Open").first.click())
            pages = {name: [] for name in PAGES}
            for _ in range(3):
                for name, words in PAGES.items():
                    pages[name].append(_until(page, words, lambda name=name: _link(page, name)))
                    page.wait_for_timeout(SETTLED_MS)
            _link(page, "Images")
            page.locator("#grid[data-ready]").wait_for(timeout=120_000)
            page.wait_for_timeout(3000)
            crosshair = page.locator("#grid").evaluate(_COUNT, SECONDS)
            browser.close()
    rows = [
        ("server, from its start to its first answer", f"{started:.1f} s"),
        ("first page, first visitor of a new server", f"{cold:.1f} s"),
        (f"first page, later visitors (median of {VISITS}, worst)", f"{median(warm):.1f} s, {max(warm):.1f} s"),
        ("opening a demo case", f"{opened:.1f} s"),
        *(
            (f"to the page {name} (first time, median)", f"{seen[0]:.1f} s, {median(seen):.1f} s")
            for name, seen in pages.items()
        ),
        ("crosshair, all panels in three planes", f"{crosshair:.0f} frames a second"),
    ]
    lines = [
        "# How quickly the dashboard answers",
        "",
        f"`python tests/browser/speed.py`: headless Chromium and the server on one machine of {os.cpu_count()} cores"
        f" ({platform.machine()}), no graphics card, WebGL drawn in software.",
        "",
        "| what | |",
        "| --- | --- |",
        *(f"| {name} | {value} |" for name, value in rows),
        "",
    ]
    out.write_text("\n".join(lines), encoding="utf-8")


def _first_page(browser: Browser, address: str) -> float:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    begun = time.perf_counter()
    page.goto(address)
    page.get_by_text("Begin with a demo case").wait_for(timeout=60_000)
    found = time.perf_counter() - begun
    context.close()
    return found


def _until(page: Page, words: str, act: object) -> float:
    begun = time.perf_counter()
    act()
    page.get_by_text(words).first.wait_for(timeout=120_000)
    return time.perf_counter() - begun


def _link(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def _button(page: Page, name: str) -> object:
    return page.get_by_test_id("stMain").get_by_role("button", name=name, exact=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, default=ROOT / "assets" / "benchmark" / "dashboard.md")
    main(asked.parse_args().out)
