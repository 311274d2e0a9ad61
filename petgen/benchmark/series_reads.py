"""The reads of a blinded series with the truth: for the statistics, and as a table to take along."""

from collections.abc import Iterable, Mapping

import pandas as pd

from petgen.benchmark.readers import Read
from petgen.case import SYNTHETIC, Reference
from petgen.quantify import POSITIVE_CENTILOID
from petgen.store import ANSWERS, Item, SeriesReadRow, SeriesRow, items_of


def truth_of(read: SeriesReadRow, series: SeriesRow, reference: Reference | None) -> bool | None:
    """Whether the first of the series' two answers is the right one.

    In mode "amyloid": 25 Centiloid and above on the case's reference PET, for its synthetic scan alike; None without
    a reference. In mode "origin": whether the scan is the synthetic one.
    """
    if series.mode == "origin":
        return read.scan == "synthetic"
    return None if reference is None else reference.centiloid >= POSITIVE_CENTILOID


def reads_with_truth(
    series: SeriesRow, rows: Iterable[SeriesReadRow], references: Mapping[str, Reference]
) -> list[Read]:
    """Reads for the statistics; those whose truth is not known are left out.

    Args:
        series: The series.
        rows: What was read in it.
        references: Reference of each case, by its id.
    """
    found = []
    for row in rows:
        truth = truth_of(row, series, references.get(row.case_id))
        if truth is not None:
            said = row.verdict == ANSWERS[series.mode][0]
            found.append(Read(row.reader, row.case_id, row.scan, said, truth, row.confidence, row.quality, row.seconds))
    return found


def reads_table(
    series: SeriesRow, rows: Iterable[SeriesReadRow], references: Mapping[str, Reference], codes: Mapping[str, str]
) -> pd.DataFrame:
    """One line a read, in the order of the series within each reader.

    Args:
        series: The series.
        rows: What was read in it.
        references: Reference of each case, by its id.
        codes: Code of each case, by its id.

    Returns:
        Columns series, mode, seed, position (from 1), reader, case, scan, verdict, truth, right, confidence, quality,
        seconds, read_at (UTC), reference_centiloid, reference_simulated, provenance.
    """
    first, second = ANSWERS[series.mode]
    position = {item: number for number, item in enumerate(items_of(series), start=1)}
    lines = []
    for row in rows:
        reference = references.get(row.case_id)
        known = truth_of(row, series, reference)
        truth = None if known is None else first if known else second
        lines.append(
            {
                "series": series.id,
                "mode": series.mode,
                "seed": series.seed,
                "position": position.get(Item(row.case_id, row.scan)),
                "reader": row.reader,
                "case": codes.get(row.case_id, ""),
                "scan": row.scan,
                "verdict": row.verdict,
                "truth": truth,
                "right": None if truth is None else row.verdict == truth,
                "confidence": row.confidence,
                "quality": row.quality,
                "seconds": row.seconds,
                "read_at": row.created.isoformat(timespec="seconds"),
                "reference_centiloid": None if reference is None else round(reference.centiloid, 2),
                "reference_simulated": None if reference is None else reference.simulated,
                "provenance": SYNTHETIC,
            }
        )
    return pd.DataFrame(lines).sort_values(["reader", "position"], ignore_index=True) if lines else pd.DataFrame()
