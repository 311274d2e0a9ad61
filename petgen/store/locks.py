"""Rows that a transaction relies on, as they are now; SQLite, where one writes at a time, ignores the locks."""

from typing import Protocol, TypeVar

from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row")


class Lock(Protocol):
    """Locks what is selected."""

    def __call__(self, rows: SelectOfScalar[Row], /) -> SelectOfScalar[Row]:
        """The same rows, locked until the transaction ends."""


def shared(rows: SelectOfScalar[Row], /) -> SelectOfScalar[Row]:
    """The same rows, which nobody changes or deletes before this transaction ends."""
    return rows.with_for_update(read=True).execution_options(populate_existing=True)


def held(rows: SelectOfScalar[Row], /) -> SelectOfScalar[Row]:
    """The same rows, for this transaction alone to change or delete; others wait."""
    return rows.with_for_update().execution_options(populate_existing=True)
