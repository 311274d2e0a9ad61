"""What a browser session works with: the store, the queue, the models, and whose cases they are."""

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts.browser import browser_of
from pages.parts.collector import settle
from pages.parts.sign_in import user_id
from petgen.installed import BUNDLED
from petgen.jobs import LocalPool, kept_work
from petgen.report import write_outputs
from petgen.store import Store, open_store, owner_of

if TYPE_CHECKING:
    from petgen.models import Models

_COOKIE = "_streamlit_xsrf"


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
