import pytest

from petgen.assets import asset
from petgen.benchmark import speed


def test_a_slow_part_takes_longer():
    slow = speed.timed(lambda: sum(range(400_000)), 5)
    fast = speed.timed(lambda: sum(range(400)), 5)
    assert slow.seconds > fast.seconds
    assert slow.fastest <= slow.seconds <= slow.slowest


def test_both_generators_are_measured_part_by_part(monkeypatch):
    monkeypatch.setattr(speed, "FULL", (32, 32, 32))
    monkeypatch.setattr(speed, "PADDED", (48, 64, 48))
    found = speed.measure_speed(asset("weights"), 1, print)
    assert {"petgen, encode", "petgen, decode", "petgen, fields", "petgen, what-if update"} < set(found.parts)
    assert found.ratio == pytest.approx(
        found.parts["paper, whole (128 cubed, fp32)"].seconds / found.parts["petgen, whole"].seconds
    )
    assert found.parameters["paper"] > found.parameters["petgen"]
    assert all(megabytes > 100 for megabytes in found.peak_mb.values())
