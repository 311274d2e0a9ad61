"""The dashboard behind the proxy of the container recipe, in headless Chromium: TLS, security headers, owners."""

import ssl
from http.client import HTTPSConnection
from urllib.parse import urlsplit

import pytest
from dashboard import FLAGS, WEBGL_FLAGS, dashboard
from proxy import find_nginx, proxy

NGINX = find_nginx()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.skipif(NGINX is None, reason="no nginx on this machine (Debian: nginx-light)"),
]


@pytest.fixture(scope="module")
def address(chromium, tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxied")
    with dashboard(environment={"PETGEN_DATA": str(folder / "data"), "PETGEN_SINGLE_USER": "0"}) as behind:
        (folder / "proxy").mkdir()
        with proxy(NGINX, behind, folder / "proxy") as url:
            yield url


@pytest.fixture(scope="module")
def browser(chromium):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        flags = [*(flag for flag in FLAGS if flag != "--disable-gpu"), *WEBGL_FLAGS]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(browser, address):
    """The page with a demo case open; what the browser's console says of forbidden things is kept."""
    page = browser.new_context(ignore_https_errors=True, viewport={"width": 1280, "height": 800}).new_page()
    page.forbidden = []
    page.on("console", lambda said: page.forbidden.append(said.text) if "Content Security" in said.text else None)
    page.on("pageerror", lambda error: page.forbidden.append(str(error)))
    page.goto(address)
    main = page.get_by_test_id("stMain")
    main.get_by_role("button", name="Open", exact=True).first.click(timeout=60_000)
    page.get_by_role("heading", name="Case demo01").wait_for(timeout=60_000)
    return page


def connection(address):
    return HTTPSConnection(urlsplit(address).netloc, context=ssl._create_unverified_context(), timeout=60)


def asked(address, path, method="GET", body=None):
    """Status and headers of an answer."""
    opened = connection(address)
    opened.request(method, path, body)
    answer = opened.getresponse()
    answer.read()
    opened.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_every_answer_has_the_security_headers_and_no_word_of_the_server(address):
    for path in ("/", "/_stcore/health", "/nothing/here.js"):
        _, headers = asked(address, path)
        assert headers["strict-transport-security"].startswith("max-age=")
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["permissions-policy"]
        assert headers["server"] == "nginx"
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json"):
        assert asked(address, path)[0] == 404


def test_cookies_are_for_tls_only(page):
    cookies = page.context.cookies()
    assert cookies
    assert all(cookie["secure"] and cookie["sameSite"] == "Lax" for cookie in cookies)


@pytest.mark.parametrize(("megabytes", "let_through"), [(200, True), (203, False)])
def test_uploads_of_200_mb_pass_and_larger_ones_do_not(address, megabytes, let_through):
    try:
        status, _ = asked(address, "/_stcore/upload_file/none/none", "PUT", bytes(megabytes * 2**20))
    except (BrokenPipeError, ConnectionResetError):
        status = 413
    assert (status != 413) is let_through


def test_the_linked_viewer_draws_behind_it(page):
    page.get_by_role("link", name="Images", exact=True).first.click()
    page.locator("#grid[data-ready]").wait_for(timeout=120_000)
    assert page.forbidden == []


def test_charts_and_the_surface_draw_behind_it(page):
    page.get_by_role("link", name="Regions", exact=True).first.click()
    page.get_by_test_id("stPlotlyChart").nth(2).locator(".main-svg").first.wait_for(timeout=60_000)
    page.wait_for_timeout(1000)
    assert page.forbidden == []


def test_another_browser_does_not_see_the_case(browser, page, address):
    page.get_by_role("link", name="History", exact=True).first.click()
    page.get_by_text("1 of 1 cases").wait_for(timeout=30_000)
    other = browser.new_context(ignore_https_errors=True).new_page()
    other.goto(page.url)
    other.get_by_role("link", name="History", exact=True).first.click(timeout=60_000)
    other.get_by_text("No cases yet").wait_for(timeout=30_000)
    assert page.forbidden == []
