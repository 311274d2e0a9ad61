"""Telling a store whose database server may be away for a while."""

import logging
from collections.abc import Callable
from time import sleep
from typing import TypeVar

from petgen.store import UnreachableError

_LOG = logging.getLogger("petgen.jobs")
_AGAIN_S = 0.5
Told = TypeVar("Told")


def patiently(tell: Callable[[], Told], stopping: Callable[[], bool]) -> Told:
    """Tells the store something, again and again until its server is back: what a job has computed is not thrown away.

    Args:
        tell: Called until it gets through; has to do no harm when it gets through twice.
        stopping: Whether this process ends, and nothing is waited for.

    Raises:
        UnreachableError: The server is away and the process ends.
        InputError: The store cannot be used for another reason.
    """
    waited = False
    while True:
        try:
            return tell()
        except UnreachableError as error:
            if stopping():
                raise
            if not waited:
                _LOG.error("a job waits for the store: %s", error.what)
            waited = True
            sleep(_AGAIN_S)
