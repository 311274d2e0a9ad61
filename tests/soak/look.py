"""What a killed process left in its store, and what of it is not as it has to be."""

import sqlite3
from collections import Counter
from pathlib import Path

from petgen.case import InputError
from petgen.jobs import LocalPool
from petgen.store import LOCAL, Store, open_store
from tests.soak.stand_in import is_whole

SETTLED = {"queued", "upload again", "failed", "cancelled", "done"}


def remember(lines: list[str], finished: set[str], seen: Counter[str]) -> None:
    """Keeps what a process said of its cases.

    Args:
        lines: State and case, a line each; others are passed over.
        finished: Cases that were done and not deleted; added to and taken from.
        seen: How often what was said.
    """
    for state, case in (line.split() for line in lines if " " in line):
        seen[f"said {state}"] += 1
        if state == "done":
            finished.add(case)
        elif state == "deleting":
            finished.discard(case)


def look(environment: dict[str, str], scratch: Path, finished: set[str], seen: Counter[str]) -> list[str]:
    """What is not as it has to be, once the store has been opened again.

    Args:
        environment: Names the store.
        scratch: Folder of temporary files.
        finished: Cases that must be whole.
        seen: Counts cases that are and that are not.
    """
    faults, data = [], Path(environment["PETGEN_DATA"])
    with open_store(environment) as store:
        LocalPool(store, workers=0).close()
        rows = {row.id: row for row in store.cases.of(LOCAL)}
        faults += [f"a finished case is gone: {case}" for case in finished - rows.keys()]
        for case in rows:
            faults += _look_at(store, case, finished, seen)
        for shelf in ("results", "stripped"):
            lying = {path.name for path in (data / shelf).glob("*")} - {"unfinished"}
            faults += [f"{shelf} of no case: {name}" for name in lying - rows.keys()]
        left = [*scratch.glob("petgen-*"), *data.glob("*/unfinished/*")]
        faults += [f"left about: {path.name}" for path in left]
    return faults


def integrity(database: Path) -> list[str]:
    """What SQLite finds wrong in a file of its own."""
    with sqlite3.connect(database) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    return [] if said == "ok" else [f"the database is damaged: {said}"]


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
    return [] if state in SETTLED else [f"left as {state}: {case}"]
