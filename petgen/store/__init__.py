"""Where cases live: owners, jobs, reads and the audit in a database, results in checked folders."""

from petgen.store.owners import LOCAL, owner_of
from petgen.store.place import data_folder, open_store
from petgen.store.processes import LEASE_S
from petgen.store.seal import CHECKSUMS
from petgen.store.shelf import Writer
from petgen.store.store import Store
from petgen.store.tables import AuditRow, CaseRow, Deed, JobRow, ReadRow, Source, State, Verdict

__all__ = [
    "CHECKSUMS",
    "LEASE_S",
    "LOCAL",
    "AuditRow",
    "CaseRow",
    "Deed",
    "JobRow",
    "ReadRow",
    "Source",
    "State",
    "Store",
    "Verdict",
    "Writer",
    "data_folder",
    "open_store",
    "owner_of",
]
