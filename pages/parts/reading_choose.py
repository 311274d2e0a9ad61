"""The door of the reading room: make a series, read one, close it, see its results."""

from functools import partial
from secrets import randbelow

import streamlit as st

from pages.parts.messages import show_error
from pages.parts.reading_state import READER, RESULTS, case_rows, enter, kinds, references
from pages.parts.session import owner, store
from petgen.case import InputError, Reference
from petgen.store import LONGEST_READER, Mode, SeriesRow, check_reader, items_of

MODES: dict[Mode, str] = {"amyloid": "Amyloid positive or negative?", "origin": "Real or synthetic?"}
_TOLD = "reading_told"


def choose() -> None:
    """Say what the room is for; draw the list of series and the form of a new one."""
    st.markdown("#### Reading room")
    st.markdown(
        "Blinded reading: each patient's reference scan and synthetic scan in random order, with no code, no score and "
        "no hint which is which. A reader can leave at any time and go on later. Results are shown once the series is "
        "closed, and nothing can be read in it after that."
    )
    if _TOLD in st.session_state:
        show_error(st.session_state.pop(_TOLD))
    found = references()
    rows = store().series.of(owner())
    if rows:
        reader = st.text_input(
            "Your reader code",
            st.session_state.get(READER, ""),
            key="reading_code",
            max_chars=LONGEST_READER,
            width=260,
            help="Letters and digits, such as R1; never a name. The same code resumes where it left off.",
        ).strip()
        for row in rows:
            _series(row, reader, found)
    _new(found, open_at_once=not rows)


def _series(row: SeriesRow, reader: str, found: dict[str, Reference]) -> None:
    items = items_of(row)
    done = store().series.reads(row.id, owner())
    readers = sorted({read.reader for read in done})
    progress = ", ".join(f"{code} {sum(read.reader == code for read in done)} of {len(items)}" for code in readers)
    about = kinds([found[case] for case in {item.case for item in items} if case in found])
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"**{MODES[row.mode]}** {len(items)} scans of {len({item.case for item in items})} patients  \n"
            f":small[{row.created:%Y-%m-%d %H:%M} UTC · {'closed' if row.closed else 'open'} · "
            f"{progress or 'nobody has begun'}]  \n:small[{about}]",
            width="stretch",
        )
        if row.closed:
            st.button(
                "Results",
                key=f"results_{row.id}",
                icon=":material/query_stats:",
                on_click=partial(st.session_state.update, {RESULTS: row.id}),
            )
        else:
            st.button(
                "Read on" if reader in readers else "Read",
                key=f"read_{row.id}",
                icon=":material/visibility:",
                type="primary",
                on_click=partial(_enter, row.id),
            )
            if done:
                ask_to_close(row)
        with st.popover("Delete", icon=":material/delete:", key=f"ask_series_{row.id}"):
            st.markdown("Delete this series and all that was read in it? The cases stay. This cannot be undone.")
            st.button("Delete for good", key=f"drop_{row.id}", type="primary", on_click=partial(_delete, row.id))


def ask_to_close(row: SeriesRow) -> None:
    """A button that closes a series after a second press, and shows its results."""
    with st.popover("Close", icon=":material/lock:", key=f"ask_close_{row.id}"):
        st.markdown("Close this series and show its results? Nothing can be read in it after that, by nobody.")
        st.button("Close and show results", key=f"close_{row.id}", type="primary", on_click=partial(_close, row.id))


def _enter(series: str) -> None:
    reader = st.session_state["reading_code"].strip()  # now, not when the button was drawn: a quick press comes first
    try:
        check_reader(reader)
    except InputError as error:
        st.session_state[_TOLD] = error
        return
    enter(series, reader)


def _close(series: str) -> None:
    store().series.close(series, owner())
    st.session_state[RESULTS] = series


def _delete(series: str) -> None:
    try:
        store().series.delete(series, owner())
    except InputError as error:
        st.session_state[_TOLD] = error


def _new(found: dict[str, Reference], *, open_at_once: bool) -> None:
    with st.expander("New series", icon=":material/add:", expanded=open_at_once):
        if not found:
            st.markdown("A series needs finished cases that have a reference PET; the demo cases have one.")
            st.page_link("case.py", label="Case", icon=":material/neurology:")
            return
        codes = case_rows()
        st.radio("Question", list(MODES), format_func=MODES.__getitem__, horizontal=True, key="reading_mode")
        chosen = st.multiselect(
            "Patients",
            list(found),
            list(found),
            format_func=lambda case: f"{codes[case].code} ({'simulated' if found[case].simulated else 'own PET'})",
            key="reading_cases",
        )
        st.caption(f"{2 * len(chosen)} scans. {kinds([found[case] for case in chosen])}" if chosen else "No patient.")
        st.button(
            "Make series",
            type="primary",
            icon=":material/shuffle:",
            disabled=not chosen,
            on_click=_make,
        )


def _make() -> None:
    mode, chosen = st.session_state["reading_mode"], st.session_state["reading_cases"]
    try:
        store().series.make(owner(), mode, chosen, seed=randbelow(2**31))
    except InputError as error:
        st.session_state[_TOLD] = error
