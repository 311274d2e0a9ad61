"""The form of one case: scan, values, the button."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.fields import value_fields
from petgen.demos import DemoCase, demo_cases

DEMO, OWN = "Demo case", "Own scan"
LAST_UPLOAD = "last upload"


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
    st.session_state.setdefault("source", DEMO)
    st.segmented_control("Case", [DEMO, OWN], key="source", required=True, width="stretch")
    entry, patient = _demo(demos) if st.session_state["source"] == DEMO else _upload()
    values, pressed = value_fields(patient, entry.demo.biomarkers if entry.demo else None)
    return replace(entry, values=values, pressed=pressed)


def _demo(demos: dict[str, DemoCase]) -> tuple[Entry, str]:
    """The chosen demo case, and what tells its values from another's."""
    if not demos:
        st.info("No demo case is bundled. Choose “Own scan”.")
        return Entry("none", "CASE"), "none"
    code = st.selectbox(
        "Demo case",
        list(demos),
        key="demo",
        format_func=lambda code: f"{code}: {demos[code].title}",
        label_visibility="collapsed",
    )
    st.caption(demos[code].text)
    return Entry(f"demo {code}", code, demos[code].t1, demo=demos[code]), code


def _upload() -> tuple[Entry, str]:
    """The uploaded scan, and what tells its values from another's; values typed before the first upload stay."""
    file = st.file_uploader("T1-weighted MRI, NIfTI (.nii or .nii.gz)", type=["nii", "gz"], key="upload")
    scan, number = st.session_state.get(LAST_UPLOAD, (None, 1))
    if file is not None and scan not in (None, file.file_id):
        number += 1
    st.session_state[LAST_UPLOAD] = (file.file_id if file else scan, number)
    patient = f"own{number}"
    code = st.text_input(
        "Case code", value=f"CASE{number:02d}", key=f"code_{patient}", help="Letters and digits only; never a name."
    )
    if file is None:
        return Entry("no scan", code), patient
    return Entry(f"upload {file.file_id}", code, file.getvalue(), file.name), patient
