"""The guard itself, and the pages under it; tests/test_pipeline.py and the browser's main flow run under it too."""

import os
import socket
import subprocess
import sys
import tomllib
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from guarded.loopback import LOG, is_loopback, loopback_only
from page_tools import PAGES, finished, opened, page, words

from pages.parts import demo_cards, session
from petgen.report import make_report, write_outputs

GUARDED = Path(__file__).parent / "guarded"


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.0.1", True), ("::1", True), ("localhost", True), ("", True), (None, True),
     (b"localhost", True), ("8.8.8.8", False), ("pypi.org", False), ("10.0.0.1", False), ("0.0.0.0", False)],
)  # fmt: skip
def test_what_is_this_machine(host, here):
    assert is_loopback(host) is here


def test_the_guard_stops_all_but_loopback_and_keeps_what_was_tried():
    with loopback_only() as attempts, socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()[:2]).close()
        assert attempts == []
        for reach in (
            lambda: urllib.request.urlopen("http://example.org", timeout=1),
            lambda: socket.create_connection(("192.0.2.1", 80), timeout=1),
            lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 53)),
            lambda: socket.socket(type=socket.SOCK_DGRAM).connect_ex(("192.0.2.1", 53)),
        ):
            with pytest.raises(OSError, match="no network in this test"):
                reach()
    assert len(attempts) == 4


def test_a_guarded_process_says_what_it_tried(tmp_path):
    log = tmp_path / "attempts"
    tries = "import socket\ntry: socket.create_connection(('192.0.2.1', 80), timeout=1)\nexcept OSError: pass"
    environment = {**os.environ, "PYTHONPATH": str(GUARDED), LOG: str(log)}
    subprocess.run([sys.executable, "-c", tries], env=environment, check=True)
    assert "192.0.2.1" in log.read_text()


def test_the_dashboard_listens_to_this_machine_and_reports_to_nobody():
    told = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text())
    assert is_loopback(told["server"]["address"])
    assert told["browser"]["gatherUsageStats"] is False


@pytest.fixture
def still(monkeypatch):
    """Leaves the what-if out, which needs the models; tests/test_pipeline.py has it under the same guard."""
    import pages.parts.what_if

    monkeypatch.setattr(pages.parts.what_if, "what_if", lambda case: None)


def test_the_pages_ask_nothing_of_the_network(seen, still, synthesis, demos, monkeypatch, tmp_path):
    write_outputs(synthesis, tmp_path / "result")
    ready = [replace(demos[0], result=tmp_path / "result"), demos[1]]
    monkeypatch.setattr(demo_cards, "demo_cases", lambda: ready)
    with loopback_only() as attempts:
        at = page().run()
        at.button(key="open_demo01").click().run()
        assert "The model expects" in words(at)
        at = page().run()
        at.button(key="open_demo02").click().run()
        finished(at)
        assert [case.code for case in seen] == ["demo02"]
        for name in PAGES:
            assert not opened(name, synthesis).exception
        make_report(synthesis)
        session.store().delete_case(session.store().cases.of("local")[0].id, "local")
    assert attempts == []
