"""Where cases live: owners, jobs, reads and the audit in a database, results in checked folders."""

from petgen.store.database import UnreachableError
from petgen.store.owners import LOCAL, owner_of
from petgen.store.place import open_store
from petgen.store.processes import LEASE_S
from petgen.store.seal import CHECKSUMS
from petgen.store.series_checks import LONGEST_READER, check_reader
from petgen.store.series_items import Item, items_of
from petgen.store.shelf import Writer
from petgen.store.store import Store
from petgen.store.tables import (
    ANSWERS,
    AuditRow,
    CaseRow,
    Deed,
    JobRow,
    Mode,
    ReadRow,
    Scan,
    SeriesReadRow,
    SeriesRow,
    SeriesVerdict,
    Source,
    State,
    Verdict,
)

__all__ = [
    "ANSWERS",
    "CHECKSUMS",
    "LEASE_S",
    "LOCAL",
    "LONGEST_READER",
    "AuditRow",
    "CaseRow",
    "Deed",
    "Item",
    "JobRow",
    "Mode",
    "ReadRow",
    "Scan",
    "SeriesReadRow",
    "SeriesRow",
    "SeriesVerdict",
    "Source",
    "State",
    "Store",
    "UnreachableError",
    "Verdict",
    "Writer",
    "check_reader",
    "items_of",
    "open_store",
    "owner_of",
]
