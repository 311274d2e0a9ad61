"""What is shown before any case is open: the demo cases to open, and how to begin with a scan."""

import streamlit as st

from pages.parts.messages import show_error
from pages.parts.submit import open_demo
from petgen.case import InputError
from petgen.demos import DemoCase, demo_cases

_IN_A_ROW = 3


def demo_cards() -> None:
    """Draw one card a demo case; pressing one opens it with its finished result."""
    st.markdown("#### Begin with a demo case")
    st.caption("Simulated patients with finished results. Values and scan can be changed and run again on the left.")
    try:
        demos = demo_cases()
    except InputError as error:
        show_error(error)
        return
    for first in range(0, len(demos), _IN_A_ROW):
        for column, demo in zip(st.columns(_IN_A_ROW), demos[first : first + _IN_A_ROW], strict=False):
            with column:
                _card(demo)
    st.markdown("#### Or with a scan of your own")
    st.markdown(
        "1. Choose **Own scan** on the left and drop a T1-weighted MRI: NIfTI, or DICOM as a zip.\n"
        "2. Type the values, or paste a clinical note; leave empty what was not measured.\n"
        "3. Press **Synthesise amyloid PET**. Nothing leaves this machine."
    )


def _card(demo: DemoCase) -> None:
    with st.container(border=True, height="stretch", vertical_alignment="distribute"):
        with st.container():
            st.markdown(f"**{demo.title}**  \n:gray[{demo.code}]")
            st.caption(demo.text)
        st.button("Open", key=f"open_{demo.code}", width="stretch", on_click=_open, args=(demo,))


def _open(demo: DemoCase) -> None:
    try:
        open_demo(demo)
    except InputError as error:
        show_error(error)
