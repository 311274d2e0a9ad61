"""Where work runs: one way to submit it, threads of this process as the default."""

from petgen.jobs.local import LocalPool
from petgen.jobs.submitter import Rebuild, Submitter, Work, Write
from petgen.jobs.work import Files, kept_work, model_of, upload_work

__all__ = ["Files", "LocalPool", "Rebuild", "Submitter", "Work", "Write", "kept_work", "model_of", "upload_work"]
