"""Readers' figures as tables in words."""

from collections.abc import Mapping, Sequence

import pandas as pd
from pydantic import BaseModel

from petgen.benchmark.estimates import Estimate
from petgen.benchmark.reader_agreement import Between
from petgen.benchmark.reader_origin import Told
from petgen.benchmark.readers import ReaderFigures, SamePatient
from petgen.case import SYNTHETIC


def share(found: Estimate) -> str:
    """A share in percent with its interval and what it was counted on."""
    if found.value is None:
        return "none to count"
    span = "" if found.interval is None else f" ({_percent(found.interval[0])} to {_percent(found.interval[1])})"
    return f"{_percent(found.value)} %{span}, n {found.n}"


def kappa(found: Estimate) -> str:
    """A kappa with its interval."""
    if found.value is None:
        return "not defined"
    span = "no interval" if found.interval is None else f"{_kappa(found.interval[0])} to {_kappa(found.interval[1])}"
    return f"{_kappa(found.value)} ({span})"


def accuracy_table(figures: Sequence[ReaderFigures]) -> pd.DataFrame:
    """What each reader got right on each kind of scan."""
    return pd.DataFrame(
        {
            "Reader": row.reader,
            "Scans": row.scan,
            "Accuracy": share(row.accuracy),
            "Sensitivity": share(row.sensitivity),
            "Specificity": share(row.specificity),
            "Cohen's kappa": kappa(row.kappa),
        }
        for row in figures
    )


def conduct_table(figures: Sequence[ReaderFigures]) -> pd.DataFrame:
    """How sure each reader was, how good the images seemed and how long a read took."""
    return pd.DataFrame(
        {
            "Reader": row.reader,
            "Scans": row.scan,
            "Scans read": str(row.n),
            "Confidence, mean of 1 to 5": f"{row.confidence:.1f}",
            "Image quality, mean of 1 to 5": f"{row.quality:.1f}",
            "Time a scan, median": f"{row.seconds:.0f} s",
        }
        for row in figures
    )


def same_patient_table(figures: Sequence[SamePatient]) -> pd.DataFrame:
    """The synthetic scan against the reference scan of the same patient, by reader."""
    return pd.DataFrame(
        {
            "Reader": row.reader,
            "Read alike": share(row.same),
            "Cohen's kappa": kappa(row.kappa),
            "Positive on reference only": str(row.only_reference),
            "Positive on synthetic only": str(row.only_synthetic),
        }
        for row in figures
    )


def between_table(figures: Sequence[Between]) -> pd.DataFrame:
    """Readers against each other."""
    return pd.DataFrame(
        {
            "Readers": ", ".join(row.readers),
            "Scans": row.scan or "both kinds",
            "All said the same": share(row.same),
            "Kappa": f"{'Cohen' if len(row.readers) == 2 else 'Fleiss'} {kappa(row.kappa)}",
        }
        for row in figures
    )


def origin_table(figures: Sequence[Told]) -> pd.DataFrame:
    """Who could tell synthetic from reference scans."""
    return pd.DataFrame(
        {
            "Reader": row.reader,
            "Told rightly (chance 50 %)": share(row.right),
            "p against chance": "< 0.001" if row.p_value < 0.001 else f"{row.p_value:.3f}",
            "Synthetic called synthetic": share(row.synthetic_found),
            "Reference called reference": share(row.reference_found),
            "Confidence, mean": f"{row.confidence:.1f}",
        }
        for row in figures
    )


def long_table(tables: Mapping[str, Sequence[BaseModel]]) -> pd.DataFrame:
    """Every figure as numbers, for a file.

    Args:
        tables: Lists of figures by the name of their table.

    Returns:
        Columns table, reader, scan, figure, value, low and high (the 95 % interval; empty without one), n, provenance.
    """
    lines = []
    for name, rows in tables.items():
        for row in rows:
            given = dict(row)
            readers = given.get("readers") or (given["reader"],)
            place = {"table": name, "reader": " ".join(readers), "scan": given.get("scan") or "both"}
            for figure, value in given.items():
                if isinstance(value, Estimate):
                    low, high = value.interval or (None, None)
                    lines.append(
                        {**place, "figure": figure, "value": value.value, "low": low, "high": high, "n": value.n}
                    )
                elif isinstance(value, int | float):
                    lines.append({**place, "figure": figure, "value": value, "n": given["n"]})
    return pd.DataFrame(lines).assign(provenance=SYNTHETIC)


def _percent(value: float) -> str:
    return f"{100 * value:.0f}"


def _kappa(value: float) -> str:
    return f"{value:z.2f}".replace("-", "−")
