"""The case that is open in a browser session."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import streamlit as st

from pages.parts.collector import give_back
from pages.parts.held import LATELY, Held
from pages.parts.session import owner, store
from petgen.case import InputError, Synthesis
from petgen.report import read_outputs
from petgen.store import CaseRow, UnreachableError
from petgen.views import png_bytes

CASE = "case_id"
"""Session key, and name in the address, of the case that is open."""
FORM = "form_next"
"""Session key of what the form of the Case page shows next."""
_OPENED = "opened"


@dataclass(frozen=True)
class Opened:
    """A finished case.

    Attributes:
        case_id: Its id in the store.
        row: What went in.
        synthesis: What came out; `rim` is None.
        folder: The files of its result.
        pictures: PNG files by name, of `picture`.
    """

    case_id: str
    row: CaseRow
    synthesis: Synthesis
    folder: Path
    pictures: dict[str, bytes] = field(default_factory=dict)

    def picture(self, name: str, draw: Callable[[], np.ndarray]) -> bytes:
        """A picture of this result as a PNG file, drawn once, however often a page is run."""
        if name not in self.pictures:
            self.pictures[name] = png_bytes(draw())
        return self.pictures[name]


def case_id() -> str | None:
    """Id of the case that is open, finished or not; it may be another owner's, which the store then says."""
    if CASE not in st.session_state:
        st.session_state[CASE] = st.query_params.get(CASE)
    found = st.session_state[CASE]
    return str(found) if found else None


def open_case(case: str | None, *, form: str | None = "Open case") -> None:
    """Makes a case the one that all pages show.

    Args:
        case: Its id; None for none.
        form: What the form of the Case page then shows; None for what it shows now.
    """
    st.session_state[CASE] = case
    st.session_state[FORM] = form
    st.session_state.pop(_OPENED, None)


def open_row() -> CaseRow | None:
    """What went into the open case, finished or not; None when there is none of this owner."""
    case = case_id()
    try:
        return store().cases.get(case, owner()) if case else None
    except UnreachableError:
        raise
    except InputError:
        open_case(None)
        return None


def keep_address() -> None:
    """Writes the open case into the page's address, so that a reload finds it again."""
    case = case_id()
    if case and st.query_params.get(CASE) != case:
        st.query_params[CASE] = case
    elif not case and CASE in st.query_params:
        del st.query_params[CASE]


def opened() -> Opened | None:
    """The open case with its result; None when there is none, or it has not finished.

    Raises:
        InputError: Its files are damaged.
    """
    row = open_row()
    if row is None or not store().has_result(row.id, owner()):
        return None
    case = row.id
    held: Held[Opened] | None = st.session_state.get(_OPENED)
    jobs = store().jobs.of(owner(), case)
    stamp = f"{case} {jobs[0].ended if jobs else row.created}"
    seen = held is not None and held.stamp == stamp
    found = held.value if held and seen else None
    if held is None or found is None:
        folder = store().open_result(case, owner())
        give_back()
        found = Opened(case, row, read_outputs(folder), folder)
        if not seen:
            store().audit.note(owner(), "saw", row.code)
        held = st.session_state[_OPENED] = Held(stamp, found)
    LATELY.use(held)
    return found


def no_case() -> None:
    """What a page shows that needs a finished case, when there is none."""
    st.markdown("#### No case is open")
    st.markdown("Open a demo case, run a scan of your own, or reopen an earlier case.")
    with st.container(horizontal=True):
        st.page_link("case.py", label="Case", icon=":material/neurology:")
        st.page_link("history.py", label="History", icon=":material/history:")
