"""How far a case is: its place in the queue, its steps, cancel, and why it did not finish."""

import streamlit as st

from pages.parts.messages import literal, told
from pages.parts.session import owner, pool, store
from petgen.store import JobRow

ACTIVE = ("queued", "running")
_EVERY_S = 0.7
_ICONS = {"failed": "error", "cancelled": "block", "upload again": "upload_file"}


def latest_job(case: str) -> JobRow | None:
    """The newest job of a case, None when it has none."""
    jobs = store().jobs.of(owner(), case)
    return jobs[0] if jobs else None


@st.fragment(run_every=_EVERY_S)
def progress(job: str) -> None:
    """Draw the state of a job, anew as it moves; the page is drawn afresh when it ends.

    Args:
        job: Id of the job.
    """
    with told():
        _progress(job)


def _progress(job: str) -> None:
    row = pool().status(job, owner())
    if row.state not in ACTIVE:
        st.rerun()
    with st.container(border=True):
        words, cancel = st.columns([5, 1], vertical_alignment="center")
        if row.state == "queued":
            place = pool().position(job, owner()) or 1
            words.markdown("**Begins next**" if place == 1 else f"**In the queue, place {place}**")
            st.progress(0.0)
        else:
            number = f"Step {row.step_index} of {row.step_total}: " if row.step_index else ""
            words.markdown(f"**{number}{row.step or 'Beginning'}**")
            st.progress((row.step_index - 1) / row.step_total if row.step_index else 0.0)
        if cancel.button("Cancel", key=f"cancel_{job}", width="stretch"):
            pool().cancel(job, owner())
            st.rerun()
        st.caption("You may leave this page, or close it; the case goes on and is then found under History.")


def ended(row: JobRow) -> None:
    """Says why the last job of a case gave no result."""
    if row.state == "cancelled":
        st.info("This run was cancelled.", icon=":material/block:")
    elif row.state in _ICONS:
        st.error(literal(row.message[:1].upper() + row.message[1:]), icon=f":material/{_ICONS[row.state]}:")
