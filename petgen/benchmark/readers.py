"""What each reader of a blinded series got right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import BaseModel

from petgen.benchmark.binary import agreement
from petgen.benchmark.estimates import Estimate, over_cases, proportion

Scan = Literal["reference", "synthetic"]
SCANS: tuple[Scan, ...] = ("reference", "synthetic")


@dataclass(frozen=True)
class Read:
    """What one reader said of one scan.

    Attributes:
        reader: Code.
        case: The patient.
        scan: Which of the patient's two.
        said: Amyloid positive, or synthetic where the origin was asked.
        truth: Whether it is.
        confidence: 1 (a guess) to 5 (certain).
        quality: 1 (not readable) to 5 (excellent).
        seconds: Time spent.
    """

    reader: str
    case: str
    scan: Scan
    said: bool
    truth: bool
    confidence: int
    quality: int
    seconds: float


class ReaderFigures(BaseModel):
    """One reader on one kind of scan, which shows every patient once.

    Attributes:
        reader: Code.
        scan: Kind of scan.
        n: Scans read.
        accuracy: Share read as the truth is; Wilson's interval, likewise the next two.
        sensitivity: Of the truly positive, the share read as positive.
        specificity: Of the truly negative, the share read as negative.
        kappa: Cohen's, against the truth; interval by bootstrap over cases.
        confidence: Mean.
        quality: Mean.
        seconds: Median.
    """

    reader: str
    scan: Scan
    n: int
    accuracy: Estimate
    sensitivity: Estimate
    specificity: Estimate
    kappa: Estimate
    confidence: float
    quality: float
    seconds: float


class SamePatient(BaseModel):
    """One reader's two reads of the same patients.

    Attributes:
        reader: Code.
        n: Patients of whom both scans were read.
        same: Share read alike; Wilson's interval.
        kappa: Cohen's, of the read of the synthetic scan with that of the reference; bootstrap over cases.
        only_reference: Patients read as positive on the reference alone.
        only_synthetic: On the synthetic scan alone.
    """

    reader: str
    n: int
    same: Estimate
    kappa: Estimate
    only_reference: int
    only_synthetic: int


def by_reader(reads: Iterable[Read]) -> list[ReaderFigures]:
    """Each reader on reference scans and on synthetic ones, by code."""
    found = list(reads)
    figures = []
    for reader in readers_of(found):
        for scan in SCANS:
            rows = [read for read in found if read.reader == reader and read.scan == scan]
            if rows:
                figures.append(_figures(reader, scan, rows))
    return figures


def same_patient(reads: Iterable[Read]) -> list[SamePatient]:
    """How each reader's reads of the synthetic scans agree with those of the same patients' reference scans."""
    found = list(reads)
    figures = []
    for reader in readers_of(found):
        reference, synthetic = (
            {read.case: read.said for read in found if read.reader == reader and read.scan == scan} for scan in SCANS
        )
        cases = sorted(reference.keys() & synthetic.keys())
        one, other = (np.array([said[case] for case in cases], bool) for said in (reference, synthetic))
        figures.append(
            SamePatient(
                reader=reader,
                n=len(cases),
                same=proportion(int((one == other).sum()), len(cases)),
                kappa=cohens_kappa(other, one, cases),
                only_reference=int((one & ~other).sum()),
                only_synthetic=int((other & ~one).sum()),
            )
        )
    return figures


def readers_of(reads: Iterable[Read]) -> list[str]:
    """Codes of the readers, sorted."""
    return sorted({read.reader for read in reads})


def cohens_kappa(one: np.ndarray, other: np.ndarray, cases: Sequence[str]) -> Estimate:
    """Cohen's kappa of two yes or no, (n,), bool, with its bootstrap interval over `cases`."""
    return over_cases(lambda rows: agreement(one[rows], other[rows]).get("kappa"), cases)


def _figures(reader: str, scan: Scan, rows: Sequence[Read]) -> ReaderFigures:
    said, truth = np.array([row.said for row in rows]), np.array([row.truth for row in rows])
    return ReaderFigures(
        reader=reader,
        scan=scan,
        n=len(rows),
        accuracy=proportion(int((said == truth).sum()), len(rows)),
        sensitivity=proportion(int(said[truth].sum()), int(truth.sum())),
        specificity=proportion(int((~said[~truth]).sum()), int((~truth).sum())),
        kappa=cohens_kappa(said, truth, [row.case for row in rows]),
        confidence=float(np.mean([row.confidence for row in rows])),
        quality=float(np.mean([row.quality for row in rows])),
        seconds=float(np.median([row.seconds for row in rows])),
    )
