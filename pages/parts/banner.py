"""The line that heads each page."""

import streamlit as st

from petgen.case import SYNTHETIC

WIDTH_PX = 1080
"""Width of the page's content: MRI and PET then fit on one screen."""


def banner() -> None:
    """Say that what is shown is synthetic and what the model was trained on."""
    with st.container(horizontal_alignment="center"):
        st.warning(
            f"**{SYNTHETIC}.** The model was trained on a simulated cohort, not on patients.",
            icon=":material/warning:",
            width=WIDTH_PX,
        )


def about() -> None:
    """Name the product in one line."""
    st.markdown("## petgen\nSynthetic amyloid PET from T1-weighted MRI and blood values")
