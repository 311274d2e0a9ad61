"""The head of each page: which case, which model, and that what is shown is synthetic."""

import streamlit as st

from pages.parts.messages import show_error
from pages.parts.session import case_id, opened, owner, store
from petgen.case import SYNTHETIC, InputError

WIDTH_PX = 1080
"""Width of the page's content: MRI and PET then fit on one screen."""


def banner() -> None:
    """Say which case is open, and that what is shown is synthetic and what the model was trained on."""
    with st.container(horizontal_alignment="center"), st.container(width=WIDTH_PX):
        st.warning(
            f"**{SYNTHETIC}.** The model was trained on a simulated cohort, not on patients.  \n{_case()}",
            icon=":material/warning:",
        )


def _case() -> str:
    case = case_id()
    if case is None:
        return "No case is open."
    try:
        row = store().cases.get(case, owner())
        found = opened()
    except InputError as error:
        show_error(error)
        return "No case is open."
    title = f", {row.title.lower()}" if row.title else ""
    if found is None:
        return f"Case **{row.code}**{title} · no result yet"
    result = found.synthesis.result
    return f"Case **{row.code}**{title} · model {result.model_version} (weights {result.weights_sha256[:8]})"
