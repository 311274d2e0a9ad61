"""Hundreds of cases in a row in one process: memory and open files stay where they are."""

import os
import tempfile
import time
from pathlib import Path

import psutil

from petgen.jobs import LocalPool
from petgen.report import read_outputs
from petgen.store import LOCAL, Store, open_store
from tests.soak.stand_in import is_whole, work_of, write
from tests.soak.told import Told

SETTLED_AFTER = 30
"""Cases after which a process has loaded what it needs."""
MOST_MB = 60.0
"""Growth that would be told, from there to the last case."""
KEPT = 5


def trial(cases: int = 300) -> Told:
    """Runs so many cases, one after the other, and opens each; all but the newest are deleted again.

    Args:
        cases: How many.
    """
    process = psutil.Process(os.getpid())
    faults, seen = list[str](), list[tuple[float, int, int]]()
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        with open_store({"PETGEN_DATA": place}) as store, LocalPool(store, write=write, beat_s=0.2) as pool:
            for _ in range(cases):
                faults += _one(store, pool)
                seen.append((process.memory_info().rss / 1e6, process.num_fds(), process.num_threads()))
        faults += [f"left about: {path}" for path in Path(place).glob("*/unfinished/*")]
    settled, last = seen[min(SETTLED_AFTER, cases) - 1], seen[-1]
    if last[0] - settled[0] > MOST_MB:
        faults.append(f"memory grew by {last[0] - settled[0]:.0f} MB")
    if last[1] > settled[1] + 2 or last[2] > settled[2]:
        faults.append(f"open files {settled[1]} to {last[1]}, threads {settled[2]} to {last[2]}")
    figures = {
        "cases": str(cases),
        "seconds a case": f"{(time.monotonic() - start) / cases:.2f}",
        f"memory after case {min(SETTLED_AFTER, cases)} and at the end": f"{settled[0]:.0f} and {last[0]:.0f} MB",
        "most memory": f"{max(memory for memory, _, _ in seen):.0f} MB",
        "open files, likewise": f"{settled[1]} and {last[1]}",
        "threads, likewise": f"{settled[2]} and {last[2]}",
        "faults": str(len(faults)),
    }
    text = "One process submits, runs, reads back and deletes one case after the other; its whole result is read."
    return Told(f"{cases} cases in a row", text, figures, faults)


def _one(store: Store, pool: LocalPool) -> list[str]:
    row = store.cases.add(LOCAL, "SOAK", "upload", values={"age": 70})
    job = pool.submit(row.id, LOCAL, work_of(store, pause_s=0)(row))
    while (state := pool.status(job, LOCAL).state) in ("queued", "running"):
        time.sleep(0.01)
    for old in store.cases.of(LOCAL)[KEPT:]:
        store.delete_case(old.id, LOCAL)
    if state != "done" or not is_whole(store, row):
        return [f"ended as {state}"]
    read_outputs(store.open_result(row.id, LOCAL))
    return []
