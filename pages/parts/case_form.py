"""The form of one case: scan, values, the button."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.fields import fill, value_fields
from petgen.demos import DemoCase, demo_cases

DEMO, OWN = "Demo case", "Own scan"


@dataclass(frozen=True)
class Entry:
    """What the form holds when the button is pressed.

    Attributes:
        key: Tells one scan from another.
        code: Case code.
        scan: The scan as a file or as bytes, None when there is none.
        name: File name of an upload, for its suffix only.
        demo: The demo case chosen, if any.
        values: The values entered, None where empty.
        pressed: The button was pressed in this run.
    """

    key: str
    code: str
    scan: Path | bytes | None = None
    name: str = ""
    demo: DemoCase | None = None
    values: dict[str, Any] = field(default_factory=dict)
    pressed: bool = False


def case_form() -> Entry:
    """Draw the form and return what it holds."""
    demos = {demo.code: demo for demo in demo_cases()}
    if "source" not in st.session_state:
        st.session_state["source"] = DEMO
        _fill(next(iter(demos.values()), None))
    st.segmented_control(
        "Case", [DEMO, OWN], key="source", required=True, on_change=_source_changed, args=(demos,), width="stretch"
    )
    if st.session_state["source"] == DEMO:
        chosen = _demo(demos)
        entry = Entry(f"demo {chosen.code}", chosen.code, chosen.t1, demo=chosen) if chosen else None
    else:
        entry = _upload()
    values, pressed = value_fields()
    return replace(entry or Entry("none", "CASE"), values=values, pressed=pressed)


def _source_changed(demos: dict[str, DemoCase]) -> None:
    demo = demos.get(st.session_state.get("demo", ""), next(iter(demos.values()), None))
    _fill(demo if st.session_state["source"] == DEMO else None)


def _fill(demo: DemoCase | None) -> None:
    fill(demo.biomarkers if demo else None)


def _demo(demos: dict[str, DemoCase]) -> DemoCase | None:
    if not demos:
        st.info("No demo case is bundled. Choose “Own scan”.")
        return None
    code = st.selectbox(
        "Demo case",
        list(demos),
        key="demo",
        format_func=lambda code: f"{code}: {demos[code].title}",
        on_change=lambda: _fill(demos[st.session_state["demo"]]),
        label_visibility="collapsed",
    )
    st.caption(demos[code].text)
    return demos[code]


def _upload() -> Entry:
    file = st.file_uploader("T1-weighted MRI, NIfTI (.nii or .nii.gz)", type=["nii", "gz"], key="upload")
    code = st.text_input("Case code", value="CASE01", key="code", help="Letters and digits only; never a name.")
    if file is None:
        return Entry("no scan", code)
    return Entry(f"upload {file.file_id}", code, file.getvalue(), file.name)
