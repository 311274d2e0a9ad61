"""Two syntheses of what should be one case, number by number, within what floating point leaves open."""

from dataclasses import dataclass

import numpy as np

from petgen.case import Probabilities, Synthesis

SUVR_AT_MOST = 0.03
"""Largest difference of a voxel, SUVR.

The generator computes in bfloat16 where the processor can; above 2 SUVR one step of that format is 0.0156. Measured on
two demo cases, one thread against two, bfloat16 against float32, AVX-512 against SSE: at most 0.0148 in a voxel, 0.0014
on average inside the brain, 0.11 Centiloid. The limits are at least twice that, and far below what another scan or
value does: 1 Centiloid is 0.006 SUVR over the whole cortex.
"""
SUVR_ON_AVERAGE = 0.003
"""Largest mean absolute difference inside the brain, SUVR."""
CENTILOID_AT_MOST = 0.5
PROBABILITY_AT_MOST = 0.02


@dataclass(frozen=True)
class Check:
    """One thing compared.

    Attributes:
        name: What.
        recorded: What the result says, or what is allowed.
        found: What is there now.
        fine: Whether they agree; None where nothing was recorded, or a difference alone proves nothing.
    """

    name: str
    recorded: str
    found: str
    fine: bool | None


def compare(stored: Synthesis, made: Synthesis) -> tuple[Check, ...]:
    """A stored result against the same case computed again.

    Args:
        stored: As read back from its files.
        made: As `petgen.pipeline.synthesize` gives it.
    """
    before, now = stored.result, made.result
    native = (np.asarray(synthesis.suvr_native.dataobj) for synthesis in (stored, made))
    return (
        *_volumes("template", stored.suvr, made.suvr),
        *_volumes("scan's grid", *native),
        _number("Centiloid", before.centiloid, now.centiloid),
        _probabilities(before.p_amyloid_positive, now.p_amyloid_positive),
        Check("Light", before.light.level, now.light.level, before.light.level == now.light.level),
    )


def _volumes(place: str, recorded: np.ndarray, found: np.ndarray) -> tuple[Check, ...]:
    if recorded.shape != found.shape:
        shapes = [" x ".join(map(str, volume.shape)) for volume in (recorded, found)]
        return (Check(f"SUVR {place}, voxels", shapes[0], shapes[1], fine=False),)
    apart = np.abs(recorded.astype(np.float64) - found)
    brain = (recorded != 0) | (found != 0)
    most, mean = float(apart.max()), float(apart[brain].mean()) if brain.any() else 0.0
    return (
        Check(f"SUVR {place}, largest difference", f"at most {SUVR_AT_MOST:g}", f"{most:.4f}", most <= SUVR_AT_MOST),
        Check(f"SUVR {place}, mean difference", f"at most {SUVR_ON_AVERAGE:g}", f"{mean:.4f}", mean <= SUVR_ON_AVERAGE),
    )


def _number(name: str, recorded: float | None, found: float | None) -> Check:
    fine = recorded is found
    if recorded is not None and found is not None:
        fine = abs(recorded - found) <= CENTILOID_AT_MOST
    words = ["withheld" if value is None else f"{value:.2f}" for value in (recorded, found)]
    return Check(name, words[0], words[1], fine)


def _probabilities(recorded: Probabilities, found: Probabilities) -> Check:
    before, now = ({name: value for name, value in given if value is not None} for given in (recorded, found))
    name = "Probabilities, largest difference"
    if before.keys() != now.keys():
        return Check(name, ", ".join(before) or "withheld", ", ".join(now) or "withheld", fine=False)
    apart = max((abs(before[key] - now[key]) for key in before), default=0.0)
    return Check(name, f"at most {PROBABILITY_AT_MOST:g}", f"{apart:.4f}", apart <= PROBABILITY_AT_MOST)
