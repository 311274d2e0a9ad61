"""The synthetic PET while a value is dragged: painted beforehand over the range, shown with no word to the server."""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Frame:
    """What the model says at one value.

    Attributes:
        value: In words, with its unit.
        own: Whether it is the patient's own.
        centiloid: In words.
        change: Of the Centiloid against the case as it is, in words.
        probability: Of positivity, in words.
        moved: Its change in points, in words.
        picture: PNG.
    """

    value: str
    own: bool
    centiloid: str
    change: str
    probability: str
    moved: str
    picture: bytes


def drag_viewer(label: str, frames: Sequence[Frame], start: int, key: str, scale: str) -> None:
    """Draw the slider, the numbers and the PET, which follow each other in the browser.

    Args:
        label: Name of the value.
        frames: In the order of the value.
        start: The frame that is shown first.
        key: Changes with the case and the value.
        scale: The scale of the pictures, in words.
    """
    rows = [{**asdict(frame), "picture": base64.b64encode(frame.picture).decode("ascii")} for frame in frames]
    data = {"key": key, "label": label, "frames": rows, "start": start, "scale": scale}
    _component()(key=f"drag_{key}", data=data)


@st.cache_resource(show_spinner=False)
def _component() -> Any:
    html, css, script = ((_HERE / f"drag.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("petgen_drag_viewer", html=html, css=css, js=script)
