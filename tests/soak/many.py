"""Hundreds of cases in a row in one process: memory and open files stay where they are."""

import tempfile
import time
from pathlib import Path

from petgen.jobs import LocalPool
from petgen.report import read_outputs
from petgen.store import LOCAL, Store, open_store
from tests.soak.growth import Growth
from tests.soak.stand_in import is_whole, work_of, write
from tests.soak.told import Told

SETTLED = 30
MOST_MB = 60.0
KEPT = 5


def trial(cases: int = 300) -> Told:
    """Runs so many cases, one after the other, and opens each; all but the newest are deleted again.

    Args:
        cases: How many.
    """
    growth, faults, start = Growth(min(SETTLED, cases), MOST_MB), list[str](), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        with open_store({"PETGEN_DATA": place}) as store, LocalPool(store, write=write, beat_s=0.2) as pool:
            for _ in range(cases):
                faults += _one(store, pool)
                growth.look()
        faults += [f"left about: {path}" for path in Path(place).glob("*/unfinished/*")]
    faults += growth.faults()
    figures = {
        "cases": str(cases),
        "seconds a case": f"{(time.monotonic() - start) / cases:.2f}",
        **growth.figures(),
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
