"""Where a browser session is in the reading room, and what the store has for it."""

import time
from datetime import datetime

import streamlit as st

from pages.parts.session import owner, store
from petgen.case import InputError, Reference
from petgen.report import read_result
from petgen.store import CaseRow, Item, SeriesRow, UnreachableError, items_of

SERIES, READER, RESULTS = "reading_series", "reading_reader", "reading_results"
"""Session keys: the series that is read, by whom, and the series whose results are shown."""
ANSWER = "reading_answer"
"""Session key of what has been said of the scan on the screen."""
_BEGUN = "reading_begun"


def references() -> dict[str, Reference]:
    """Reference PET of each finished case of this owner that can be read, by the id of the case.

    A case whose scores are withheld is left out: its masks, and with them its truth, cannot be relied on.
    """
    found = {}
    for row in store().cases.of(owner()):
        if store().has_result(row.id, owner()):
            jobs = store().jobs.of(owner(), row.id)
            reference = _reference(row.id, owner(), jobs[0].ended if jobs else row.created)
            if reference is not None:
                found[row.id] = reference
    return found


@st.cache_data(show_spinner=False, max_entries=2000)
def _reference(case: str, whose: str, stamp: datetime | None) -> Reference | None:
    try:
        result = read_result(store().open_result(case, whose))
    except UnreachableError:
        raise
    except InputError:
        return None
    return None if result.light.level == "red" else result.reference


def case_rows() -> dict[str, CaseRow]:
    """The owner's cases by id."""
    return {row.id: row for row in store().cases.of(owner())}


def waiting(series: SeriesRow, reader: str) -> list[Item]:
    """What a reader has yet to read, in the order of the series."""
    read = {(row.case_id, row.scan) for row in store().series.reads(series.id, owner(), reader)}
    return [item for item in items_of(series) if item not in read]


def enter(series: str, reader: str) -> None:
    """Begins or resumes a reader's work on a series."""
    st.session_state.update({SERIES: series, READER: reader})
    leave_scan()


def is_reading() -> bool:
    """Whether a scan of a series is on the screen, over the whole width of the page."""
    return SERIES in st.session_state and RESULTS not in st.session_state


def leave() -> None:
    """Back to the list of series; everything that was recorded stays."""
    for key in (SERIES, RESULTS):
        st.session_state.pop(key, None)
    leave_scan()


def leave_scan() -> None:
    """Forgets what was said of a scan and not recorded."""
    for key in (ANSWER, _BEGUN):
        st.session_state.pop(key, None)


def seconds_on(scan: str) -> float:
    """Seconds since a scan first stood on the screen; a scan that was left begins anew.

    Args:
        scan: What tells it from the others of this session.
    """
    begun: tuple[str, float] | None = st.session_state.get(_BEGUN)
    if begun is None or begun[0] != scan:
        begun = (scan, time.monotonic())
        st.session_state[_BEGUN] = begun
    return time.monotonic() - begun[1]


def kinds(found: list[Reference]) -> str:
    """What the reference scans are, in a sentence; with simulated ones it is a rehearsal."""
    simulated = sum(reference.simulated for reference in found)
    own = len(found) - simulated
    if not found:
        return "It has no reference scans any more."
    said = [f"simulated ({simulated})"] * bool(simulated) + [f"patients' own PET ({own})"] * bool(own)
    words = f"Reference scans: {', '.join(said)}."
    return f"{words} This is a rehearsal, not a physician evaluation." if simulated else words
