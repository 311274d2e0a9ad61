"""A Ray cluster to work on: the one at RAY_ADDRESS, or one of this machine alone."""

import os
import secrets
import socket
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from petgen.case import InputError
from petgen.cluster.worker import Worker
from petgen.imaging.scratch import scratch_folder

RAY_ADDRESS = "RAY_ADDRESS"
"""Environment variable with the address of a cluster, as Ray itself knows it."""
LOOK_S = 10.0
"""Longest wait for an answer at the address, seconds."""
OBJECT_STORE = 80 * 2**20
"""Bytes of shared memory that Ray reserves on this machine, nearly its least: petgen puts nothing there."""
ALONE = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_DISABLE_IMPORT_WARNING": "1",
    "RAY_worker_niceness": "0",
}
"""Ray's settings on this machine: no telemetry, listening on loopback only, a token for whoever connects, workers at
the priority of the process that waits for them (Ray's default lets other work starve them)."""

_QUIET = {"log_to_driver": False, "logging_level": "ERROR", "configure_logging": False}


@dataclass(frozen=True)
class Share:
    """What one worker is given: a GPU, or cores.

    Attributes:
        cpus: Cores.
        gpus: GPUs; a part of one where several workers share it.
    """

    cpus: float
    gpus: float = 0.0


class Cluster:
    """Ray, for as long as this is open.

    Args:
        workers: How many; None for one a GPU, and one for so many cores of nodes without.
        cores: Cores, and threads, of a worker.

    Raises:
        InputError: Ray is not installed, the cluster cannot be reached or has no room for one worker.
    """

    def __init__(self, workers: int | None = None, cores: int = 1) -> None:
        self._cores, self._opened = cores, ExitStack()
        address = os.environ.get(RAY_ADDRESS)
        os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
        if not address:
            os.environ.update(ALONE)
            os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
        self._ray = _ray_module()
        try:
            if address:
                _look_for(address)
                self._ray.init(address, **_QUIET)
            else:
                folder = self._opened.enter_context(scratch_folder())
                self._ray.init(**_alone((workers or _cores_here() // cores or 1) * cores, folder), **_QUIET)
            self._opened.callback(self._ray.shutdown)
            self.shares = shares(self._ray.nodes(), workers, cores)
        except (ConnectionError, OSError, RuntimeError, ValueError) as error:
            self.close()
            if isinstance(error, InputError):
                raise
            mend = "Look whether the cluster runs, or leave RAY_ADDRESS out." if address else "Try again."
            raise InputError(f"Ray did not start ({error})", where=address or "", mend=mend) from None

    def start(self, share: Share) -> Any:
        """A new worker, as the handle of a Ray actor; it waits until its share is free."""
        actor: Any = self._ray.remote(Worker)
        return actor.options(num_cpus=share.cpus, num_gpus=share.gpus).remote(self._cores)

    def close(self) -> None:
        """Ends every worker, and Ray where it was started here."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def shares(nodes: list[dict[str, Any]], workers: int | None, cores: int) -> list[Share]:
    """What every worker is given.

    Args:
        nodes: As `ray.nodes()` tells them.
        workers: How many are wanted; None for one a device.
        cores: Cores of a worker.

    Raises:
        InputError: No node has room for one.
    """
    have = [node["Resources"] for node in nodes if node["Alive"]]
    gpus = sum(int(node.get("GPU", 0)) for node in have)
    room = sum(int(node.get("CPU", 0)) // cores for node in have if not node.get("GPU"))
    if not gpus and not room:
        raise InputError(f"no node has {cores} cores", where="--cores", mend="Ask for fewer.")
    found = [Share(cores, 1.0)] * gpus + [Share(cores)] * room
    if workers is None or workers <= len(found):
        return found[:workers]
    if gpus and not room:
        return [Share(cores, gpus / workers)] * workers
    return found


def _alone(cpus: int, folder: Path) -> dict[str, Any]:
    return {
        "num_cpus": cpus,
        "include_dashboard": False,
        "object_store_memory": OBJECT_STORE,
        "_temp_dir": str(folder),
        "_system_config": {"automatic_object_spilling_enabled": False},
    }


def _cores_here() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _look_for(address: str) -> None:
    """Fails where nobody listens at host:port: Ray would end the whole process."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=LOOK_S).close()


def _ray_module() -> Any:
    try:
        import ray
    except ImportError:
        raise InputError("Ray is not installed", mend='Run: pip install "petgen[cluster]"') from None
    return ray
