"""A result to keep: as files, read back from them."""

from petgen.report.blind import read_blinded
from petgen.report.outputs import Layout, write_outputs
from petgen.report.reopen import read_outputs, read_result

__all__ = ["Layout", "read_blinded", "read_outputs", "read_result", "write_outputs"]
