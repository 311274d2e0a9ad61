"""What came of a closed series: by reader, between readers, and as files."""

import pandas as pd
import streamlit as st

from pages.parts.reading_choose import MODES
from pages.parts.reading_state import case_rows, kinds, leave, references
from pages.parts.session import owner, store
from petgen.benchmark import reader_tables as tables
from petgen.benchmark.reader_agreement import between
from petgen.benchmark.reader_origin import by_origin
from petgen.benchmark.readers import SCANS, Read, by_reader, same_patient
from petgen.benchmark.series_reads import reads_table, reads_with_truth
from petgen.store import SeriesRow, items_of

_NOTES = (
    "Intervals are 95 %: Wilson's for shares, exact ones where the origin was asked, for kappa a bootstrap over "
    "patients. Kappa gets none below ten patients, nor where all agree. n is what a share was counted on. Against "
    "chance, the two scans of a patient are counted as independent."
)


def results(series: SeriesRow) -> None:
    """All figures of a series, with what its reference scans are."""
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.markdown(f"#### Results: {MODES[series.mode].lower()}")
    button.button("Back", icon=":material/arrow_back:", on_click=leave, width="stretch")
    found, rows = references(), store().series.reads(series.id, owner())
    own = [found[case] for case in {item.case for item in items_of(series)} if case in found]
    st.info(kinds(own), icon=":material/science:")
    reads = reads_with_truth(series, rows, found)
    if len(reads) < len(rows):
        st.warning(f"{len(rows) - len(reads)} reads have no reference any more and are not counted.")
    if not reads:
        st.markdown("Nobody has read in this series.")
        return
    figures = _amyloid(reads) if series.mode == "amyloid" else _origin(reads)
    st.caption(_NOTES)
    codes = {case: row.code for case, row in case_rows().items()}
    _files(series, reads_table(series, rows, found, codes), figures)


def _amyloid(reads: list[Read]) -> pd.DataFrame:
    figures, twice = by_reader(reads), same_patient(reads)
    pairs = [row for scan in SCANS for row in between(reads, scan)]
    _draw(
        "Against the truth: 25 Centiloid and above on the patient's reference PET, for both scans",
        tables.accuracy_table(figures),
    )
    _draw("One reader on the synthetic and the reference scan of the same patient", tables.same_patient_table(twice))
    _draw("Between readers", tables.between_table(pairs))
    _draw("How the scans were read", tables.conduct_table(figures))
    return tables.long_table({"against the truth": figures, "same patient": twice, "between readers": pairs})


def _origin(reads: list[Read]) -> pd.DataFrame:
    told, pairs = by_origin(reads), between(reads)
    _draw("Synthetic told from reference, against chance", tables.origin_table(told))
    _draw("Between readers", tables.between_table(pairs))
    _draw("How the scans were read", tables.conduct_table(by_reader(reads)))
    return tables.long_table({"against chance": told, "between readers": pairs})


def _draw(title: str, table: pd.DataFrame) -> None:
    st.markdown(f"##### {title}")
    if table.empty:
        st.caption("Needs two readers.")
    else:
        st.table(table.set_index(table.columns[0]))


def _files(series: SeriesRow, reads: pd.DataFrame, figures: pd.DataFrame) -> None:
    """Every read, and every figure, as CSV; taking them is written in the audit."""
    with st.container(horizontal=True):
        for label, name, table in (("Reads", "reads", reads), ("Figures", "figures", figures)):
            st.download_button(
                f"{label} (.csv)",
                table.to_csv(index=False).encode(),
                f"series-{series.id[:8]}_{name}.csv",
                "text/csv",
                key=f"csv_{name}",
                on_click=_exported,
                args=(sorted(set(reads["case"])),),
                icon=":material/download:",
            )


def _exported(codes: list[str]) -> None:
    for code in codes:
        store().audit.note(owner(), "exported", code)
