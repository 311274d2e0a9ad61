"""Whether readers can tell a synthetic scan from a reference scan."""

from collections.abc import Iterable

from pydantic import BaseModel

from petgen.benchmark.estimates import Estimate, proportion
from petgen.benchmark.readers import Read, readers_of

CHANCE = 0.5
"""Who cannot tell is right on half: a series has as many synthetic as reference scans, and each is guessed freely."""


class Told(BaseModel):
    """One reader in the mode "real or synthetic?".

    Attributes:
        reader: Code.
        n: Scans read.
        right: Share told rightly; exact interval.
        p_value: Of the exact binomial test against one half, two-sided.
        synthetic_found: Of the synthetic scans, the share called synthetic; exact interval.
        reference_found: Of the reference scans, the share called reference; exact interval.
        confidence: Mean.
    """

    reader: str
    n: int
    right: Estimate
    p_value: float
    synthetic_found: Estimate
    reference_found: Estimate
    confidence: float


def by_origin(reads: Iterable[Read]) -> list[Told]:
    """How often each reader told synthetic from reference scans, against chance.

    Scans are counted as independent; the two of one patient are not quite.

    Args:
        reads: Their `said` and `truth` mean synthetic.
    """
    from scipy.stats import binomtest

    found = list(reads)
    told = []
    for reader in readers_of(found):
        rows = [read for read in found if read.reader == reader]
        synthetic, reference = ([read for read in rows if read.truth is truth] for truth in (True, False))
        right = sum(read.said == read.truth for read in rows)
        told.append(
            Told(
                reader=reader,
                n=len(rows),
                right=proportion(right, len(rows), "exact"),
                p_value=float(binomtest(right, len(rows), CHANCE).pvalue),
                synthetic_found=proportion(sum(read.said for read in synthetic), len(synthetic), "exact"),
                reference_found=proportion(sum(not read.said for read in reference), len(reference), "exact"),
                confidence=sum(read.confidence for read in rows) / len(rows),
            )
        )
    return told
