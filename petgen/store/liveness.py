"""Whether another process of this machine has ended, where that can be known for certain."""

import os
import sys
from functools import cache
from pathlib import Path


@cache
def machine() -> str:
    """Names the set of processes that this one can see, since this boot; empty where it cannot be told."""
    if sys.platform != "linux":
        return ""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot} {os.readlink('/proc/self/ns/pid')}"
    except OSError:
        return ""


def has_ended(where: str, number: int) -> bool:
    """Whether a process has certainly ended; False also where nothing is known of it.

    Args:
        where: What `machine` said in that process.
        number: Its process id.
    """
    return bool(where) and where == machine() and not Path(f"/proc/{number}").exists()
