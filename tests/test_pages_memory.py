"""Memory that pages leave behind."""

import gc
import sys
from pathlib import Path

import numpy as np
import pytest

from pages.parts.collector import give_back, settle


def _resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@pytest.mark.skipif(sys.platform != "linux", reason="only there it is kept")
def test_volumes_that_nobody_holds_go_back_to_the_system():
    """Small ones between the large, held, keep the heap from shrinking by itself."""
    held, volumes = [], []
    for _ in range(2000):
        volumes.append(np.ones(12_000))
        held.append(bytearray(4000))
    before = _resident_mb()
    del volumes
    gc.collect()
    give_back()
    assert before - _resident_mb() > 150
    assert len(held) == 2000


def test_what_was_settled_and_is_garbage_by_the_next_time_is_collected():
    class Ring:
        def __init__(self):
            self.itself = self

    ring = Ring()
    settle()
    del ring
    assert not [one for one in gc.get_objects() if type(one) is Ring]
    gc.collect()
    gc.unfreeze()
    assert [one for one in gc.get_objects() if type(one) is Ring]
    gc.freeze()
    settle()
    gc.unfreeze()
    assert not [one for one in gc.get_objects() if type(one) is Ring]
