"""The head of each page: which case, which model, and that what is shown is synthetic."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts.messages import show_error, told
from pages.parts.session import open_row, opened
from pages.parts.sign_in import account
from petgen.case import SYNTHETIC, InputError
from petgen.store import UnreachableError

WIDTH_PX = 1080
"""Width of the page's content: MRI and PET then fit on one screen."""
_TRAINED = "The model was trained on a simulated cohort, not on patients."
_BLINDED = "Series here mix synthetic with reference scans; nothing on this page is for diagnosis."
_ENTERED = "entered"


@contextmanager
def frame(*, wide: bool = False) -> Iterator[None]:
    """The middle of the page, for its content; a page that was opened past the front door is led through it.

    Args:
        wide: Over the whole width, for pictures.
    """
    if _ENTERED not in st.session_state:
        st.switch_page("app.py")
    with st.container(horizontal_alignment="center"), st.container(width="stretch" if wide else WIDTH_PX), told():
        yield


def banner(*, blinded: bool = False) -> None:
    """Say which case is open, that what is shown is synthetic and what the model was trained on.

    Args:
        blinded: Name no case; the page shows synthetic scans among others and must not say which.
    """
    st.session_state[_ENTERED] = True
    with st.container(horizontal_alignment="center"), st.container(width=WIDTH_PX):
        account()
        st.warning(
            f"**{SYNTHETIC}.** {_BLINDED}" if blinded else f"**{SYNTHETIC}.** {_TRAINED}  \n{_case()}",
            icon=":material/warning:",
        )


def _case() -> str:
    try:
        row, found = open_row(), opened()
    except UnreachableError:
        raise
    except InputError as error:
        show_error(error)
        return "The open case cannot be read."
    if row is None:
        return "No case is open."
    title = f", {row.title.lower()}" if row.title else ""
    if found is None:
        return f"Case **{row.code}**{title} · no result yet"
    result = found.synthesis.result
    return f"Case **{row.code}**{title} · model {result.model_version} (weights {result.weights_sha256[:8]})"
