"""The model card: intended use, data, how good it is, limits, origins."""

from pathlib import Path

import streamlit as st

from pages.parts.banner import frame
from pages.parts.messages import show_error
from petgen.assets import asset, assets_folder
from petgen.case import InputError
from petgen.installed import BUNDLED, CARD, installed_models, model_folder, model_label

TABLES = {
    "Benchmark": ("metrics.md", "contact_sheet.png"),
    "Scores": ("status.md", "reliability.png"),
    "Warning light": ("strange.md",),
    "Own PET": ("own_pet.md",),
    "A site's own data": ("adaptation.md",),
    "Simulated cohort": ("calibration.md", "t1_histograms.png"),
}
_TABLES = "<style>td {overflow-wrap: break-word;} td code {overflow-wrap: anywhere; white-space: normal;}</style>"
"""Long names and sources break, and no table is wider than the page."""


def page() -> None:
    """The card, and the tables that the benchmark wrote."""
    st.html(_TABLES)
    try:
        names = installed_models()
        name = BUNDLED if len(names) == 1 else st.selectbox("Model", names, format_func=model_label)
        if name != BUNDLED:
            _installed(model_folder(name))
            return
        st.markdown(asset("MODEL_CARD.md").read_text(encoding="utf-8"))
        titles = [*TABLES, "Files and licences"]
        for tab, title in zip(st.tabs(titles), titles, strict=True):
            with tab:
                tables = [assets_folder() / "benchmark" / file for file in TABLES.get(title, ())]
                _show(tables or [asset("SOURCES.md"), asset("LICENCES.md")])
    except InputError as error:
        show_error(error)


def _installed(folder: Path) -> None:
    """The card of a site's model, and what its weights say of themselves."""
    from petgen.generator.weights import load_card

    card = folder / CARD
    if card.exists():
        st.markdown(card.read_text(encoding="utf-8"))
    else:
        st.info("This model came without a card.", icon=":material/info:")
    with st.expander("How it was trained, as its weights say"):
        st.json(load_card(folder / "petgen.safetensors"))


def _show(files: list[Path]) -> None:
    for file in files:
        if not file.exists():
            st.info(f"Not measured yet with these weights ({file.name}).", icon=":material/hourglass_empty:")
        elif file.suffix == ".md":
            st.markdown(file.read_text(encoding="utf-8"))
        else:
            st.image(file.read_bytes(), width="stretch", alt=f"Figure: {file.stem.replace('_', ' ')}")


with frame():
    page()
