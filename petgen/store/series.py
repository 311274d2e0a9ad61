"""Blinded series of reference and synthetic scans, and what readers said in them."""

from collections.abc import Collection
from typing import get_args

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from petgen.case import InputError
from petgen.store.audit import note
from petgen.store.cases import owned
from petgen.store.database import Database
from petgen.store.locks import Lock, held, shared
from petgen.store.readable import readable
from petgen.store.series_checks import check_place, check_read
from petgen.store.series_items import Item, drawn, items_of, kept, take_out
from petgen.store.tables import Mode, SeriesReadRow, SeriesRow, SeriesVerdict
from petgen.store.times import now


class Series:
    """The tables of series and of their reads; no owner sees another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, owner: str, mode: Mode, cases: Collection[str], seed: int) -> SeriesRow:
        """Keeps a new series: both scans of each case, in the order that `drawn` gives.

        Args:
            owner: Whose it is.
            mode: "amyloid" or "origin".
            cases: Ids of finished cases of this owner that have a reference.
            seed: Of the order.

        Raises:
            InputError: There is no case, one is not of this owner, or the mode is none.
        """
        if mode not in get_args(Mode):
            raise InputError(f"is one of {', '.join(get_args(Mode))}", where="Mode")
        if not cases:
            raise InputError("a series needs at least one case", where="Series", mend="Choose finished cases.")
        row = SeriesRow(owner=owner, mode=mode, seed=seed, items=kept(drawn(cases, seed)))
        with self._database.writing() as session:
            for case in sorted(cases):
                owned(session, case, owner, lock=shared)
            session.add(row)
        return row

    def of(self, owner: str) -> list[SeriesRow]:
        """All series of an owner but the damaged ones, the newest first."""
        with self._database.reading() as session:
            mine = select(SeriesRow).where(SeriesRow.owner == owner)
            return readable(session, SeriesRow, mine.order_by(col(SeriesRow.created).desc(), col(SeriesRow.id)))

    def get(self, series: str, owner: str) -> SeriesRow:
        """A series by its id.

        Raises:
            InputError: There is none of this owner.
        """
        with self._database.reading() as session:
            return _owned(session, series, owner)

    def record(
        self,
        series: str,
        owner: str,
        item: Item,
        reader: str,
        verdict: SeriesVerdict,
        *,
        confidence: int,
        quality: int,
        seconds: float,
    ) -> SeriesReadRow:
        """Keeps one read; it stands, nobody reads a scan twice.

        Args:
            series: Id of the series.
            owner: Whose it is.
            item: The scan.
            reader: Code of the reader, letters and digits; never a name.
            verdict: Positive or negative in mode "amyloid", reference or synthetic in mode "origin".
            confidence: 1 (a guess) to 5 (certain).
            quality: 1 (not readable) to 5 (excellent).
            seconds: Time spent on it.

        Raises:
            InputError: There is no such series or scan, it is closed, this reader has read it, or a value cannot be.
        """
        row = SeriesReadRow(
            series_id=series,
            case_id=item.case,
            scan=item.scan,
            reader=reader,
            verdict=verdict,
            confidence=confidence,
            quality=quality,
            seconds=round(seconds, 1),
        )
        check_read(row)
        try:
            with self._database.writing() as session:
                check_place(_owned(session, series, owner), item, verdict)
                note(session, reader, "read", owned(session, item.case, owner, lock=shared).code)
                check_place(_owned(session, series, owner, lock=shared), item, verdict)
                session.add(row)
        except IntegrityError:
            raise InputError(f"reader {reader} has read this scan already", where="Read") from None
        return row

    def reads(self, series: str, owner: str, reader: str | None = None) -> list[SeriesReadRow]:
        """What was read in a series in the order of coming, by all readers or by one.

        Raises:
            InputError: There is no such series of this owner.
        """
        with self._database.reading() as session:
            _owned(session, series, owner)
            rows = select(SeriesReadRow).where(SeriesReadRow.series_id == series).order_by(col(SeriesReadRow.number))
            return list(session.exec(rows if reader is None else rows.where(SeriesReadRow.reader == reader)))

    def close(self, series: str, owner: str) -> None:
        """Ends the reading of a series: nothing more is recorded, and results may be seen.

        Raises:
            InputError: There is no such series of this owner.
        """
        with self._database.writing() as session:
            row = _owned(session, series, owner, lock=held)
            row.closed = row.closed or now()

    def leave_out(self, series: str, owner: str, case: str) -> None:
        """Takes a case that can no longer be shown out of a series, with what was read of it.

        Raises:
            InputError: There is no such series of this owner.
        """
        with self._database.writing() as session:
            _owned(session, series, owner)
            note(session, owner, "deleted reads", owned(session, case, owner, lock=shared).code)
            take_out(session, case, owner, series)

    def delete(self, series: str, owner: str) -> None:
        """Deletes a series and all its reads; the cases stay, and one line of the audit for each.

        Raises:
            InputError: There is no such series of this owner.
        """
        with self._database.writing() as session:
            row = _owned(session, series, owner, lock=held)
            for case in sorted({item.case for item in items_of(row)}):
                note(session, owner, "deleted reads", owned(session, case, owner).code)
            session.delete(row)


def _owned(session: Session, series: str, owner: str, lock: Lock | None = None) -> SeriesRow:
    mine = select(SeriesRow).where(SeriesRow.id == series, SeriesRow.owner == owner)
    row = session.exec(lock(mine) if lock else mine).one_or_none()
    if row is None:
        raise InputError("there is no such series, or it was deleted", where="Series")
    return row
