"""A whole dataset at once: as BIDS derivatives and tables."""

from petgen.batch.outcome import Outcome
from petgen.batch.rows import INPUT
from petgen.batch.run import run_batch
from petgen.batch.tables import write_group
from petgen.batch.workers import run_batch_on_workers

__all__ = ["INPUT", "Outcome", "run_batch", "run_batch_on_workers", "write_group"]
