"""A result to keep: as files, read back from them, and as a document."""

from petgen.report.document import Report, make_report, write_report
from petgen.report.outputs import Layout, write_outputs
from petgen.report.reopen import read_outputs

__all__ = ["Layout", "Report", "make_report", "read_outputs", "write_outputs", "write_report"]
