"""The form of one case: scan, note, values, the button."""

from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from pages.parts.fields import value_fields
from pages.parts.note import note_fields
from pages.parts.session import FORM, open_row
from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE
from petgen.demos import DemoCase, demo_cases
from petgen.installed import BUNDLED, installed_models, model_label
from petgen.jobs import Files, model_of
from petgen.quantify import EQUATIONS
from petgen.store import CaseRow

THIS, DEMO, OWN = "Open case", "Demo", "Own scan"
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


def case_form() -> Entry:
    """Draw the form and return what it holds."""
    demos = {demo.code: demo for demo in demo_cases()}
    again = open_row()
    choices = [DEMO, OWN] if again is None or again.source == "upload" else [THIS, DEMO, OWN]
    wanted = st.session_state.pop(FORM, None) or st.session_state.get("source")
    st.session_state["source"] = wanted if wanted in choices else choices[0]
    st.radio("Case", choices, key="source", horizontal=True)
    if st.session_state["source"] == THIS and again:
        st.caption(f"Scan of {again.code}; its values can be changed here and run again.")
        entry = Entry(f"again{again.id}", again.code, again=again)
    else:
        entry = _demo(demos) if st.session_state["source"] == DEMO else _upload()
    start, revision = st.session_state.get(f"start_{entry.patient}", (_start(entry), 0))
    patient = f"{entry.patient}r{revision}" if revision else entry.patient
    with st.form(f"values_{patient}", border=False, enter_to_submit=False):
        pressed = st.form_submit_button("Synthesise amyloid PET", type="primary", width="stretch")
        confirmed = note_fields(patient)
        values = value_fields(patient, start)
        cutoffs = _cutoffs(entry)
        model = _model(entry)
    if confirmed:
        st.session_state[f"start_{entry.patient}"] = ({**values, **confirmed}, revision + 1)
        st.toast(f"{len(confirmed)} values taken from the note. Check them, then press Synthesise.")
        st.rerun()
    return replace(entry, values=values, cutoffs=cutoffs, model=model, pressed=pressed)


def _cutoffs(entry: Entry) -> tuple[float, float]:
    """Centiloids that divide the zones; the case's own where it has them."""
    own = entry.again.options.get("cutoffs") if entry.again else None
    low, high = own or (NEGATIVE_BELOW, POSITIVE_ABOVE)
    with st.expander("Limits of the zones", icon=":material/tune:"):
        st.caption("10 and 30 Centiloids after Collij 2024, unless your site uses others.")
        columns = st.columns(2, gap="small")
        below = columns[0].number_input("Negative below, CL", value=float(low), step=1.0, key=f"low_{entry.patient}")
        above = columns[1].number_input("Positive above, CL", value=float(high), step=1.0, key=f"high_{entry.patient}")
    return below, above


def _model(entry: Entry) -> str:
    """The model to run; nothing is asked where only the bundled one is there."""
    names = installed_models()
    if len(names) == 1:
        return BUNDLED
    own = model_of(entry.again) if entry.again else BUNDLED
    return str(
        st.selectbox(
            "Model",
            names,
            index=names.index(own) if own in names else 0,
            key=f"model_{entry.patient}",
            format_func=model_label,
            help="Models of a site, which `petgen install-model` put here, beside the bundled one.",
        )
    )


def _start(entry: Entry) -> dict[str, Any]:
    if entry.again:
        return entry.again.values
    return entry.demo.biomarkers.model_dump() if entry.demo else {}


def _demo(demos: dict[str, DemoCase]) -> Entry:
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


def _upload() -> Entry:
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
