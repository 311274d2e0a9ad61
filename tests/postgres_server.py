"""A PostgreSQL server of one's own, in a folder that goes away with it."""

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from sqlalchemy import URL, create_engine, text

QUICK = "-c fsync=off -c listen_addresses='' -c max_connections=60 -c timezone=Asia/Kathmandu"
"""Nothing here outlives the machine; one socket, no port; a time zone that shows where one is forgotten."""


def find_programs() -> Path | None:
    """Folder of initdb and pg_ctl, None where PostgreSQL is not installed; Debian keeps it off the path."""
    known = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = shutil.which("initdb") or (known[-1] if known else None)
    return Path(found).resolve().parent if found else None


class Server:
    """One server.

    Args:
        programs: Folder of its programs.
        folder: Where its files and its socket are.
    """

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._data = programs, folder, folder / "data"
        self._as = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        if self._as:
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", "petgen", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Starts it and waits until it answers."""
        options = f"{QUICK} -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._folder / "log", "-o", options)

    def stop(self, how: str = "immediate") -> None:
        """Stops it; "immediate" is as good as a crash, "fast" throws everybody out in order."""
        self._run("pg_ctl", "stop", "-w", "-D", self._data, "-m", how)

    def kill(self) -> None:
        """Kills the server and every process of it (SIGKILL)."""
        killed = [self._main(), *self._main().children()]
        for process in killed:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(killed, timeout=10)

    def kill_one(self, rng: random.Random) -> bool:
        """Kills one of those that speak with petgen (SIGKILL), upon which the server throws everybody out and recovers.

        Returns:
            Whether there was one.
        """
        speaking = [one for one in self._main().children() if "petgen" in " ".join(one.cmdline())]
        if speaking:
            rng.choice(speaking).kill()
        return bool(speaking)

    def _main(self) -> psutil.Process:
        return psutil.Process(int((self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0]))

    def url(self, database: str) -> str:
        """Address of a database, for `petgen.store.Store`."""
        address = URL.create("postgresql", username="petgen", database=database, query={"host": str(self._folder)})
        return address.render_as_string(hide_password=False)

    def make(self, database: str, like: str = "template1") -> str:
        """Makes a database and gives its address."""
        engine = create_engine(
            self.url("postgres").replace("postgresql", "postgresql+psycopg", 1), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{database}" TEMPLATE "{like}"'))
        engine.dispose()
        return self.url(database)

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as, str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, cwd=self._folder, timeout=60, check=False)
        assert done.returncode == 0, f"{program}: {done.returncode}"


@contextmanager
def server(programs: Path) -> Iterator[Server]:
    """A server that runs."""
    with tempfile.TemporaryDirectory(
        prefix="petgen-postgres-", dir=_quick_place(), ignore_cleanup_errors=True
    ) as place:
        found = Server(programs, Path(place))
        found.start()
        try:
            yield found
        finally:
            found.stop()


def _quick_place() -> str | None:
    """Memory, where there is enough of it for a few hundred megabytes of small files; else the usual place."""
    shared = Path("/dev/shm")
    return str(shared) if shared.is_dir() and shutil.disk_usage(shared).free > 2**30 else None
