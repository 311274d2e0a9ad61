"""A server that nobody has visited yet."""

import pytest
from dashboard import FLAGS, dashboard

pytestmark = pytest.mark.browser


def test_the_first_visitor_may_come_by_the_address_of_any_page(chromium, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    with (
        dashboard(environment={"PETGEN_DATA": str(tmp_path)}) as address,
        sync_api.sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.goto(f"{address}/model")
        page.get_by_text("Intended use").first.wait_for(timeout=60_000)
        assert page.get_by_text("SYNTHETIC, not for diagnosis").first.is_visible()
        assert page.url == f"{address}/model"
        browser.close()
