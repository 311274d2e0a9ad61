"""Tasks spread over workers: a task whose worker dies is given to another one, and a task that kills is given up."""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from petgen.case import InputError
from petgen.cluster.join import Cluster, Share

DEATHS = 3
"""Workers that may die of one task, or while they start, before it is given up."""
START_S = 900.0
"""Longest wait for a worker when none is at work, seconds; a cluster that grows by itself needs minutes."""


@dataclass(frozen=True)
class Ended:
    """What became of a task.

    Attributes:
        task: As it was given.
        value: What the work gave; None where there was a problem.
        problem: What went wrong.
        pid: Process of the worker; 0 where it died.
    """

    task: Any
    value: Any
    problem: str = ""
    pid: int = 0


class Crew:
    """Workers with the models loaded.

    Args:
        cluster: Where they run, one a share.
        load: Gives the models; called once in every worker.
        progress: Told when workers start, are ready or die.
    """

    def __init__(self, cluster: Cluster, load: Callable[[], Any], progress: Callable[[str], None]) -> None:
        import ray

        self._ray, self._cluster, self._load, self._progress = ray, cluster, load, progress
        self._busy: dict[Any, tuple[Any, Share, Hashable | None]] = {}
        self._idle: list[tuple[Any, Share]] = []
        self._ready = self._lost = 0
        progress(f"starting {len(cluster.shares)} workers")
        for share in cluster.shares:
            self._start(share)

    def run(self, work: Callable[[Any, Any], Any], tasks: Iterable[Hashable]) -> Iterator[Ended]:
        """Does tasks, each once, in about their order.

        Args:
            work: Called in a worker with the models and a task; a function of a module, as it goes by name.
            tasks: Each different from the others.

        Yields:
            Each task as it ends.

        Raises:
            InputError: The models cannot be loaded, or no worker lives long enough for it.
        """
        waiting, deaths = deque(tasks), Counter[Hashable]()
        while waiting or self._at_work():
            while self._idle and waiting:
                handle, share = self._idle.pop()
                task = waiting.popleft()
                self._busy[handle.do.remote(work, task)] = (handle, share, task)
            task, answer = self._wait()
            if task is None:
                continue
            if answer is not None:
                yield Ended(task, answer.value, answer.problem, answer.pid)
                continue
            deaths[task] += 1
            if deaths[task] < DEATHS:
                waiting.append(task)
            else:
                yield Ended(task, None, f"{DEATHS} workers died of it. Look whether they have memory enough.")

    def close(self) -> None:
        """Ends the workers."""
        for handle, *_ in chain(self._busy.values(), self._idle):
            self._ray.kill(handle)
        self._busy.clear()
        self._idle.clear()

    def _start(self, share: Share) -> None:
        handle = self._cluster.start(share)
        self._busy[handle.load.remote(self._load)] = (handle, share, None)

    def _at_work(self) -> bool:
        return any(task is not None for _, _, task in self._busy.values())

    def _wait(self) -> tuple[Hashable | None, Any]:
        """The task that ended next with its answer, None where its worker died; no task for a worker that started."""
        ready, _ = self._ray.wait(list(self._busy), num_returns=1, timeout=None if self._at_work() else START_S)
        if not ready:
            mend = "Look whether the cluster has free cores."
            raise InputError(f"no worker could be started within {START_S:.0f} seconds", mend=mend)
        handle, share, task = self._busy.pop(ready[0])
        try:
            answer = self._ray.get(ready[0])
        except self._ray.exceptions.RayError:
            self._died(share, starting=task is None)
            return task, None
        if task is None:
            if answer.problem:
                raise InputError(answer.problem)
            self._ready, self._lost = self._ready + 1, 0
            self._progress(f"worker {self._ready} is ready")
        self._idle.append((handle, share))
        return task, answer

    def _died(self, share: Share, *, starting: bool) -> None:
        self._progress("a worker died; another one is started")
        self._lost += starting
        if self._lost >= DEATHS:
            mend = "Look whether its node has memory for the models, about 2 GB a worker."
            raise InputError(f"{DEATHS} workers died before they were ready", mend=mend)
        self._start(share)
