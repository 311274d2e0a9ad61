"""Memory of a process with many sessions: Python's collector of garbage, and what the allocator keeps for itself."""

import ctypes
import gc
import sys


def settle() -> None:
    """Leaves what is loaded by now, above all libraries and models, out of the collector's later rounds.

    Streamlit runs a whole round after every run of a page or a part of it. With the libraries it takes 0.4 s, in which
    no other session gets on; a page that looks for its job takes 0.02 s. What was left out before and is garbage now is
    collected first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Gives the system the memory of volumes that nobody holds any more; the C library of Linux would keep most."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim:
            trim(0)
