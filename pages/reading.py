"""Reading room: blinded, randomised series of reference and synthetic scans."""

import streamlit as st

from pages.parts.banner import frame
from pages.parts.messages import show_error
from pages.parts.reading_choose import choose
from pages.parts.reading_results import results
from pages.parts.reading_scan import read_series
from pages.parts.reading_state import RESULTS, SERIES, is_reading, leave
from pages.parts.session import owner, store
from petgen.case import InputError


def page() -> None:
    """Results, the scan that is read, or the list of series."""
    try:
        if RESULTS in st.session_state:
            results(store().series.get(st.session_state[RESULTS], owner()))
        elif SERIES in st.session_state:
            read_series(store().series.get(st.session_state[SERIES], owner()))
        else:
            choose()
    except InputError as error:
        leave()
        show_error(error)


with frame(wide=is_reading()):
    page()
