"""What happens inside the small file system; prints its figures as one line of JSON."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from petgen.case import InputError, Step
from petgen.jobs import LocalPool, Work
from petgen.store import LOCAL, CaseRow, Store, open_store
from tests.soak.stand_in import is_whole, work_of, write

BEYOND = 6
LONGEST = 200
"""Letters of a message that a person still reads."""


class Disk:
    """A small disk with a store on it.

    Args:
        place: Where it is mounted.
        store: The store.
        pool: Its queue.
    """

    def __init__(self, place: Path, store: Store, pool: LocalPool) -> None:
        self.store, self.pool, self.filler = store, pool, place / "filler"
        self.said: set[str] = set()
        self.states: list[str] = []

    def run(self, *, fills: bool = False) -> str:
        """State of a new case once it has ended, or after three seconds.

        Args:
            fills: Whether the disk fills while it runs.
        """
        try:
            row = self.store.cases.add(LOCAL, "SOAK", "demo", values={"age": 70})
            work = self._filling(row) if fills else work_of(self.store, pause_s=0)(row)
            job = self.pool.submit(row.id, LOCAL, work)
            deadline = time.monotonic() + 3
            while (now := self.pool.status(job, LOCAL)).state in ("queued", "running") and time.monotonic() < deadline:
                time.sleep(0.01)
            state, words = now.state, now.message
        except InputError as error:
            state, words = "refused", str(error)
        self.said |= {words.replace(str(self.filler.parent), "…")} - {""}
        self.states.append(state)
        return state

    def fill(self) -> None:
        """Takes what is left."""
        with self.filler.open("ab", buffering=0) as stream:
            size = 1 << 20
            while size >= 1:
                try:
                    stream.write(bytes(size))
                except OSError:
                    size //= 2

    def faults(self) -> list[str]:
        """Finished cases that cannot be read, jobs that never end, messages that nobody reads."""
        found = [f"too long a message: {words[:LONGEST]}" for words in self.said if len(words) > LONGEST]
        for row in self.store.cases.of(LOCAL):
            try:
                if self.store.has_result(row.id, LOCAL) and not is_whole(self.store, row):
                    found.append(f"not whole: {row.id}")
            except InputError as error:
                found.append(str(error))
        return found

    def _filling(self, row: CaseRow) -> Work:
        def work() -> Iterator[object]:
            yield Step("Skull strip", 1, 2)
            self.fill()
            for number in range(200):
                yield Step("x" * 50 * number, 2, 2)
            yield from work_of(self.store, pause_s=0)(row)()

        return work


def main(place: Path) -> None:
    """Fills the disk."""
    faults = list[str]()
    with open_store({"PETGEN_DATA": str(place / "data")}) as store, LocalPool(store, write=write, beat_s=0.2) as pool:
        disk = Disk(place, store, pool)
        disk.run()
        disk.run(fills=True)
        disk.fill()
        faults += ["done on a disk without a byte" for _ in range(BEYOND) if disk.run() == "done"] + disk.faults()
        disk.filler.unlink()
        time.sleep(1)
        faults += [f"left as {job.state}" for job in store.jobs.of(LOCAL) if job.state in ("queued", "running")]
        while disk.states[-BEYOND:].count("done") or disk.states[-1] == "refused":
            disk.run()
        faults += disk.faults()
        for row in store.cases.of(LOCAL):
            if not store.has_result(row.id, LOCAL):
                store.delete_case(row.id, LOCAL)
        store.delete_case(store.cases.of(LOCAL)[0].id, LOCAL)
        again = disk.run()
        if again != "done":
            faults.append("no room after a deletion")
        faults += disk.faults()
    faults += [f"left about: {path.name}" for path in (place / "data").glob("*/unfinished/*")]
    figures = {
        "cases that went in": str(disk.states.count("done")),
        "cases that did not": str(len(disk.states) - disk.states.count("done")),
        "first case after a deletion": again,
        **{f"said ({number})": words for number, words in enumerate(sorted(disk.said), 1)},
        "faults": str(len(faults)),
    }
    sys.stdout.write(json.dumps({"figures": figures, "faults": faults}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
