"""Regional SUVR: cortex by lobe, the cortical surface, all regions, synthetic against reference."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.current_case import no_case, opened
from pages.parts.messages import show_error
from pages.parts.region_views import against_reference, lobes, surface, table
from petgen.case import InputError


def page() -> None:
    """The regions of the open case."""
    try:
        case = opened()
    except InputError as error:
        show_error(error)
        return
    if case is None:
        no_case()
        return
    if case.synthesis.result.centiloid is None:
        st.error("Scores are withheld for this case; the Case page says why.", icon=":material/block:")
        return
    left, right = st.columns([8, 10], gap="small")
    with left:
        lobes(case.synthesis)
    with right:
        table(case)
    surface(case)
    against_reference(case.synthesis)


with frame():
    page()
