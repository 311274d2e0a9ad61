"""How far a case is: its place in the queue, its steps, cancel, and why it did not finish."""

import streamlit as st

from pages.parts.messages import literal, told
from pages.parts.session import owner, pool, store
from petgen.store import JobRow

ACTIVE = ("queued", "running")
_EVERY_S, _WAITING_S = 0.7, 3.0
"""How often a page looks: at a case that runs or begins next, and at one that waits, so that twenty that wait do not
keep from its work the one that runs."""
_ICONS = {"failed": "error", "cancelled": "block", "upload again": "upload_file"}


def latest_job(case: str) -> JobRow | None:
    """The newest job of a case, None when it has none."""
    jobs = store().jobs.of(owner(), case)
    return jobs[0] if jobs else None


def progress(job: str) -> None:
    """Draw the state of a job, anew as it moves; the page is drawn afresh when it ends.

    Args:
        job: Id of the job.
    """
    waits = _place(job) > 1
    st.fragment(_progress, run_every=_WAITING_S if waits else _EVERY_S)(job, waits)


def _place(job: str) -> int:
    """In the queue; 0 once the job has left it."""
    return pool().position(job, owner()) or 0


def _progress(job: str, waits: bool) -> None:
    with told():
        row, place = pool().status(job, owner()), _place(job)
        if row.state not in ACTIVE or (place > 1) != waits:
            st.rerun()
        _card(row, place)


def _card(row: JobRow, place: int) -> None:
    with st.container(border=True):
        words, cancel = st.columns([5, 1], vertical_alignment="center")
        if row.state == "queued":
            words.markdown(f"**In the queue, place {place}**" if place > 1 else "**Begins next**")
            st.progress(0.0)
        else:
            number = f"Step {row.step_index} of {row.step_total}: " if row.step_index else ""
            words.markdown(f"**{number}{row.step or 'Beginning'}**")
            st.progress((row.step_index - 1) / row.step_total if row.step_index else 0.0)
        if cancel.button("Cancel", key=f"cancel_{row.id}", width="stretch"):
            pool().cancel(row.id, owner())
            st.rerun()
        st.caption("You may leave this page, or close it; the case goes on and is then found under History.")


def ended(row: JobRow) -> None:
    """Says why the last job of a case gave no result."""
    if row.state == "cancelled":
        st.info("This run was cancelled.", icon=":material/block:")
    elif row.state in _ICONS:
        st.error(literal(row.message[:1].upper() + row.message[1:]), icon=f":material/{_ICONS[row.state]}:")
