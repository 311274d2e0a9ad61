"""Bad input of every kind: each made small, sent through petgen's own door, and told as it must be."""

from corpus import archives, brains, dicom, notes, outputs, packings, scans, stored, values, weights
from corpus.kind import Kind

KINDS: list[Kind] = [
    *scans.KINDS,
    *packings.KINDS,
    *dicom.KINDS,
    *archives.KINDS,
    *brains.KINDS,
    *values.KINDS,
    *notes.KINDS,
    *stored.KINDS,
    *outputs.KINDS,
    *weights.KINDS,
]
