"""The front door: page configuration, navigation and the banner."""

import streamlit as st

from pages.parts.banner import banner

st.set_page_config(page_title="petgen", page_icon="🧠", layout="wide", initial_sidebar_state=340)

page = st.navigation([st.Page("pages/case.py", title="Case", icon=":material/neurology:", default=True)])
banner()
page.run()
