"""One case: scan and values in, synthetic PET out."""

import streamlit as st

from pages.parts import headline
from pages.parts.banner import WIDTH_PX, frame
from pages.parts.case_form import case_form
from pages.parts.current_case import Opened, case_id, open_case, opened
from pages.parts.demo_cards import demo_cards
from pages.parts.files import downloads, provenance
from pages.parts.job_card import ACTIVE, ended, latest_job, progress
from pages.parts.messages import show_error
from pages.parts.submit import submit
from petgen import views
from petgen.case import InputError


def _result(case: Opened) -> None:
    result = case.synthesis.result
    title, close = st.columns([6, 1.4], vertical_alignment="center")
    title.markdown(f"#### Case {case.row.code} :gray[{case.row.title}]")
    if close.button("Close case", icon=":material/close:", width="stretch"):
        open_case(None)
        st.rerun()
    headline.light(result)
    headline.headline(result)
    if result.summary and result.centiloid is not None:
        st.markdown(result.summary)
    st.image(
        case.picture("overview", lambda: views.overview_picture(case.synthesis)),
        width="stretch",
        caption="MRI, synthetic PET and, where there is one, the reference PET: axial, radiological. "
        f"{views.scale_words(views.synthetic_window(case.synthesis))}.",
        alt="Axial slices of MRI and PET",
    )
    headline.agreement(result)
    with st.container(horizontal=True):
        st.page_link("images.py", label="Linked images", icon=":material/image:")
        st.page_link("regions.py", label="Regions", icon=":material/bar_chart:")
        st.page_link("diagnosis.py", label="Diagnosis and what-if", icon=":material/troubleshoot:")
        st.page_link("quality.py", label="Quality control", icon=":material/fact_check:")
    headline.warnings(result)
    downloads(case)
    provenance(case.synthesis)


def _body() -> None:
    case = case_id()
    job = latest_job(case) if case else None
    if job and job.state in ACTIVE:
        progress(job.id)
    elif job:
        ended(job)
    try:
        found = opened()
    except InputError as error:
        show_error(error)
        return
    if found:
        _result(found)
    elif case_id() is None or (job and job.state not in ACTIVE):
        demo_cards()


def page() -> None:
    """Form in the sidebar, result in the main area."""
    said = st.container(horizontal_alignment="center")
    with st.sidebar:
        try:
            entry = case_form()
            if entry.pressed:
                submit(entry)
        except InputError as error:
            with said.container(width=WIDTH_PX):
                show_error(error)
    with frame():
        _body()


page()
