"""Which scans a series shows, and in which order."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from sqlmodel import Session, col, delete, select

from petgen.store.locks import held
from petgen.store.readable import readable
from petgen.store.tables import Scan, SeriesReadRow, SeriesRow


class Item(NamedTuple):
    """One scan of a series.

    Attributes:
        case: Id of the case.
        scan: Which of its two.
    """

    case: str
    scan: Scan


def drawn(cases: Collection[str], seed: int) -> list[Item]:
    """Both scans of each case, in random order.

    Each half of the series holds every patient once, by a coin's toss the reference or the synthetic scan, so that
    the two scans of a patient lie apart; the two that meet in the middle are of different patients, if there are two.

    Args:
        cases: Ids of the cases; doubles count once.
        seed: The same seed and cases give the same order.
    """
    rng = np.random.default_rng(seed)
    ids = sorted(set(cases))
    first, second = (list(rng.permutation(len(ids))) for _ in range(2))
    if len(ids) > 1 and first[-1] == second[0]:
        other = int(rng.integers(1, len(ids)))
        second[0], second[other] = second[other], second[0]
    reference_first = rng.integers(2, size=len(ids)).astype(bool)
    early = [Item(ids[k], "reference" if reference_first[k] else "synthetic") for k in first]
    late = [Item(ids[k], "synthetic" if reference_first[k] else "reference") for k in second]
    return early + late


def items_of(row: SeriesRow) -> list[Item]:
    """The scans of a series in their order."""
    return [Item(case, "reference" if scan == "reference" else "synthetic") for case, scan in row.items]


def kept(items: Sequence[Item]) -> list[list[str]]:
    """Items as a row keeps them."""
    return [list(item) for item in items]


def take_out(session: Session, case: str, owner: str, series: str | None = None) -> None:
    """Takes a case and what was read of it out of an owner's series, inside a transaction.

    Args:
        session: Of the transaction.
        case: Id of the case.
        owner: Whose series.
        series: Id of one series; all of them when not given. A series that is left empty is deleted, and a damaged
            one, which is shown to nobody, stays as it is.
    """
    rows = held(select(SeriesRow).where(SeriesRow.owner == owner).order_by(col(SeriesRow.id)))
    for row in readable(session, SeriesRow, rows if series is None else rows.where(SeriesRow.id == series)):
        items = items_of(row)
        left = [item for item in items if item.case != case]
        if len(left) == len(items):
            continue
        session.exec(
            delete(SeriesReadRow).where(col(SeriesReadRow.series_id) == row.id, col(SeriesReadRow.case_id) == case)
        )
        if left:
            row.items = kept(left)
        else:
            session.delete(row)
