"""The dashboard as a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
REAL = ("-m", "streamlit", "run", "app.py", "--server.headless", "true", "--server.port")
STAND_IN = ("-m", "tests.soak.server")
_LONGEST_S = 120


@contextmanager
def dashboard(command: Sequence[str], data: Path, **environment: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A dashboard that answers; it ends with the block.

    Args:
        command: `REAL`, or `STAND_IN` with stand-in work in place of the pipeline.
        data: Folder of its store.
        environment: More of its environment.

    Yields:
        Its address, "host:port", and the process.
    """
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    around = {**os.environ, "PYTHONPATH": str(ROOT), "PETGEN_DATA": str(data), **environment}
    called = [sys.executable, *command, str(port)]
    with subprocess.Popen(called, cwd=ROOT, env=around, stdout=subprocess.DEVNULL) as process:
        try:
            _until_it_answers(f"http://localhost:{port}/_stcore/health")
            yield f"localhost:{port}", process
        finally:
            process.terminate()


def _until_it_answers(url: str) -> None:
    deadline = time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("the dashboard did not come up")
