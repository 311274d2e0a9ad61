"""A disk that is really full: told in words, what was kept stays readable, and there is room again after a deletion."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.soak.told import Told

ROOT = Path(__file__).parents[2]
SIZE_MB = 24


def trial(size_mb: int = SIZE_MB) -> Told:
    """Runs cases in a small file system of its own until none goes in, deletes one, and goes on.

    Args:
        size_mb: Size of the file system.
    """
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        mount = (
            f"mount -t tmpfs -o size={size_mb}m none {place} && exec {sys.executable} -m tests.soak.full_disk {place}"
        )
        command = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"]), "sh", "-c", mount]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=300, check=False
        )
    if done.returncode:
        raise RuntimeError(f"the trial needs Linux and leave to mount a tmpfs: {done.stderr[-500:]}")
    found = json.loads(done.stdout.splitlines()[-1])
    text = f"Cases are run on a file system of {size_mb} MB until it is full, beyond that, and after a deletion."
    return Told("Disk full", text, found["figures"], found["faults"])
