"""Whose scan it is: a demo case, or an upload with or without the patient's own PET."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE
from petgen.demos import DemoCase
from petgen.installed import BUNDLED
from petgen.jobs import Files
from petgen.quantify import EQUATIONS
from petgen.store import CaseRow

LAST_UPLOAD = "last upload"


@dataclass(frozen=True)
class Entry:
    """What the form holds.

    Attributes:
        patient: Tells the values of one patient from another's.
        code: Case code.
        scan: The uploaded files, None when there are none.
        pet: The patient's own PET as uploaded files, None when there is none.
        tracer: Its tracer.
        demo: The demo case chosen, if any.
        again: The open case, whose scan is to be used again, if that was chosen.
        values: The values entered, None where empty.
        cutoffs: Centiloids that divide the zones.
        model: Name of the installed model to run.
        pressed: The button was pressed in this run.
    """

    patient: str
    code: str
    scan: Files | None = None
    pet: Files | None = None
    tracer: str = "florbetapir"
    demo: DemoCase | None = None
    again: CaseRow | None = None
    values: dict[str, Any] = field(default_factory=dict)
    cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE)
    model: str = BUNDLED
    pressed: bool = False


def demo_scan(demos: dict[str, DemoCase]) -> Entry:
    """Choose a demo case.

    Args:
        demos: Bundled cases by code.
    """
    if not demos:
        st.info("No demo case is bundled. Choose “Own scan”.")
        return Entry("none", "CASE")
    code = st.selectbox(
        "Demo case",
        list(demos),
        key="demo",
        format_func=lambda code: f"{code}: {demos[code].title}",
        label_visibility="collapsed",
    )
    st.caption(demos[code].text)
    return Entry(code, code, demo=demos[code])


def own_scan() -> Entry:
    """The uploaded scan; values typed before the first upload stay."""
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
    pet, tracer = _own_pet(patient)
    return Entry(patient, code, _files(files), pet, tracer)


def _own_pet(patient: str) -> tuple[Files | None, str]:
    """The patient's own PET and its tracer."""
    with st.expander("The patient's own amyloid PET, to compare with", icon=":material/compare:"):
        files = st.file_uploader(
            "Amyloid PET",
            accept_multiple_files=True,
            key=f"pet_{patient}",
            help="NIfTI or DICOM, static or frames, counts or SUVR. It is registered, scaled to the cerebellum and "
            "brought to 8 mm.",
        )
        tracer = st.selectbox("Tracer", list(EQUATIONS), key=f"tracer_{patient}")
    return _files(files), tracer


def _files(uploads: list[Any]) -> Files | None:
    return [(file.name, file.getvalue()) for file in uploads] or None
