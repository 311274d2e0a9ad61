"""The scan of a series that comes next."""

from functools import partial
from hashlib import sha256

import streamlit as st

from pages.parts.messages import show_error
from pages.parts.reading_choose import ask_to_close
from pages.parts.reading_panel import TOLD, ask
from pages.parts.reading_state import READER, leave, seconds_on, waiting
from pages.parts.session import owner, store
from pages.parts.slice_stack import slice_stack
from petgen.case import InputError
from petgen.report import Blinded, read_blinded
from petgen.store import Item, SeriesRow, UnreachableError, items_of

_SHOWN = "reading_shown"


def read_series(series: SeriesRow) -> None:
    """The next scan that this reader has not read, or that there is none left."""
    reader = st.session_state[READER]
    total, left = len(items_of(series)), waiting(series, reader)
    words, button = st.columns([5, 1], vertical_alignment="center")
    button.button("Leave", icon=":material/logout:", on_click=leave, width="stretch")
    if not left:
        words.markdown(f"**Reader {reader}: all {total} scans are read.** Thank you.")
        st.markdown("Others can still read this series with their own codes. Results are shown once it is closed.")
        ask_to_close(series)
        return
    done = total - len(left)
    words.progress(done / total, f"Reader **{reader}** · scan **{done + 1} of {total}**")
    if TOLD in st.session_state:
        show_error(st.session_state.pop(TOLD))
    item = left[0]
    scan = _token(series, item)
    try:
        shown = _shown(item, scan)
    except UnreachableError:
        raise
    except InputError:
        _lost(series, item)
        return
    seconds_on(scan)
    picture, panel = st.columns([25, 9], gap="medium")
    with picture:
        slice_stack(shown.suvr, shown.high, scan)
    with panel:
        ask(series, item, scan)


def _token(series: SeriesRow, item: Item) -> str:
    """What tells this scan from others in the browser, and nothing else."""
    return sha256(f"{series.id} {item.case} {item.scan}".encode()).hexdigest()[:16]


def _shown(item: Item, scan: str) -> Blinded:
    kept: tuple[str, Blinded] | None = st.session_state.get(_SHOWN)
    if kept is None or kept[0] != scan:
        kept = (scan, read_blinded(store().open_result(item.case, owner()), item.scan))
        store().audit.note(st.session_state[READER], "saw", store().cases.get(item.case, owner()).code)
        st.session_state[_SHOWN] = kept
    return kept[1]


def _lost(series: SeriesRow, item: Item) -> None:
    st.error("This patient's scans can no longer be shown: the result was changed or is damaged.")
    st.button(
        "Leave this patient out of the series",
        icon=":material/playlist_remove:",
        on_click=partial(store().series.leave_out, series.id, owner(), item.case),
    )
