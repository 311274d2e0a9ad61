"""Where work runs: one way to submit it, threads of this process as the default."""

from petgen.jobs.local import LocalPool
from petgen.jobs.submitter import Rebuild, Submitter, Work, Write

__all__ = ["LocalPool", "Rebuild", "Submitter", "Work", "Write"]
