"""The front door: page configuration, navigation and the banner."""

import streamlit as st

from pages.parts.banner import banner
from pages.parts.current_case import keep_address
from pages.parts.messages import told
from pages.parts.reading_state import is_reading
from pages.parts.session import pool
from pages.parts.sign_in import door, is_let_in
from petgen.assets import asset

st.set_page_config(page_title="petgen", page_icon=str(asset("favicon.png")), layout="wide", initial_sidebar_state=340)

page = st.navigation(
    {
        "Case": [
            st.Page("case.py", title="Case", icon=":material/neurology:", default=True),
            st.Page("images.py", title="Images", icon=":material/image:"),
            st.Page("regions.py", title="Regions", icon=":material/bar_chart:"),
            st.Page("diagnosis.py", title="Diagnosis", icon=":material/troubleshoot:"),
        ],
        "Quality": [
            st.Page("quality.py", title="Quality control", icon=":material/fact_check:"),
            st.Page("reading.py", title="Reading room", icon=":material/visibility:"),
        ],
        "petgen": [
            st.Page("history.py", title="History", icon=":material/history:"),
            st.Page("model.py", title="Model", icon=":material/info:"),
        ],
    },
    position="sidebar" if is_let_in() else "hidden",
)
with told():
    pool()
    if is_let_in():
        keep_address()
        blinded = page.url_path == "reading"
        banner(blinded=blinded, wide=is_reading() if blinded else page.url_path in ("images", "quality"))
        page.run()
    else:
        door()
