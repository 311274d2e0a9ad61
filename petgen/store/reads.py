"""What readers say of cases: visual quality control and blind reads."""

from typing import get_args

from sqlmodel import col, select

from petgen.case import InputError
from petgen.store.audit import note
from petgen.store.cases import owned
from petgen.store.database import Database
from petgen.store.locks import shared
from petgen.store.readable import readable
from petgen.store.tables import ReadRow, Verdict


class Reads:
    """The table of reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, case: str, owner: str, reader: str, verdict: Verdict, *, confidence: int | None = None, reason: str = ""
    ) -> ReadRow:
        """Keeps a read beside earlier ones.

        Args:
            case: Id of the case.
            owner: Whose case it is.
            reader: Who read it.
            verdict: Accept or reject in quality control, positive or negative in a blind read.
            confidence: 1 (a guess) to 5 (certain).
            reason: In the reader's words.

        Raises:
            InputError: There is no such case of this owner, or the verdict or confidence is none of these.
        """
        if verdict not in get_args(Verdict):
            raise InputError(f"is one of {', '.join(get_args(Verdict))}", where="Verdict")
        if confidence is not None and not 1 <= confidence <= 5:
            raise InputError("is a number from 1 (a guess) to 5 (certain)", where="Confidence")
        row = ReadRow(case_id=case, reader=reader, verdict=verdict, confidence=confidence, reason=reason)
        with self._database.writing() as session:
            note(session, reader, "read", owned(session, case, owner, lock=shared).code)
            session.add(row)
        return row

    def of(self, case: str, owner: str) -> list[ReadRow]:
        """The reads of a case but the damaged ones, in the order of coming.

        Raises:
            InputError: There is no such case of this owner.
        """
        with self._database.reading() as session:
            owned(session, case, owner)
            mine = select(ReadRow).where(ReadRow.case_id == case).order_by(col(ReadRow.number))
            return readable(session, ReadRow, mine)
