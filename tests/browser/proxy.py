"""The proxy of the container recipe, by its own configuration: other ports, and a certificate made on the spot."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from dashboard import ROOT

CONFIGURATION = ROOT / "container" / "nginx.conf"
CERTIFICATE = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]


def find_nginx() -> str | None:
    """Path of nginx, None where there is none; Debian keeps it off a user's path."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")


@contextmanager
def proxy(nginx: str, behind: str, folder: Path) -> Iterator[str]:
    """Address of a running proxy.

    Args:
        nginx: Path of nginx.
        behind: Address of the dashboard.
        folder: Where configuration, certificate and temporary files go.

    Raises:
        RuntimeError: It did not come up.
    """
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run([*CERTIFICATE, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    with socket.socket() as plain, socket.socket() as secure:
        for probe in (plain, secure):
            probe.bind(("localhost", 0))
        ports = plain.getsockname()[1], secure.getsockname()[1]
    text = CONFIGURATION.read_text(encoding="utf-8").replace("/tmp/", f"{folder}/")
    for word, own in {
        "app:8501": urlsplit(behind).netloc,
        "listen 8080;": f"listen {ports[0]};",
        "listen 8443 ssl;": f"listen {ports[1]} ssl;",
        "/run/secrets/tls_certificate": str(certificate),
        "/run/secrets/tls_key": str(key),
    }.items():
        assert text.count(word) == 1, word
        text = text.replace(word, own)
    used = folder / "nginx.conf"
    used.write_text(text, encoding="utf-8")
    command = [nginx, "-c", str(used), "-p", str(folder), "-e", "stderr", "-g", "daemon off;"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(ports[1], process)
        yield f"https://localhost:{ports[1]}"
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("localhost", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the proxy did not come up")
