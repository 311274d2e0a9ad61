"""The linked viewer: images on WebGL in the browser, which follow one crosshair with no word to the server.

Drawn by niivue (BSD-2-Clause), whose script comes with nilearn; nothing is fetched from the network.
"""

from pathlib import Path
from secrets import token_hex
from typing import Any

import nilearn
import streamlit as st

from petgen.case import Synthesis
from petgen.views import viewer_data

_HERE = Path(__file__).parent
_PARTS = (
    "layout volumes slice_shader panel controls marks looks readout picture toolbar viewer drawing moving mount".split()
)
_KEPT, _MISSING = "linked_viewer_data", "linked_viewer_webgl"


def linked_viewer(synthesis: Synthesis, case_id: str) -> bool:
    """Draw the viewer.

    Args:
        synthesis: The finished case.
        case_id: Its id; the data of one case are kept in the session, and only of the one that is open.

    Returns:
        Whether it can be drawn; without WebGL, or without niivue's script, something else has to be shown.
    """
    if niivue_script() is None or st.session_state.get(_MISSING):
        return False
    found = _component()(key="linked_viewer", data=_data(synthesis, case_id), on_webgl_change=lambda: None)
    if found.get("webgl") == "missing":
        st.session_state[_MISSING] = True
        st.rerun()
    return True


def niivue_script() -> Path | None:
    """Where nilearn keeps niivue, or None where it does not."""
    found = Path(nilearn.__file__).parent / "_assets" / "js" / "niivue.umd.js"
    return found if found.is_file() else None


def script() -> str:
    """Niivue and our own parts as one ES module."""
    niivue = niivue_script()
    parts = [(_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS]
    return "\n".join([niivue.read_text(encoding="utf-8") if niivue else "", *parts])


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css = ((_HERE / name).read_text(encoding="utf-8") for name in ("viewer.html", "viewer.css"))
    return st.components.v2.component("petgen_linked_viewer", html=html, css=css, js=script())


def _data(synthesis: Synthesis, case_id: str) -> dict[str, Any]:
    kept: tuple[Synthesis, dict[str, Any]] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] is not synthesis:
        kept = (synthesis, {**viewer_data(synthesis), "key": f"{case_id} {token_hex(4)}"})
        st.session_state[_KEPT] = kept
    return kept[1]
