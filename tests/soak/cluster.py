"""People spread over Ray workers of one core each: one against two, and one killed in the middle."""

import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import psutil

from petgen.batch import INPUT
from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.dataset_tables import open_dataset, write_tables
from petgen.cohort.run import simulate_into
from tests.soak.told import Told

PEOPLE = 60
LEAST_GAIN = 1.8
_LOOK_S = 0.05
_MEMORY_S = 1.0


@dataclass
class Seen:
    """One batch as it was seen from outside.

    Attributes:
        begun: Unfinished folders that were seen, by person.
        ended: When each person's results came to their place, seconds since the start.
        memory: Most memory of a worker, MB, of its own and its share of what it has in common with others.
        killed: Results that were there when a worker was killed; None where none was.
        code: Exit code.
    """

    begun: dict[str, set[str]] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    memory: float = 0.0
    killed: dict[str, int] | None = None
    code: int = -1

    def a_minute(self, workers: int) -> float:
        """People a minute from the moment when every worker has ended its first."""
        times = sorted(self.ended.values())
        return 60 * (len(times) - workers) / (times[-1] - times[workers - 1])


def trial(people: int = PEOPLE) -> Told:
    """Runs the same people on one worker, on two, and on two of which one is killed.

    Args:
        people: How many.
    """
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        data = _dataset(Path(place) / "data", people)
        one, two = (_batch(data, Path(place) / f"out{n}", n) for n in (1, 2))
        few = max(people // 3, 4)
        hurt = _batch(_dataset(Path(place) / "few", few), Path(place) / "hurt", 2, kill_after=few // 4)
        faults = [fault for seen, n in ((one, people), (two, people), (hurt, few)) for fault in _faults(seen, n)]
        faults += _same(Path(place) / "out1", Path(place) / "out2") + _same(Path(place) / "out1", Path(place) / "hurt")
        kept = hurt.killed or {}
        touched = [name for name, at in kept.items() if _stamp(Path(place) / "hurt" / name) != at]
    faults += [f"{name} was made again" for name in touched]
    gain = two.a_minute(2) / one.a_minute(1)
    if gain < LEAST_GAIN:
        faults.append(f"two workers do {gain:.2f} times as much as one")
    twice = sum(len(folders) > 1 for folders in hurt.begun.values())
    figures = {
        "people": str(people),
        "people a minute, one worker": f"{one.a_minute(1):.2f}",
        "people a minute, two workers": f"{two.a_minute(2):.2f}",
        "two against one": f"{gain:.2f}",
        "the whole run with its start, one and two workers": f"{max(one.ended.values()):.0f} and "
        f"{max(two.ended.values()):.0f} s",
        "most memory of a worker": f"{max(one.memory, two.memory):.0f} MB",
        "a worker killed: people": str(few),
        "results that were there, and of them made again": f"{len(kept)} and {len(touched)}",
        "begun twice because of it": str(twice),
        "lost": str(few - len(hurt.ended)),
        "faults": str(len(faults)),
    }
    text = (
        "`petgen batch --workers` on simulated people: one Ray worker of one core, then two; then fewer people on two "
        "workers, of which one is killed (SIGKILL) with a person in its hands."
    )
    return Told("Ray workers", text, figures, faults)


def _dataset(root: Path, people: int) -> Path:
    open_dataset(root, 0)
    brain = root / "sourcedata" / "brain.npz"
    brain.parent.mkdir()
    template_anatomy().save(brain)
    list(simulate_into(root, [brain], "test", people, seed=0))
    write_tables(root, seed=0)
    return root


def _batch(data: Path, out: Path, workers: int, kill_after: int | None = None) -> Seen:
    command = [sys.executable, "-m", "petgen.cli", "batch", str(data), "--out", str(out), "--workers", str(workers)]
    seen, start = Seen(), time.monotonic()
    batch = psutil.Popen(command, stdout=subprocess.DEVNULL)
    looked = start
    while batch.poll() is None:
        time.sleep(_LOOK_S)
        _look(seen, out, time.monotonic() - start)
        if time.monotonic() - looked > _MEMORY_S:
            looked = time.monotonic()
            seen.memory = max([seen.memory, *(_megabytes(worker) for worker in _workers(batch))])
        if kill_after is not None and seen.killed is None and len(seen.ended) >= kill_after:
            time.sleep(random.uniform(1, 3))
            seen.killed = {file.parent.name: _stamp(file.parent) for file in out.glob(f"sub-*/{INPUT}")}
            random.choice(_workers(batch)).kill()
    _look(seen, out, time.monotonic() - start)
    seen.code = batch.returncode
    return seen


def _look(seen: Seen, out: Path, now: float) -> None:
    for folder in out.glob(".sub-*"):
        seen.begun.setdefault(folder.name.split(".")[1], set()).add(folder.name)
    for file in out.glob(f"sub-*/{INPUT}"):
        seen.ended.setdefault(file.parent.name, now)


def _workers(batch: psutil.Process) -> list[psutil.Process]:
    found = []
    for process in batch.children(recursive=True):
        try:
            if " ".join(process.cmdline()).startswith("ray::Worker"):
                found.append(process)
        except psutil.Error:
            continue
    return found


def _megabytes(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss / 1e6)
    except psutil.Error:
        return 0.0


def _stamp(folder: Path) -> int:
    return (folder / INPUT).stat().st_mtime_ns


def _faults(seen: Seen, people: int) -> list[str]:
    found = [] if seen.code == 0 else [f"the batch ended with {seen.code}"]
    if len(seen.ended) != people:
        found.append(f"{people - len(seen.ended)} people have no results")
    more = sum(len(folders) - 1 for folders in seen.begun.values())
    if more > (seen.killed is not None):
        found.append(f"{more} were begun again")
    return found


def _same(first: Path, second: Path) -> list[str]:
    """What differs in the tables of two runs beside the seconds."""
    one, two = (pd.read_parquet(out / "results.parquet").drop(columns="seconds") for out in (first, second))
    one = one[one["participant_id"].isin(two["participant_id"])].reset_index(drop=True)
    return [] if one.equals(two) else ["two runs of the same people have other results"]
