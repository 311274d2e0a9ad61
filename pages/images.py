"""Images: reference and synthetic PET, their difference, MRI and PET on MRI, on one crosshair."""

import streamlit as st

from pages.parts.agreement import agreement
from pages.parts.banner import frame
from pages.parts.current_case import no_case, opened
from pages.parts.linked_viewer import linked_viewer
from pages.parts.messages import show_error
from pages.parts.plane_viewer import plane_viewer
from petgen.case import InputError


def page() -> None:
    """The images of the open case."""
    try:
        case = opened()
    except InputError as error:
        show_error(error)
        return
    if case is None:
        no_case()
        return
    if not linked_viewer(case.synthesis, case.case_id):
        st.info(
            "This browser draws no WebGL. The images below are drawn by the server; they follow the sliders.",
            icon=":material/info:",
        )
        plane_viewer(case.synthesis)
    agreement(case.synthesis)


with frame(wide=True):
    page()
