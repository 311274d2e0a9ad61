"""One scan of a series and what a reader says of it."""

from functools import partial
from hashlib import sha256
from typing import Any

import numpy as np
import streamlit as st

from pages.parts.messages import show_error
from pages.parts.reading_choose import ask_to_close
from pages.parts.reading_state import ANSWER, READER, leave, leave_scan, seconds_on, waiting
from pages.parts.session import owner, store
from pages.parts.slice_stack import slice_stack
from petgen.case import InputError
from petgen.report import read_blinded
from petgen.store import Item, Mode, SeriesRow, UnreachableError, items_of

QUESTIONS: dict[Mode, tuple[str, tuple[tuple[str, str], ...]]] = {
    "amyloid": ("Amyloid", (("positive", "P"), ("negative", "N"))),
    "origin": ("This scan is", (("synthetic", "S"), ("reference", "F"))),
}
SCALES = {
    "confidence": ("Confidence", "keys 1 to 5", "1 a guess, 5 certain", ""),
    "quality": ("Image quality", "Shift + 1 to 5", "1 not readable, 5 excellent", "Shift+"),
}
_SHORT_BUTTONS = "<style>" + ", ".join(f".st-key-grades_{name} kbd" for name in SCALES) + " {display: none;}</style>"
"""The line above the grades says their keys once; on each button they would take two lines."""
_VOLUME, _TOLD = "reading_volume", "reading_scan_told"


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
    if _TOLD in st.session_state:
        show_error(st.session_state.pop(_TOLD))
    item = left[0]
    scan = _token(series, item)
    try:
        volume = _volume(item, scan)
    except UnreachableError:
        raise
    except InputError:
        _lost(series, item)
        return
    seconds_on(scan)
    picture, panel = st.columns([25, 9], gap="medium")
    with picture:
        slice_stack(volume, scan)
    with panel:
        _panel(series, item, scan)


def _token(series: SeriesRow, item: Item) -> str:
    """What tells this scan from others in the browser, and nothing else."""
    return sha256(f"{series.id} {item.case} {item.scan}".encode()).hexdigest()[:16]


def _volume(item: Item, scan: str) -> np.ndarray:
    kept: tuple[str, np.ndarray] | None = st.session_state.get(_VOLUME)
    if kept is None or kept[0] != scan:
        kept = (scan, read_blinded(store().open_result(item.case, owner()), item.scan))
        store().audit.note(st.session_state[READER], "saw", store().cases.get(item.case, owner()).code)
        st.session_state[_VOLUME] = kept
    return kept[1]


def _lost(series: SeriesRow, item: Item) -> None:
    st.error("This patient's scans can no longer be shown: the result was changed or is damaged.")
    st.button(
        "Leave this patient out of the series",
        icon=":material/playlist_remove:",
        on_click=partial(store().series.leave_out, series.id, owner(), item.case),
    )


def _answer(scan: str) -> dict[str, Any]:
    """What has been said of the scan on the screen; empty for a new one."""
    answer: dict[str, Any] | None = st.session_state.get(ANSWER)
    if answer is None or answer["scan"] != scan:
        answer = {"scan": scan}
        st.session_state[ANSWER] = answer
    return answer


def _panel(series: SeriesRow, item: Item, scan: str) -> None:
    answer = _answer(scan)
    st.html(_SHORT_BUTTONS)
    question, choices = QUESTIONS[series.mode]
    st.markdown(f"**{question}**")
    for verdict, shortcut in choices:
        st.button(
            verdict.capitalize(),
            key=f"say_{verdict}",
            shortcut=shortcut,
            type="primary" if answer.get("verdict") == verdict else "secondary",
            on_click=partial(_say, scan, "verdict", verdict),
            width="stretch",
        )
    for name, (title, keys, ends, modifier) in SCALES.items():
        st.markdown(f"**{title}** :gray[:small[{keys}]]  \n:small[{ends}]")
        with st.container(horizontal=True, gap="xxsmall", key=f"grades_{name}"):
            for grade in range(1, 6):
                st.button(
                    str(grade),
                    key=f"{name}_{grade}",
                    shortcut=f"{modifier}{grade}",
                    type="primary" if answer.get(name) == grade else "secondary",
                    on_click=partial(_say, scan, name, grade),
                    width="stretch",
                )
    complete = all(name in answer for name in ("verdict", *SCALES))
    st.button(
        "Next",
        key="say_next",
        icon=":material/arrow_forward:",
        shortcut="Enter",
        type="primary" if complete else "secondary",
        disabled=not complete,
        on_click=partial(_record, series, item, scan),
        width="stretch",
    )
    st.caption("A read stands once Next is pressed.")


def _say(scan: str, name: str, value: str | int) -> None:
    _answer(scan)[name] = value


def _record(series: SeriesRow, item: Item, scan: str) -> None:
    answer = _answer(scan)
    if not all(name in answer for name in ("verdict", *SCALES)):
        return
    try:
        store().series.record(
            series.id,
            owner(),
            item,
            st.session_state[READER],
            answer["verdict"],
            confidence=answer["confidence"],
            quality=answer["quality"],
            seconds=seconds_on(scan),
        )
    except InputError as error:
        st.session_state[_TOLD] = error
    leave_scan()
