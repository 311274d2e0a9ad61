"""Rows that can be read, where a damaged one among them would hide them all."""

from typing import TypeVar

from sqlalchemy import inspect
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row", bound=SQLModel)
DAMAGED = (ValueError, RecursionError)
"""What reading a row raises that holds what petgen never writes."""


def readable(session: Session, table: type[Row], rows: SelectOfScalar[Row]) -> list[Row]:
    """Rows of a table in their order, without the damaged ones.

    Args:
        session: Of the transaction.
        table: The table that is selected from.
        rows: What is selected.
    """
    try:
        return list(session.exec(rows))
    except DAMAGED:
        keys = session.execute(rows.with_only_columns(*inspect(table).primary_key, maintain_column_froms=True)).all()
    found = (_read(session, table, tuple(key)) for key in keys)
    return [row for row in found if row is not None]


def _read(session: Session, table: type[Row], key: tuple[object, ...]) -> Row | None:
    try:
        return session.get(table, key)
    except DAMAGED:
        return None
