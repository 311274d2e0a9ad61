"""The head of each page: which case, which model, and that what is shown is synthetic."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.parts.current_case import open_row, opened
from pages.parts.messages import show_error, told
from pages.parts.sign_in import account
from petgen.case import SYNTHETIC, InputError
from petgen.installed import BUNDLED
from petgen.store import UnreachableError

WIDTH_PX = 1080
"""Width of the page's content: MRI and PET then fit on one screen."""
_NOT_PATIENTS = "The model was trained on a simulated cohort, not on patients."
_OF_A_SITE = "The model was trained on a simulated cohort and adapted to the cohort of one site."
_BLINDED = "Series here mix synthetic with reference scans; nothing on this page is for diagnosis."


@contextmanager
def frame(*, wide: bool = False) -> Iterator[None]:
    """The middle of the page, for its content.

    Args:
        wide: Over the whole width, for pictures.
    """
    with st.container(horizontal_alignment="center"), st.container(width="stretch" if wide else WIDTH_PX), told():
        yield


def banner(*, blinded: bool = False, wide: bool = False) -> None:
    """Say which case is open, that what is shown is synthetic and what the model was trained on.

    Args:
        blinded: Name no case; the page shows synthetic scans among others and must not say which.
        wide: Over the whole width, as the page below it.
    """
    with st.container(horizontal_alignment="center"), st.container(width="stretch" if wide else WIDTH_PX):
        account()
        st.warning(f"**{SYNTHETIC}.** {_BLINDED if blinded else _case()}", icon=":material/warning:")


def _case() -> str:
    """What the model was trained on, and below it which case and which model."""
    try:
        row, found = open_row(), opened()
    except UnreachableError:
        raise
    except InputError as error:
        show_error(error)
        return f"{_NOT_PATIENTS}  \nThe open case cannot be read."
    if row is None:
        return f"{_NOT_PATIENTS}  \nNo case is open."
    case = f"Case **{row.code}**{f', {row.title.lower()}' if row.title else ''}"
    if found is None:
        return f"{_NOT_PATIENTS}  \n{case} · no result yet"
    result = found.synthesis.result
    name = "" if result.model == BUNDLED else f"{result.model} "
    trained = _OF_A_SITE if result.provenance == "site-cohort" else _NOT_PATIENTS
    return f"{trained}  \n{case} · model {name}{result.model_version} (weights {result.weights_sha256[:8]})"
