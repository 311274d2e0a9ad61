"""The simulated cohort beside the literature: a table that anyone can make again."""

from petgen.benchmark.calibration.report import summary, write_report
from petgen.benchmark.calibration.row import Row

__all__ = ["Row", "summary", "write_report"]
