"""SIGKILL at random moments: what was finished stays whole, what was not is marked, nothing is left about."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.soak.look import integrity, look, remember
from tests.soak.told import Told

ROOT = Path(__file__).parents[2]
LONGEST_S = 2.5


def trial(runs: int = 50, seed: int = 1) -> Told:
    """Kills a process at work so many times, on one store that lives on.

    Args:
        runs: Number of kills.
        seed: Seed of the moments.
    """
    rng, seen, faults = random.Random(seed), Counter[str](), list[str]()
    finished: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        data, scratch = Path(place) / "data", Path(place) / "tmp"
        scratch.mkdir()
        before, tempfile.tempdir = tempfile.tempdir, str(scratch)
        try:
            for run in range(runs):
                lines = _killed(data, scratch, rng.randrange(10**6), rng.uniform(0, LONGEST_S))
                seen["kills in the middle of work"] += any(scratch.glob("petgen-*")) or any(data.glob("*/unfinished/*"))
                remember(lines, finished, seen)
                found = look({"PETGEN_DATA": str(data)}, scratch, finished, seen) + integrity(data / "petgen.sqlite")
                faults += [f"run {run + 1}: {fault}" for fault in found]
        finally:
            tempfile.tempdir = before
    figures = {"kills": str(runs), **{name: str(seen[name]) for name in sorted(seen)}, "faults": str(len(faults))}
    text = (
        "A process with the store and a queue of two workers is killed (SIGKILL) up to "
        f"{LONGEST_S} s after it begins to open its store; the next one goes on with the same store."
    )
    return Told(f"Killed {runs} times", text, figures, faults)


def _killed(data: Path, scratch: Path, seed: int, after_s: float) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PETGEN_DATA": str(data), "TMPDIR": str(scratch)}
    command = [sys.executable, "-m", "tests.soak.victim", str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "go\n"
        time.sleep(after_s)
        if process.poll() is not None:
            raise RuntimeError("the process ended by itself")
        process.send_signal(signal.SIGKILL)
        return process.stdout.read().splitlines()
