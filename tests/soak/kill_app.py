"""SIGKILL of the real dashboard while it runs a real case: the next one goes on, and nothing of the scan lies about."""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from petgen.case import InputError
from petgen.report import read_outputs
from petgen.store import LOCAL, open_store
from tests.soak.browser import Browser
from tests.soak.dashboard import REAL, dashboard
from tests.soak.told import Told

LONGEST_S = 30.0
SETTLED = {"done", "failed"}
"""A case that was killed three times while it ran is not tried a fourth time."""


def trial(kills: int = 10, seed: int = 1) -> Told:
    """Submits a demo to a dashboard, kills it, and so on with the same store; at last one is left to finish.

    Args:
        kills: Number of kills.
        seed: Seed of the moments.
    """
    rng, seen, faults = random.Random(seed), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        data, scratch = Path(place) / "data", Path(place) / "tmp"
        scratch.mkdir()
        left, done = set[Path](), set[str]()
        for run in range(kills + 1):
            with dashboard(REAL, data, TMPDIR=str(scratch)) as (address, process):
                asyncio.run(_submit(address, run))
                faults += [f"run {run}: still there after a restart: {path}" for path in left if path.exists()]
                if run < kills:
                    time.sleep(rng.uniform(0, LONGEST_S))
                    process.kill()
                    process.wait()
                else:
                    _until_all_ended(data)
            left = {*_files(scratch), *data.glob("*/unfinished/*")}
            seen["kills with a scan's files on disk"] += bool(left)
            faults += [f"run {run}: {fault}" for fault in _look(data, done)]
        faults += [f"left about at the end: {path}" for path in left]
        faults += _ended(data, seen)
    figures = {"kills": str(kills), **{name: str(seen[name]) for name in sorted(seen)}, "faults": str(len(faults))}
    text = (
        "`streamlit run app.py` is given a demo to run through the real pipeline and killed (SIGKILL) up to "
        f"{LONGEST_S:.0f} s later; the next one takes up what was left, and gets one more. The database is SQLite, in "
        "the same process: it is killed with it."
    )
    return Told(f"The dashboard killed {kills} times", text, figures, faults)


def _files(folder: Path) -> set[Path]:
    """Files at any depth; torch leaves an empty folder for compiled code."""
    return {path for path in folder.rglob("*") if path.is_file()}


async def _submit(address: str, number: int) -> None:
    browser = Browser(address)
    demos = (await browser.open()).buttons("Open")
    await browser.press(demos[number % len(demos)])
    form = await browser.go("")
    seen = await browser.press(form.buttons("Synthesise amyloid PET")[0])
    await browser.close()
    if not seen.buttons("Cancel"):
        raise RuntimeError(f"the case was not submitted: {seen.text[:300]}")


def _states(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(f"file:{data / 'petgen.sqlite'}?mode=ro", uri=True)) as database:
        return list(database.execute("SELECT case_id, state FROM jobs ORDER BY number"))


def _until_all_ended(data: Path, longest_s: float = 900) -> None:
    deadline = time.monotonic() + longest_s
    while any(state not in SETTLED for _, state in _states(data)) and time.monotonic() < deadline:
        time.sleep(0.5)


def _look(data: Path, done: set[str]) -> list[str]:
    """What of the finished cases is not whole; they are added to those that were."""
    with closing(sqlite3.connect(data / "petgen.sqlite")) as database:
        said = database.execute("PRAGMA integrity_check").fetchone()[0]
    faults = [] if said == "ok" else [f"the database is damaged: {said}"]
    states = _states(data)
    done |= {case for case, state in states if state == "done"}
    faults += [f"a finished case is no longer so: {case}" for case in done - {c for c, s in states if s == "done"}]
    return faults + [fault for case in sorted(done) for fault in _unreadable(data, case)]


def _unreadable(data: Path, case: str) -> list[str]:
    try:
        read_outputs(data / "results" / case)
    except InputError as error:
        return [f"a finished case is not whole: {error}"]
    return []


def _ended(data: Path, seen: Counter[str]) -> list[str]:
    faults = []
    with open_store({"PETGEN_DATA": str(data)}) as store:
        for row in store.cases.of(LOCAL):
            jobs = store.jobs.of(LOCAL, row.id)
            if not jobs:
                continue
            seen[f"cases {jobs[0].state} at the end"] += 1
            seen["runs begun"] += jobs[0].attempts
            if jobs[0].state not in SETTLED:
                faults.append(f"left as {jobs[0].state}: {row.id}")
            elif jobs[0].state == "done":
                read_outputs(store.open_result(row.id, LOCAL))
            elif "3 times" not in jobs[0].message:
                faults.append(f"failed: {jobs[0].message}")
    return faults
