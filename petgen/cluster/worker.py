"""One worker: a process that loads the models once and then takes one task at a time."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

from petgen.case import InputError

THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS",
)
_PLACES = 3


@dataclass(frozen=True)
class Answer:
    """What a worker answers.

    Attributes:
        value: What the work gave; None where there was a problem.
        problem: What went wrong, and how to mend it.
        pid: The worker's process.
    """

    value: Any
    problem: str
    pid: int


class Worker:
    """Runs as a Ray actor. Errors come back as words: a traceback would carry values of patients into Ray's logs.

    Args:
        cores: Threads that the numerical libraries may use in this process.
    """

    def __init__(self, cores: int) -> None:
        self._cores, self._models = cores, None
        os.environ.update(dict.fromkeys(THREADS, str(cores)))

    def load(self, load: Callable[[], Any]) -> Answer:
        """Loads the models, once.

        Args:
            load: Gives them.
        """
        answer = answered(load)
        self._models = answer.value
        self._limit()
        return Answer(None, answer.problem, answer.pid)

    def do(self, work: Callable[..., Any], task: Any) -> Answer:
        """Does one task.

        Args:
            work: Called with the models and the task.
            task: What to do.
        """
        return answered(lambda: work(self._models, task))

    def _limit(self) -> None:
        """Tells those libraries that were loaded before the environment was set."""
        from threadpoolctl import threadpool_limits

        threadpool_limits(self._cores)
        if torch := sys.modules.get("torch"):
            torch.set_num_threads(self._cores)


def answered(work: Callable[[], Any]) -> Answer:
    """What some work gives, or what went wrong in it, without what an unexpected error says of its data."""
    try:
        return Answer(work(), "", os.getpid())
    except InputError as error:
        return Answer(None, str(error), os.getpid())
    except Exception as error:  # noqa: BLE001 - the message may hold patient data: it is not passed on
        told = f"Something went wrong inside petgen: {type(error).__name__} at {_where(error)}. Report it if it stays."
        return Answer(None, told, os.getpid())


def _where(error: Exception) -> str:
    frames = extract_tb(error.__traceback__)[-_PLACES:]
    return " < ".join(f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in reversed(frames))
