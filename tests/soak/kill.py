"""SIGKILL at random moments: what was finished stays whole, what was not is marked, nothing is left about."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from petgen.case import InputError
from petgen.jobs import LocalPool
from petgen.store import LOCAL, Store, open_store
from tests.soak.stand_in import is_whole
from tests.soak.told import Told

ROOT = Path(__file__).parents[2]
LONGEST_S = 2.5
SETTLED = {"queued", "upload again", "failed", "cancelled"}


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
                for state, case in (line.split() for line in lines if " " in line):
                    seen[f"said {state}"] += 1
                    if state == "done":
                        finished.add(case)
                    elif state == "deleting":
                        finished.discard(case)
                found = _look(data, scratch, finished, seen)
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


def _look(data: Path, scratch: Path, finished: set[str], seen: Counter[str]) -> list[str]:
    """What is not as it has to be, once the store has been opened again."""
    faults = []
    with open_store({"PETGEN_DATA": str(data)}) as store:
        LocalPool(store, workers=0).close()
        rows = {row.id: row for row in store.cases.of(LOCAL)}
        faults += [f"a finished case is gone: {case}" for case in finished - rows.keys()]
        for row in rows.values():
            faults += _look_at(store, row.id, finished, seen)
        for shelf in ("results", "stripped"):
            lying = {path.name for path in (data / shelf).glob("*")} - {"unfinished"}
            faults += [f"{shelf} of no case: {name}" for name in lying - rows.keys()]
        left = [*scratch.glob("petgen-*"), *data.glob("*/unfinished/*")]
        faults += [f"left about: {path.name}" for path in left]
    with sqlite3.connect(data / "petgen.sqlite") as database:
        if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            faults.append(f"the database is damaged: {said}")
    return faults


def _look_at(store: Store, case: str, finished: set[str], seen: Counter[str]) -> list[str]:
    row = store.cases.get(case, LOCAL)
    jobs = store.jobs.of(LOCAL, case)
    state = jobs[0].state if jobs else "queued"
    try:
        whole = store.has_result(case, LOCAL) and is_whole(store, row)
        if row.source == "stripped":
            store.open_stripped(case, LOCAL)
    except InputError as error:
        return [f"read as whole, and is not: {error}"]
    seen["cases found whole" if whole else "cases found unfinished and marked"] += 1
    if case in finished and not whole:
        return [f"a finished case is not whole: {case}"]
    if state == "done" and not whole:
        return [f"done without a result: {case}"]
    return [] if state in SETTLED | {"done"} else [f"left as {state}: {case}"]
