"""..."""

from corpus.kind import Kind

KINDS: list[Kind] = []
