"""SIGKILL of the PostgreSQL server at random moments: who used it goes on by itself, and what was finished stays."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.postgres_server import Server, find_programs, server
from tests.soak.kill import ROOT
from tests.soak.look import look, remember
from tests.soak.told import Told

LONGEST_S = 2.5
LONGEST_AWAY_S = 1.0
PATIENCE_S = 60.0
_BEAT_S = 0.05
_CHECK = "SELECT bt_index_check(oid, true) FROM pg_class WHERE relkind = 'i' AND relam = 403 AND relpersistence = 'p'"
"""Every index against its table."""


def trial(kills: int = 25, seed: int = 2) -> Told:
    """Kills the database, has the process at work go on, kills that too, and looks at what is there.

    Args:
        kills: Number of kills; in turn the whole server and one of its processes.
        seed: Seed of the moments.
    """
    programs = find_programs()
    if programs is None:
        raise SystemExit("there is no PostgreSQL on this machine")
    rng, seen, faults, away = random.Random(seed), Counter[str](), list[str](), list[float]()
    finished: set[str] = set()
    with (
        server(programs) as running,
        tempfile.TemporaryDirectory(prefix="soak-") as place,
        _scratch(Path(place) / "tmp") as scratch,
    ):
        environment = {"PETGEN_DATA": f"{place}/data", "PETGEN_STORE_URL": running.make("soak")}
        for run in range(kills):
            said = Path(place) / f"said{run}"
            found = _killed(running, environment, scratch, said, rng, away, whole=run % 2 == 0)
            remember(said.read_text(encoding="utf-8").splitlines(), finished, seen)
            found += look(environment, scratch, finished, seen)
            faults += [f"run {run + 1}: {fault}" for fault in found]
        faults += _damage(environment["PETGEN_STORE_URL"])
    figures = {
        "kills of the database, and of the process that used it": f"{kills}, {kills}",
        "seconds from the database's return to the next finished case, longest": f"{max(away, default=0):.1f}",
        **{name: str(seen[name]) for name in sorted(seen)},
        "faults": str(len(faults)),
    }
    text = (
        f"A process with the store and a queue of two workers is at work on PostgreSQL. Up to {LONGEST_S} s after it "
        "begins to open its store, the database is killed (SIGKILL; in turn the whole server and one of its "
        f"processes) and comes back within {LONGEST_AWAY_S:.0f} s. The process has to finish another case by itself; "
        "then it is killed too, and the next one goes on with the same store. At the end every index is checked "
        "against its table."
    )
    return Told(f"PostgreSQL killed {kills} times", text, figures, faults)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Temporary files of this process and of those it starts lie in a folder of their own."""
    folder.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before


def _killed(
    running: Server,
    environment: dict[str, str],
    scratch: Path,
    said: Path,
    rng: random.Random,
    away: list[float],
    *,
    whole: bool,
) -> list[str]:
    around = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(scratch), **environment}
    command = [sys.executable, "-m", "tests.soak.victim", str(rng.randrange(10**6))]
    with said.open("w") as out, subprocess.Popen(command, stdout=out, env=around, cwd=ROOT) as process:
        try:
            _until(said, "go", 0)
            time.sleep(rng.uniform(0, LONGEST_S))
            if whole:
                running.kill()
                time.sleep(rng.uniform(0, LONGEST_AWAY_S))
                running.start()
            else:
                running.kill_one(rng)
            start, before = time.monotonic(), said.read_text(encoding="utf-8").count("done ")
            if not _until(said, "done ", before):
                return [f"nothing was finished in {PATIENCE_S:.0f} s after the database came back"]
            away.append(time.monotonic() - start)
            return [] if process.poll() is None else ["the process ended by itself"]
        finally:
            process.send_signal(signal.SIGKILL)


def _until(said: Path, word: str, before: int) -> bool:
    """Waits until a word has been said more often than before; False where it was not."""
    end = time.monotonic() + PATIENCE_S
    while said.read_text(encoding="utf-8").count(word) <= before:
        if time.monotonic() > end:
            return False
        time.sleep(_BEAT_S)
    return True


def _damage(url: str) -> list[str]:
    engine = create_engine(url.replace("postgresql", "postgresql+psycopg", 1))
    try:
        with engine.begin() as connection:
            connection.execute(text("CREATE EXTENSION amcheck"))
            connection.execute(text(_CHECK)).all()
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the finding)
        return [f"the database is damaged: {error}"]
    finally:
        engine.dispose()
    return []
