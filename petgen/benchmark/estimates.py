"""Figures of small studies with their 95 % intervals, or with none where the data give none."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from pydantic import BaseModel

from petgen.benchmark.bootstrap import resamples

LEAST_CASES = 10
"""Below this many cases a bootstrap interval is not given; it would be far too narrow."""
_MOST_UNDEFINED = 0.05


class Estimate(BaseModel):
    """A figure.

    Attributes:
        value: None where the data do not define it.
        n: What it was counted on.
        interval: 95 %, or None where there is nothing to give.
    """

    value: float | None = None
    n: int
    interval: tuple[float, float] | None = None


def proportion(hits: int, n: int, method: Literal["wilson", "exact"] = "wilson") -> Estimate:
    """A share with its interval.

    Args:
        hits: How many.
        n: Of how many.
        method: "wilson" (Wilson 1927, J Am Stat Assoc 22:209), or "exact" (Clopper and Pearson 1934, Biometrika
            26:404), which goes with the exact binomial test.
    """
    from scipy.stats import binomtest

    if n == 0:
        return Estimate(n=0)
    low, high = binomtest(hits, n).proportion_ci(0.95, method=method)
    return Estimate(value=hits / n, n=n, interval=(float(low), float(high)))


def over_cases(measure: Callable[[np.ndarray], float | None], cases: Sequence[str]) -> Estimate:
    """A figure with the percentile interval of a bootstrap that draws whole cases (Efron and Tibshirani 1993, ch. 13).

    No interval is given for fewer than `LEAST_CASES` cases, where one draw in twenty or more leaves the figure
    undefined, or where it is the same in every draw (full agreement, of which a bootstrap cannot say how sure it is).

    Args:
        measure: Gives the figure, or None, from the numbers of rows.
        cases: Case of each row.
    """
    if not cases:
        return Estimate(n=0)
    value = measure(np.arange(len(cases)))
    rows = [np.flatnonzero(np.array(cases) == name) for name in sorted(set(cases))]
    if value is None or len(rows) < LEAST_CASES:
        return Estimate(value=value, n=len(cases))
    draws = resamples([str(number) for number in range(len(rows))])
    drawn = [measure(np.concatenate([rows[number] for number in draw])) for draw in draws]
    seen = [figure for figure in drawn if figure is not None]
    if len(drawn) - len(seen) >= _MOST_UNDEFINED * len(drawn) or min(seen) == max(seen):
        return Estimate(value=value, n=len(cases))
    low, high = np.percentile(seen, [2.5, 97.5])
    return Estimate(value=value, n=len(cases), interval=(float(low), float(high)))
