"""How readers of a blinded series agree with each other."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from pydantic import BaseModel

from petgen.benchmark.estimates import Estimate, over_cases, proportion
from petgen.benchmark.readers import Read, Scan, cohens_kappa, readers_of


class Between(BaseModel):
    """Two readers or more on the scans that all of them read.

    Attributes:
        readers: Codes.
        scan: Kind of scan; None for both together.
        n: Scans.
        same: Share on which all say the same. Wilson's interval, but None where patients count twice.
        kappa: Cohen's of two readers; Fleiss' of more (Fleiss 1971, Psychol Bull 76:378). Bootstrap over cases.
    """

    readers: tuple[str, ...]
    scan: Scan | None
    n: int
    same: Estimate
    kappa: Estimate


def between(reads: Iterable[Read], scan: Scan | None = None) -> list[Between]:
    """Every two readers, then all of them where there are more than two.

    Args:
        reads: Of all readers.
        scan: Only on this kind of scan; both kinds together when not given.
    """
    found = [read for read in reads if scan is None or read.scan == scan]
    readers = readers_of(found)
    groups: list[tuple[str, ...]] = list(combinations(readers, 2))
    if len(readers) > 2:
        groups.append(tuple(readers))
    return [_between(found, group, scan) for group in groups]


def fleiss_kappa(said: np.ndarray) -> float | None:
    """Fleiss' kappa of yes or no by statsmodels; None where everybody always says the same.

    Args:
        said: (scans, readers), bool.
    """
    from statsmodels.stats.inter_rater import fleiss_kappa as of_counts

    if said.all() or not said.any():
        return None
    yes = said.sum(axis=1)
    return float(of_counts(np.stack([yes, said.shape[1] - yes], axis=1), method="fleiss"))


def _between(reads: Sequence[Read], readers: tuple[str, ...], scan: Scan | None) -> Between:
    by = {reader: {(read.case, read.scan): read.said for read in reads if read.reader == reader} for reader in readers}
    common = sorted(set.intersection(*(set(said) for said in by.values())))
    said = np.array([[by[reader][place] for reader in readers] for place in common], bool).reshape(-1, len(readers))
    cases = [case for case, _ in common]
    same = proportion(int((said.all(axis=1) | ~said.any(axis=1)).sum()), len(common))
    if len(readers) == 2:
        kappa = cohens_kappa(said[:, 0], said[:, 1], cases)
    else:
        kappa = over_cases(lambda rows: fleiss_kappa(said[rows]), cases)
    if len(set(cases)) < len(cases):
        same = same.model_copy(update={"interval": None})
    return Between(readers=readers, scan=scan, n=len(common), same=same, kappa=kappa)
