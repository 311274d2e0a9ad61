"""The model card: intended use, data, how good it is, limits, origins."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.messages import show_error
from petgen.assets import asset
from petgen.case import InputError

TABLES = {
    "Benchmark": ("metrics.md", "contact_sheet.png"),
    "Scores": ("status.md", "reliability.png"),
    "Warning light": ("strange.md",),
    "Simulated cohort": ("calibration.md", "t1_histograms.png"),
}


def page() -> None:
    """The card, and the tables that the benchmark wrote."""
    try:
        st.markdown(asset("MODEL_CARD.md").read_text(encoding="utf-8"))
        names = [*TABLES, "Files and licences"]
        for tab, name in zip(st.tabs(names), names, strict=True):
            with tab:
                files = [asset("benchmark", file) for file in TABLES[name]] if name in TABLES else [asset("SOURCES.md")]
                for file in files:
                    if file.suffix == ".md":
                        st.markdown(file.read_text(encoding="utf-8"))
                    else:
                        st.image(file.read_bytes(), width="stretch")
    except InputError as error:
        show_error(error)


with frame():
    page()
