"""What a reader says of a scan, from the keyboard or with the mouse."""

from functools import partial
from typing import Any

import streamlit as st

from pages.parts.reading_state import ANSWER, READER, leave_scan, seconds_on
from pages.parts.session import owner, store
from petgen.case import InputError
from petgen.store import Item, Mode, SeriesRow

TOLD = "reading_scan_told"
"""Session key of why a read could not be kept."""
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


def _answer(scan: str) -> dict[str, Any]:
    """What has been said of the scan on the screen; empty for a new one."""
    answer: dict[str, Any] | None = st.session_state.get(ANSWER)
    if answer is None or answer["scan"] != scan:
        answer = {"scan": scan}
        st.session_state[ANSWER] = answer
    return answer


def ask(series: SeriesRow, item: Item, scan: str) -> None:
    """The question, the grades, and the button that keeps the read.

    Args:
        series: That is read.
        item: Which scan of it.
        scan: What tells the scan from others.
    """
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
        st.session_state[TOLD] = error
    leave_scan()
