"""What a browser session works with: the store, the queue, the models, and the case that is open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.browser import browser_of
from pages.parts.collector import give_back, settle
from pages.parts.held import LATELY, Held
from pages.parts.sign_in import user_id
from petgen.case import InputError, Synthesis
from petgen.installed import BUNDLED
from petgen.jobs import LocalPool, kept_work
from petgen.report import read_outputs, write_outputs
from petgen.store import CaseRow, Store, UnreachableError, open_store, owner_of
from petgen.views import png_bytes

if TYPE_CHECKING:
    from petgen.models import Models

CASE = "case_id"
"""Session key, and name in the address, of the case that is open."""
FORM = "form_next"
"""Session key of what the form of the Case page shows next."""
_OPENED, _COOKIE = "opened", "_streamlit_xsrf"


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


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The store of this machine, shared by all sessions; it gives each owner only their own."""
    return open_store()


@st.cache_resource(show_spinner=False, max_entries=2)
def models(name: str = BUNDLED) -> "Models":
    """An installed model, loaded once for all sessions."""
    from petgen.models import load_models

    found = load_models(name=name)
    settle()
    return found


@st.cache_resource(show_spinner=False)
def pool() -> LocalPool:
    """The queue of this process: one case at a time; takes up what an earlier process left unfinished."""
    found = LocalPool(store(), write=write_outputs, rebuild=kept_work(store(), models))
    settle()
    return found


def owner() -> str:
    """Whose cases are shown: the signed-in user's, the local person's, or this browser's."""
    return owner_of(st.get_option("server.address") or "0.0.0.0", session=_browser(), user=user_id())


def _browser() -> str:
    """What tells this browser from others, and outlives a reload; without cookies, the session's id."""
    cookie = st.context.cookies.get(_COOKIE)
    if isinstance(cookie, str):
        return browser_of(cookie)
    context = get_script_run_ctx()
    return context.session_id if context else ""


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
