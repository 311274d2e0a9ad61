"""Intervals of figures by resampling anatomies, then people within them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from pydantic import BaseModel

ROUNDS = 1000


class Figure(BaseModel):
    """A figure with its 95 % bootstrap interval."""

    value: float
    ci95: tuple[float, float]


def resamples(groups: Sequence[str], rounds: int = ROUNDS, seed: int = 0) -> list[np.ndarray]:
    """Numbers of people, drawn in two steps: groups with replacement, then as many people of each as it has.

    Args:
        groups: Anatomy of each person (or the person itself where everybody has an own).
        rounds: Number of draws.
        seed: Seed.
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(np.array(groups) == name) for name in sorted(set(groups))]
    if len(members) == len(groups):
        return [rng.integers(len(groups), size=len(groups)) for _ in range(rounds)]
    return [
        np.concatenate([rng.choice(members[k], len(members[k])) for k in rng.integers(len(members), size=len(members))])
        for _ in range(rounds)
    ]


def with_intervals(
    measure: Callable[[np.ndarray], Mapping[str, float]], n: int, draws: Sequence[np.ndarray]
) -> dict[str, Figure]:
    """Every figure of a measure with its interval.

    Args:
        measure: Gives figures by name from the numbers of people.
        n: Number of people.
        draws: As from `resamples`.
    """
    values = measure(np.arange(n))
    drawn = [measure(chosen) for chosen in draws]
    found = {}
    for name, value in values.items():
        seen = [figure[name] for figure in drawn if name in figure]
        low, high = np.percentile(seen, [2.5, 97.5]) if seen else (np.nan, np.nan)
        found[name] = Figure(value=round(value, 5), ci95=(round(float(low), 5), round(float(high), 5)))
    return found
