"""A whole dataset at once: as BIDS derivatives and one table."""

from petgen.batch.person import INPUT
from petgen.batch.run import Outcome, run_batch
from petgen.batch.tables import write_group

__all__ = ["INPUT", "Outcome", "run_batch", "write_group"]
