"""The process that is killed: a store and a queue at work without end, which says aloud what it has finished."""

import os
import random
import sys
import time
from collections.abc import Collection

from petgen.jobs import LocalPool
from petgen.store import LOCAL, Store, UnreachableError, open_store
from tests.soak.stand_in import work_of, write

CASES = 8
SOURCES = ("demo", "upload")


def say(*words: str) -> None:
    """One line that is out before the next instruction."""
    os.write(1, (" ".join(words) + "\n").encode())


def a_case(store: Store, rng: random.Random, watched: Collection[str]) -> str:
    """A case for the queue: a new one, or an earlier one whose scan is here, run again; or an earlier one is deleted.

    Args:
        store: The store.
        rng: Chooses.
        watched: Cases whose end has not been said yet, which are left alone.
    """
    mine = [row for row in store.cases.of(LOCAL) if row.id not in watched and not _is_active(store, row.id)]
    if len(mine) > CASES and rng.random() < 0.5:
        gone = rng.choice(mine)
        say("deleting", gone.id)
        store.delete_case(gone.id, LOCAL)
        mine.remove(gone)
    again = [row for row in mine if row.source != "upload"]
    if len(mine) >= CASES and again:
        return rng.choice(again).id
    return store.cases.add(LOCAL, "SOAK", rng.choice(SOURCES), values={"age": 70}).id


def _is_active(store: Store, case: str) -> bool:
    return any(job.state in ("queued", "running") for job in store.jobs.of(LOCAL, case))


def main(seed: int) -> None:
    """Runs until it is killed."""
    rng = random.Random(seed)
    say("go")
    store, pool = opened()
    waiting: dict[str, str] = {}
    while True:
        try:
            turn(store, pool, rng, waiting)
            time.sleep(0.01)
        except UnreachableError:
            time.sleep(0.1)


def opened() -> tuple[Store, LocalPool]:
    """Store and queue, once the database answers."""
    while True:
        try:
            store = open_store()
            return store, LocalPool(store, workers=2, write=write, rebuild=work_of(store))
        except UnreachableError:
            time.sleep(0.1)


def turn(store: Store, pool: LocalPool, rng: random.Random, waiting: dict[str, str]) -> None:
    """Fills the queue up and says what has ended.

    Args:
        store: The store.
        pool: Its queue.
        rng: Chooses.
        waiting: Case by job; changed.
    """
    while len(waiting) < 4:
        case = a_case(store, rng, waiting.values())
        waiting[pool.submit(case, LOCAL, work_of(store)(store.cases.get(case, LOCAL)))] = case
    for job in list(waiting):
        state = pool.status(job, LOCAL).state
        if state not in ("queued", "running"):
            say(state, waiting.pop(job))


if __name__ == "__main__":
    main(int(sys.argv[1]))
