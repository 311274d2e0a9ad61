"""Earlier cases: find, reopen, run again, delete for good, take along."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.case_rows import case_rows, damaged_rows
from pages.parts.messages import show_error
from pages.parts.session import owner, store
from petgen.case import InputError


def page() -> None:
    """All cases of this owner, the newest first."""
    try:
        rows, damaged = store().cases.of(owner()), store().cases.damaged(owner())
    except InputError as error:
        show_error(error)
        return
    damaged_rows(damaged)
    if not rows:
        st.markdown("#### No cases yet")
        st.markdown("Every case that you open or run is kept here, on this machine, without its skull and its names.")
        st.page_link("case.py", label="Begin with a case", icon=":material/neurology:")
        return
    sought = st.text_input("Search code or kind", key="sought", icon=":material/search:").strip().lower()
    found = [row for row in rows if sought in f"{row.code} {row.title}".lower()]
    st.caption(f"{len(found)} of {len(rows)} cases, the newest first")
    case_rows(found)


with frame():
    page()
