"""A result to keep: as files, read back from them, and as a document."""

from petgen.report.blind import Blinded, read_blinded
from petgen.report.compare import Check, compare
from petgen.report.description import description_of, made_by_words
from petgen.report.document import Report, make_report, write_report
from petgen.report.outputs import Layout, write_outputs
from petgen.report.reopen import read_outputs, read_result

__all__ = [
    "Blinded",
    "Check",
    "Layout",
    "Report",
    "compare",
    "description_of",
    "made_by_words",
    "make_report",
    "read_blinded",
    "read_outputs",
    "read_result",
    "write_outputs",
    "write_report",
]
