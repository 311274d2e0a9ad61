"""The form of one case: scan, values, the button."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from pages.parts.fields import value_fields
from petgen.demos import DemoCase, demo_cases
from petgen.quantify import EQUATIONS

DEMO, OWN = "Demo case", "Own scan"
LAST_UPLOAD = "last upload"
Files = list[tuple[str, bytes]]


@dataclass(frozen=True)
class Entry:
    """What the form holds when the button is pressed.

    Attributes:
        key: Tells one scan from another.
        code: Case code.
        scan: The scan as a file or as uploaded files, None when there is none.
        pet: The patient's own PET as uploaded files, None when there is none.
        tracer: Its tracer.
        demo: The demo case chosen, if any.
        values: The values entered, None where empty.
        pressed: The button was pressed in this run.
    """

    key: str
    code: str
    scan: Path | Files | None = None
    pet: Files | None = None
    tracer: str = "florbetapir"
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
    files = st.file_uploader(
        "T1-weighted MRI",
        accept_multiple_files=True,
        key="upload",
        help="NIfTI (.nii, .nii.gz), or DICOM: a zip, or all files of the series. Only the brain is ever kept.",
    )
    this = " ".join(file.file_id for file in files)
    scan, number = st.session_state.get(LAST_UPLOAD, ("", 1))
    if this and scan not in ("", this):
        number += 1
    st.session_state[LAST_UPLOAD] = (this or scan, number)
    patient = f"own{number}"
    code = st.text_input(
        "Case code", value=f"CASE{number:02d}", key=f"code_{patient}", help="Letters and digits only; never a name."
    )
    pet, tracer, pet_key = _own_pet(patient)
    if not files:
        return Entry("no scan", code), patient
    scans = [(file.name, file.getvalue()) for file in files]
    return Entry(f"upload {this} {pet_key}", code, scans, pet, tracer), patient


def _own_pet(patient: str) -> tuple[Files | None, str, str]:
    """The patient's own PET, its tracer, and what tells it from another."""
    with st.expander("The patient's own amyloid PET, to compare with"):
        files = st.file_uploader(
            "Amyloid PET",
            accept_multiple_files=True,
            key=f"pet_{patient}",
            help="NIfTI or DICOM, static or frames, counts or SUVR. It is registered, scaled to the cerebellum and "
            "brought to 8 mm.",
        )
        tracer = st.selectbox("Tracer", list(EQUATIONS), key=f"tracer_{patient}")
    if not files:
        return None, tracer, ""
    return [(file.name, file.getvalue()) for file in files], tracer, " ".join([tracer, *(f.file_id for f in files)])
