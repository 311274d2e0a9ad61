"""One case: scan and values in, synthetic PET out."""

import streamlit as st

from pages.parts import result
from pages.parts.banner import WIDTH_PX, about
from pages.parts.case_form import Entry, case_form
from pages.parts.plane_viewer import plane_viewer
from pages.parts.run import SHOWN, Shown, run, show_error
from petgen.case import InputError


def _empty() -> None:
    st.markdown("#### No result yet")
    st.markdown(
        "1. Choose a demo case, or upload a T1-weighted MRI.\n"
        "2. Check the values; leave empty what was not measured.\n"
        "3. Press **Synthesise amyloid PET**. It takes about 15 seconds."
    )
    st.caption(
        "You then see the synthetic florbetapir PET beside the MRI in template space, regional SUVR and the Centiloid."
    )


def _result(shown: Shown, entry: Entry) -> None:
    synthesis = shown.synthesis
    st.markdown(f"#### Case {synthesis.code}")
    if not shown.is_of(entry):
        st.info(
            f"This result belongs to case {synthesis.code} as it was, not to what the form now holds. "
            "Press “Synthesise amyloid PET” for that.",
            icon=":material/history:",
        )
    result.light(synthesis.result)
    result.headline(shown)
    result.warnings(synthesis.result)
    plane_viewer(shown.synthesis)
    result.files(synthesis)
    st.divider()
    result.scores(synthesis.result)
    result.regions(synthesis)
    result.provenance(shown)


def page() -> None:
    """Form in the sidebar, result in the main area."""
    progress, body = st.empty(), st.empty()
    with st.sidebar:
        about()
        try:
            entry = case_form()
        except InputError as error:
            show_error(error)
            return
    if entry.pressed:
        body.empty()
        with progress.container():
            finished = run(entry)
        if finished:
            progress.empty()
    shown: Shown | None = st.session_state.get(SHOWN)
    with body.container(horizontal_alignment="center"), st.container(width=WIDTH_PX, gap="xsmall"):
        if shown is None:
            _empty()
        else:
            _result(shown, entry)


page()
