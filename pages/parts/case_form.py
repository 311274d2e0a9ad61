"""The form of one case: scan, note, values, the button."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.parts.current_case import FORM, open_row
from pages.parts.fields import value_fields
from pages.parts.note import note_fields
from pages.parts.scan_form import Entry, demo_scan, own_scan
from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE
from petgen.demos import demo_cases
from petgen.installed import BUNDLED, installed_models, model_label
from petgen.jobs import model_of

THIS, DEMO, OWN = "Open case", "Demo", "Own scan"


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
        entry = demo_scan(demos) if st.session_state["source"] == DEMO else own_scan()
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
