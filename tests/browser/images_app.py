"""The page of images with a case from a file, in place of one from the store."""

import os
import pickle
from pathlib import Path
from types import SimpleNamespace

import streamlit as st

import pages.parts.current_case

ROOT = Path(__file__).parents[2]


def _opened() -> SimpleNamespace:
    if "made" not in st.session_state:
        made = pickle.loads(Path(os.environ["PETGEN_TEST_SYNTHESIS"]).read_bytes())
        st.session_state["made"] = SimpleNamespace(case_id="made", synthesis=made, folder=Path("."))
    return st.session_state["made"]


pages.parts.current_case.opened = _opened
st.set_page_config(layout="wide")
st.navigation([st.Page(ROOT / "pages" / "images.py", title="Images")]).run()
