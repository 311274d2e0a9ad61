"""Signs of life of a process, and the settling of what dead ones left."""

import logging
from collections.abc import Callable
from threading import Event, Thread
from time import monotonic

from petgen.case import InputError
from petgen.store import Store

_LOG = logging.getLogger("petgen.jobs")
_FOR_EVER_S = 1e9


def heart(store: Store, beat_s: float, lease_s: float, stopping: Event, after: Callable[[int], None]) -> Thread:
    """A thread, not yet started, that says that this process lives until it is told to stop.

    Once the store could not be told, others could not tell it either: they then have a lease's time to speak again, and
    meanwhile only those that have ended for certain are dead.

    Args:
        store: Where it is said.
        beat_s: Seconds between two signs of life.
        lease_s: Seconds of silence after which another process is dead.
        stopping: Ends the thread.
        after: Called after every beat with the number of jobs of dead processes that were settled.
    """

    def beat() -> None:
        patient_until = 0.0
        while not stopping.wait(beat_s):
            try:
                store.processes.beat()
                after(store.processes.recover(lease_s if monotonic() >= patient_until else _FOR_EVER_S))
            except InputError as error:
                _LOG.error("no sign of life could be kept: %s", error.what)
                patient_until = monotonic() + lease_s

    return Thread(target=beat, name="petgen heartbeat", daemon=True)
