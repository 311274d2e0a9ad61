"""One scan in three planes that follow one crosshair; drawn and scrolled in the browser, with no word to the server."""

from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from petgen.views import stack_data

_HERE = Path(__file__).parent
_KEPT = "slice_stack_data"
_PARTS = ("geometry", "planes", "mount")


def slice_stack(volume: np.ndarray, high: float, key: str) -> None:
    """Draw the scan in inverse grey; the wheel scrolls, a click moves the crosshair, arrow keys go up and down.

    Args:
        volume: SUVR on the working grid, (91, 109, 91).
        high: SUVR at the upper end of the scale at first.
        key: Changes with the scan and tells nothing of it; the planes then begin anew.
    """
    kept: tuple[str, dict[str, Any]] | None = st.session_state.get(_KEPT)
    if kept is None or kept[0] != key:
        kept = (key, {**stack_data(volume), "high": high, "key": key})
        st.session_state[_KEPT] = kept
    _component()(key="slice_stack", data=kept[1])


def script() -> str:
    """The parts as one ES module."""
    return "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS)


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    css = (_HERE / "stack.css").read_text(encoding="utf-8")
    return st.components.v2.component("petgen_slice_stack", html='<div class="stack"></div>', css=css, js=script())
