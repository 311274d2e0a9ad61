"""Scores of amyloid status, what they rest on, and what would change them."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.current_case import no_case, opened
from pages.parts.headline import agreement, headline, light
from pages.parts.messages import show_error
from pages.parts.score_views import drivers, effects, probabilities, readings
from pages.parts.what_if import what_if
from petgen.case import InputError


def page() -> None:
    """The scores of the open case."""
    try:
        case = opened()
    except InputError as error:
        show_error(error)
        return
    if case is None:
        no_case()
        return
    result = case.synthesis.result
    light(result)
    if result.centiloid is None:
        return
    headline(result)
    left, right = st.columns(2, gap="medium")
    with left:
        probabilities(result)
    with right:
        effects(result)
    left, right = st.columns(2, gap="medium")
    with left:
        readings(result)
        agreement(result)
    with right:
        drivers(result)
    st.divider()
    what_if(case)


with frame():
    page()
