"""Twenty sessions at once: pages answer, heavy work queues, memory is bounded, nobody sees another's case."""

import asyncio
import os
import sqlite3
import tempfile
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from statistics import median

import psutil

from tests.soak.browser import Browser
from tests.soak.dashboard import STAND_IN, dashboard
from tests.soak.told import Told
from tests.soak.visit import Visit

MOST_GROWTH = 1.15
"""Memory of a second round against the first's most."""
SLOWEST_S = 60.0
FORGOTTEN_S = 130
"""After which Streamlit forgets a closed session (two minutes)."""


class Watch:
    """Memory and processor time of the server, and how many jobs run at once.

    Args:
        server: The process.
        database: The store's file.
    """

    def __init__(self, server: psutil.Process, database: Path) -> None:
        self._server, self._database = server, database
        self.most_mb, self.most_running = 0.0, 0

    def listens(self) -> set[str]:
        """Addresses that it listens on."""
        return {one.laddr.ip for one in self._server.net_connections("inet") if one.status == psutil.CONN_LISTEN}

    @property
    def cpu_s(self) -> float:
        """Processor time so far."""
        spent = self._server.cpu_times()
        return float(spent.user + spent.system)

    @property
    def mb(self) -> float:
        """Memory now, MB."""
        return float(self._server.memory_info().rss / 1e6)

    async def run(self) -> None:
        """Looks again and again."""
        while True:
            self.most_mb = max(self.most_mb, self.mb)
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
                running = database.execute("SELECT count(*) FROM jobs WHERE state = 'running'").fetchone()[0]
            self.most_running = max(self.most_running, int(running))
            await asyncio.sleep(0.3)


def trial(sessions: int = 20, rounds: int = 2) -> Told:
    """Rounds of so many visitors at once, against the real dashboard, which they share without signing in.

    Args:
        sessions: Visitors a round.
        rounds: The second shows whether memory grows; between them the sessions are closed and forgotten.
    """
    with tempfile.TemporaryDirectory(prefix="soak-") as place:
        data = Path(place)
        with dashboard(STAND_IN, data, PETGEN_SINGLE_USER="0") as (address, server):
            watch = Watch(psutil.Process(server.pid), data / "petgen.sqlite")
            return asyncio.run(_rounds(address, watch, sessions, rounds))


async def _comes_and_goes(browser: Browser) -> None:
    """Streamlit forgets old sessions when one ends, and collects what they held after the next run of a page."""
    for _ in range(2):
        await browser.open()
        await browser.close()


async def _rounds(address: str, watch: Watch, sessions: int, rounds: int) -> Told:
    faults, seconds, places = list[str](), defaultdict[str, list[float]](list), list[int]()
    if not (heard := watch.listens()) or heard - {"127.0.0.1", "::1"}:
        faults.append(f"it listens to {heard or 'nobody'}")
    memory = [("memory before", watch.mb)]
    first = Visit(Browser(address))
    await first.all(0)
    await first.browser.close()
    memory.append(("memory after one visitor", watch.mb))
    most, spent = [], watch.cpu_s
    for number in range(1, rounds + 1):
        watch.most_mb = 0.0
        looking = asyncio.create_task(watch.run())
        visits = [Visit(Browser(address)) for _ in range(sessions)]
        await asyncio.gather(*(visit.all(place) for place, visit in enumerate(visits)))
        seen = [case for visit in visits for case in visit.cases]
        if len(seen) != len(set(seen)):
            faults.append("two visitors see the same case")
        pairs = [(visit, visits[place - 1].cases) for place, visit in enumerate(visits)]
        await asyncio.gather(*(visit.peeks(min(cases)) for visit, cases in pairs if cases))
        await asyncio.gather(*(visit.browser.close() for visit in visits))
        looking.cancel()
        most.append(watch.most_mb)
        memory.append((f"most memory, round {number}", watch.most_mb))
        for visit in visits:
            faults += visit.faults
            places += visit.places
            for kind, times in visit.seconds.items():
                seconds[kind] += times
        if number < rounds:
            await asyncio.sleep(FORGOTTEN_S)
            await _comes_and_goes(Browser(address))
            memory.append((f"memory once round {number} is forgotten", watch.mb))
    if most[-1] > MOST_GROWTH * most[0]:
        faults.append(f"memory grew from {most[0]:.0f} to {most[-1]:.0f} MB")
    if watch.most_running != 1:
        faults.append(f"{watch.most_running} jobs ran at once")
    faults += [f"{kind} took {max(times):.0f} s" for kind, times in seconds.items() if max(times) > SLOWEST_S]
    figures = {
        "sessions at once, rounds": f"{sessions}, {rounds}",
        "processor time of the server a visitor": f"{(watch.cpu_s - spent) / sessions / rounds:.1f} s",
        "other work on the cores meanwhile, load average at the end": f"{os.getloadavg()[0]:.1f}",
        **{name: f"{mb:.0f} MB" for name, mb in memory},
        "jobs that ran at once, longest queue told": f"{watch.most_running}, {max(places, default=0)}",
        **{f"{kind}: median, slowest": f"{median(times):.1f} s, {max(times):.1f} s" for kind, times in seconds.items()},
        "faults": str(len(faults)),
    }
    text = (
        "Real WebSocket sessions of the real dashboard, shared without sign-in: each opens a demo case, walks three "
        "pages, runs the case, looks at its history, reloads, and asks for another's case by its address."
    )
    return Told(f"{sessions} sessions at once", text, figures, faults)
