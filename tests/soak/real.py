"""Cases in a row through the real pipeline: the demos' scans, registered, synthesised, scored and written."""

import os
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from petgen.demos import DemoCase, demo_cases
from petgen.jobs import LocalPool, kept_work
from petgen.models import Models, load_models
from petgen.report import read_outputs, write_outputs
from petgen.store import LOCAL, Store, open_store
from tests.soak.growth import Growth
from tests.soak.told import Told

SETTLED = 5
MOST_MB = 100.0
LONGEST_S = 600


def trial(cases: int = 24) -> Told:
    """Runs demos in turn, each as a new case, and opens each result.

    Args:
        cases: How many.
    """
    growth, faults, seconds = Growth(min(SETTLED, cases), MOST_MB), list[str](), list[float]()
    models = load_models()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        scratch = Path(place) / "tmp"
        scratch.mkdir()
        before, tempfile.tempdir = tempfile.tempdir, str(scratch)
        try:
            with open_store({"PETGEN_DATA": f"{place}/data"}) as store, _pool(store, models) as pool:
                for demo in islice(cycle(demo_cases()), cases):
                    start = time.monotonic()
                    faults += _one(store, pool, demo, models)
                    seconds.append(time.monotonic() - start)
                    growth.look()
        finally:
            tempfile.tempdir = before
        left = [*scratch.iterdir(), *Path(place).glob("data/*/unfinished/*")]
        faults += [f"left about: {path.name}" for path in left]
    faults += growth.faults()
    figures = {
        "cases": str(cases),
        "seconds a case: median, slowest": f"{median(seconds):.1f}, {max(seconds):.1f}",
        "other work on the cores meanwhile, load average at the end": f"{os.getloadavg()[0]:.1f}",
        **growth.figures(),
        "faults": str(len(faults)),
    }
    text = "The real models and the real pipeline, through the queue into the store; each result is read back."
    return Told(f"{cases} real cases in a row", text, figures, faults)


def _pool(store: Store, models: Models) -> LocalPool:
    return LocalPool(store, write=write_outputs, rebuild=kept_work(store, lambda name: models))


def _one(store: Store, pool: LocalPool, demo: DemoCase, models: Models) -> list[str]:
    values = demo.biomarkers.model_dump(exclude_none=True, exclude={"assay"})
    row = store.cases.add(LOCAL, demo.code, "demo", values=values, options={"demo": demo.code})
    job = pool.submit(row.id, LOCAL, kept_work(store, lambda name: models)(row))
    deadline = time.monotonic() + LONGEST_S
    while (now := pool.status(job, LOCAL)).state in ("queued", "running"):
        if time.monotonic() > deadline:
            return [f"{demo.code} took too long"]
        time.sleep(0.05)
    if now.state != "done":
        return [f"{demo.code} ended as {now.state}: {now.message}"]
    made = read_outputs(store.open_result(row.id, LOCAL))
    return [] if made.code == demo.code else [f"{demo.code} has the result of {made.code}"]
