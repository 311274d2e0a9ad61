"""Visual quality control: is the brain found, does it lie on the template, does the synthetic PET look like one."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.current_case import no_case, opened
from pages.parts.messages import show_error
from pages.parts.quality_views import numbers, pictures, queue, verdict
from petgen.case import InputError


def page() -> None:
    """The queue of cases, and the open one."""
    queue()
    try:
        case = opened()
    except InputError as error:
        show_error(error)
        return
    if case is None:
        no_case()
        return
    st.markdown(f"#### Case {case.row.code}")
    verdict(case)
    numbers(case.synthesis.result)
    pictures(case)


with frame(wide=True):
    page()
