"""The tables. Patients are case codes here, never names."""

from datetime import datetime
from typing import Any, Literal
from uuid import uuid4

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from petgen.store.shapes import Names, Pairs
from petgen.store.times import UtcDateTime, now

Source = Literal["demo", "upload", "stripped"]
"""Where the scan is: bundled, only in the memory of one process, or kept here without its skull."""
State = Literal["queued", "running", "done", "failed", "cancelled", "upload again"]
Verdict = Literal["accept", "reject", "positive", "negative"]
"""Accept or reject: visual quality control. Positive or negative: a blind read."""
Mode = Literal["amyloid", "origin"]
"""What a blinded series asks: amyloid positive or negative, or the scan's origin, a reference or synthetic."""
Scan = Literal["reference", "synthetic"]
"""The two scans of a case."""
SeriesVerdict = Literal["positive", "negative", "reference", "synthetic"]
Deed = Literal["ran", "saw", "read", "exported", "deleted", "deleted reads"]

ANSWERS: dict[Mode, tuple[SeriesVerdict, SeriesVerdict]] = {
    "amyloid": ("positive", "negative"),
    "origin": ("synthetic", "reference"),
}
"""What may be answered; the first of each is what sensitivity is about."""
ACTIVE: tuple[State, ...] = ("queued", "running")


def new_id() -> str:
    """A random id that nobody can guess."""
    return uuid4().hex


class Table(SQLModel, registry=registry()):
    """Every table; a registry of their own lets the dashboard load this module afresh after an edit."""


class CaseRow(Table, table=True):
    """One case of one owner: what went in, but for the scan."""

    __tablename__ = "cases"

    id: str = Field(default_factory=new_id, primary_key=True)
    owner: str = Field(index=True)
    code: str
    title: str = ""
    source: Source = Field(sa_type=String)
    input_sha256: str = ""
    values: dict[str, Any] = Field(default_factory=dict, sa_type=Names)
    options: dict[str, Any] = Field(default_factory=dict, sa_type=Names)
    created: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class JobRow(Table, table=True):
    """One run of one case; `number` is its place in the order of coming."""

    __tablename__ = "jobs"

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(default_factory=new_id, unique=True, index=True)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    state: State = Field(default="queued", sa_type=String, index=True)
    step: str = ""
    step_index: int = 0
    step_total: int = 0
    message: str = ""
    attempts: int = 0
    process: str | None = Field(default=None, index=True)
    created: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    started: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProcessRow(Table, table=True):
    """A process that uses the store, and when it last said that it lives; `number` is its id on its machine."""

    __tablename__ = "processes"

    token: str = Field(primary_key=True)
    machine: str = ""
    number: int = 0
    beat: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class IdentityRow(Table, table=True):
    """What tells this store from others; one row."""

    __tablename__ = "identity"

    id: str = Field(default_factory=new_id, primary_key=True)


class AuditRow(Table, table=True):
    """Who did what to which case; stays, with the code alone, when the case is deleted."""

    __tablename__ = "audit"

    number: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    who: str = Field(index=True)
    deed: Deed = Field(sa_type=String)
    code: str


class ReadRow(Table, table=True):
    """What one reader said of one case."""

    __tablename__ = "reads"

    number: int | None = Field(default=None, primary_key=True)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    reader: str
    verdict: Verdict = Field(sa_type=String)
    confidence: int | None = None
    reason: str = ""
    created: datetime = Field(default_factory=now, sa_type=UtcDateTime)


class SeriesRow(Table, table=True):
    """A blinded series; `items` are pairs of case id and scan in the order of reading, `closed` when it was ended."""

    __tablename__ = "series"

    id: str = Field(default_factory=new_id, primary_key=True)
    owner: str = Field(index=True)
    mode: Mode = Field(sa_type=String)
    seed: int = 0
    items: list[list[str]] = Field(default_factory=list, sa_type=Pairs)
    created: datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SeriesReadRow(Table, table=True):
    """What one reader said of one scan of a series, once."""

    __tablename__ = "series_reads"
    __table_args__ = (UniqueConstraint("series_id", "case_id", "scan", "reader", name="uq_series_reads_once"),)

    number: int | None = Field(default=None, primary_key=True)
    series_id: str = Field(foreign_key="series.id", ondelete="CASCADE", index=True)
    case_id: str = Field(foreign_key="cases.id", ondelete="CASCADE", index=True)
    scan: Scan = Field(sa_type=String)
    reader: str
    verdict: SeriesVerdict = Field(sa_type=String)
    confidence: int
    quality: int
    seconds: float
    created: datetime = Field(default_factory=now, sa_type=UtcDateTime)
