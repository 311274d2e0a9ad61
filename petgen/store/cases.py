"""Cases, each of one owner."""

import json
from typing import Any

from sqlmodel import Session, col, delete, select

from petgen.case import InputError
from petgen.store.audit import note
from petgen.store.database import Database
from petgen.store.locks import Lock, held
from petgen.store.readable import readable
from petgen.store.series_items import take_out
from petgen.store.tables import CaseRow, Source

_LONGEST_CODE = 64


class Cases:
    """The table of cases; no owner sees another's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        owner: str,
        code: str,
        source: Source,
        *,
        title: str = "",
        input_sha256: str = "",
        values: dict[str, Any] | None = None,
        options: dict[str, Any] | None = None,
    ) -> CaseRow:
        """Keeps a new case; the same code may come again, the id is new every time.

        Args:
            owner: Whose it is, as `petgen.store.owner_of` says.
            code: Letters and digits; never a name.
            source: Where the scan is.
            title: What to call it on the screen; never a name.
            input_sha256: Checksum of the scan as it came.
            values: The patient's values.
            options: How to run it.

        Raises:
            InputError: The code is none, values or options are not JSON, or the store cannot be written.
        """
        if not (code.isascii() and code.isalnum() and len(code) <= _LONGEST_CODE):
            raise InputError(
                f"a case code has letters and digits only, {_LONGEST_CODE} at most",
                where="Case code",
                mend="Write a code such as CASE01, never a name.",
            )
        row = CaseRow(
            owner=owner,
            code=code,
            source=source,
            title=title,
            input_sha256=input_sha256,
            values=_json(values, "Values"),
            options=_json(options, "Options"),
        )
        with self._database.writing() as session:
            session.add(row)
        return row

    def get(self, case: str, owner: str) -> CaseRow:
        """A case by its id.

        Raises:
            InputError: There is none of this owner.
        """
        with self._database.reading() as session:
            return owned(session, case, owner)

    def of(self, owner: str) -> list[CaseRow]:
        """All cases of an owner but the damaged ones, the newest first."""
        with self._database.reading() as session:
            return _readable(session, owner)

    def damaged(self, owner: str) -> dict[str, str]:
        """Cases of an owner whose rows are damaged: they can be deleted and nothing else; their codes by their ids."""
        with self._database.reading() as session:
            codes = dict(session.exec(select(CaseRow.id, CaseRow.code).where(CaseRow.owner == owner)).all())
            return {case: codes[case] for case in codes.keys() - {row.id for row in _readable(session, owner)}}

    def set_source(self, case: str, owner: str, source: Source) -> None:
        """Says anew where the scan of a case is.

        Raises:
            InputError: There is no such case of this owner.
        """
        with self._database.writing() as session:
            owned(session, case, owner, lock=held).source = source

    def delete(self, case: str, owner: str) -> None:
        """Deletes the rows of a case, damaged or not, and its scans in series; one line in the audit stays.

        Raises:
            InputError: There is no such case of this owner.
        """
        with self._database.writing() as session:
            locked = held(select(CaseRow.code).where(CaseRow.id == case, CaseRow.owner == owner))
            code = session.exec(locked).one_or_none()
            if code is None:
                raise _none()
            note(session, owner, "deleted", code)
            take_out(session, case, owner)
            session.exec(delete(CaseRow).where(col(CaseRow.id) == case))

    def ids(self) -> set[str]:
        """Ids of all cases of all owners; for keeping house, not for showing."""
        with self._database.reading() as session:
            return set(session.exec(select(CaseRow.id)))


def owned(session: Session, case: str, owner: str, lock: Lock | None = None) -> CaseRow:
    """A case of an owner, inside a transaction.

    Args:
        session: Of the transaction.
        case: Id of the case.
        owner: Whose it is.
        lock: `shared` where something is added to the case, `held` where it is changed.

    Raises:
        InputError: There is none; whether another owner has it is not said.
    """
    mine = select(CaseRow).where(CaseRow.id == case, CaseRow.owner == owner)
    row = session.exec(lock(mine) if lock else mine).one_or_none()
    if row is None:
        raise _none()
    return row


def _readable(session: Session, owner: str) -> list[CaseRow]:
    mine = select(CaseRow).where(CaseRow.owner == owner)
    return readable(session, CaseRow, mine.order_by(col(CaseRow.created).desc(), col(CaseRow.id)))


def _none() -> InputError:
    return InputError("there is no such case, or it was deleted", where="Case")


def _json(given: dict[str, Any] | None, where: str) -> dict[str, Any]:
    try:
        return dict(json.loads(json.dumps(given or {}, allow_nan=False)))
    except (TypeError, ValueError, RecursionError):
        raise InputError("holds something that cannot be kept as JSON", where=where) from None
