"""Stand-in work for workers: by name, as a worker process finds it."""

import os
import signal
import time
from pathlib import Path

from petgen.case import InputError


def nothing():
    return "models"


def refused():
    raise InputError("the weights are damaged", mend="Install again.")


def dies_at_start():
    os.kill(os.getpid(), signal.SIGKILL)


def note(folder: str, models: str, task: str) -> str:
    """Writes one line each time that a task is begun; its first letter says what becomes of it."""
    assert models == "models"
    with (Path(folder) / task).open("a") as file:
        file.write(f"{os.getpid()}\n")
    begun = len((Path(folder) / task).read_text().splitlines())
    if task.startswith("poison") or (task.startswith("unlucky") and begun == 1):
        os.kill(os.getpid(), signal.SIGKILL)
    if task.startswith("refused"):
        raise InputError("no brain", mend="Look at it.")
    if task.startswith("broken"):
        raise KeyError("name of a patient")
    if task.startswith("slow"):
        time.sleep(60 if begun == 1 else 0)
    return task.upper()


def echo(models: str, task: str) -> str:
    return f"{models} {task}"


def threads(models: str, task: str) -> dict[str, int]:
    from threadpoolctl import threadpool_info
    from torch import get_num_threads

    pools = {pool["filepath"]: pool["num_threads"] for pool in threadpool_info()}
    return {"torch": get_num_threads(), "env": int(os.environ["ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"]), **pools}
