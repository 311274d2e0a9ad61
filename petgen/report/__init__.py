"""A result to keep: as files, read back from them."""

from petgen.report.outputs import Layout, write_outputs
from petgen.report.reopen import read_outputs

__all__ = ["Layout", "read_outputs", "write_outputs"]
