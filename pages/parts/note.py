"""A clinical note: pasted, read, and each value confirmed before it is used."""

from typing import Any

import streamlit as st

from pages.parts.fields import SEX
from pages.parts.messages import literal, show_error
from petgen.case import ANALYTES, InputError
from petgen.language.note import Hit, Note, read_note
from petgen.views import value_label

_AROUND = 24


def note_fields(patient: str) -> dict[str, Any] | None:
    """Draw the note's part of the form.

    Args:
        patient: Tells one patient from another.

    Returns:
        The values that the user confirmed in this run, else None.
    """
    text_key, found_key = f"note_{patient}", f"found_{patient}"
    with st.expander("Paste a clinical note", icon=":material/clinical_notes:"):
        text = st.text_area(
            "Clinical note",
            key=text_key,
            height=140,
            placeholder="74-year-old woman, MMSE 23/30. Plasma p-tau217 (ALZpath) 0.91 pg/mL …",
            help="English. Values are found by fixed patterns on this machine; nothing is guessed or kept.",
        )
        if st.form_submit_button("Find values", key=f"find_{patient}", width="stretch"):
            st.session_state[found_key] = _read(text)
        found: tuple[str, Note] | None = st.session_state.get(found_key)
        if found is None or found[0] != text:
            return None
        chosen = _confirm(patient, *found)
        if chosen and st.form_submit_button("Use the ticked values", key=f"use_{patient}", width="stretch"):
            return chosen
    return None


def _read(text: str) -> tuple[str, Note] | None:
    try:
        return text, read_note(text)
    except InputError as error:
        show_error(error)
        return None


def _confirm(patient: str, text: str, note: Note) -> dict[str, Any]:
    if not note.hits:
        st.caption("No value that petgen knows was found.")
    values: dict[str, Any] = {}
    for number, hit in enumerate(note.hits):
        if hit.usable and hit.value is not None:
            if st.checkbox(_words(hit), value=True, key=f"hit_{patient}_{hash(text)}_{number}"):
                values[hit.name] = hit.value
            st.caption(_place(text, hit))
    refused = note.refused
    if refused:
        st.markdown("**Found, but not to be used**")
        for hit in refused:
            st.caption(f"**{value_label(hit.name)}:** {literal(hit.problem)}  \n{_place(text, hit)}")
    return values


def _words(hit: Hit) -> str:
    if hit.name == "sex":
        return f"Sex: {SEX[str(hit.value)]}"
    unit = ANALYTES[hit.name].unit
    return f"{value_label(hit.name)}: {hit.value:g}{f' {unit}' if unit else ''}"


def _place(text: str, hit: Hit) -> str:
    """The words around a hit, the hit itself marked."""
    before = text[max(0, hit.start - _AROUND) : hit.start]
    behind = text[hit.end : hit.end + _AROUND]
    more = " · ".join(part for part in (hit.date or "", literal(hit.note)) if part)
    return f"…{literal(before)} **{literal(hit.text)}** {literal(behind)}…" + (f"  \n{more}" if more else "")
