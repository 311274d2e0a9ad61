"""One line a case, with what can be done with it."""

import io
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from pages.parts.files import exported
from pages.parts.job_card import ACTIVE, latest_job
from pages.parts.messages import literal, show_error
from pages.parts.session import case_id, open_case, owner, pool, store
from pages.parts.submit import run_again
from petgen.case import InputError
from petgen.store import CaseRow

_MOST = 25
_WORDS = {"done": "finished", "upload again": "scan to be uploaded again"}


def case_rows(rows: Sequence[CaseRow]) -> None:
    """Draw the cases, a page of them at a time."""
    pages = max(1, -(-len(rows) // _MOST))
    page = st.pagination(pages, key="history_page") if pages > 1 and hasattr(st, "pagination") else 1
    for row in rows[(page - 1) * _MOST : page * _MOST]:
        _row(row)


def _row(row: CaseRow) -> None:
    done = store().has_result(row.id, owner())
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        mark = " :blue-badge[open]" if row.id == case_id() else ""
        st.markdown(
            f"**{row.code}**{mark}  \n:small[{literal(row.title or 'Own scan')} · "
            f"{row.created:%Y-%m-%d %H:%M} UTC · {_state(row, done=done)}]",
            width="stretch",
        )
        if st.button("Open", key=f"open_{row.id}", icon=":material/open_in_full:"):
            open_case(row.id)
            st.switch_page("pages/case.py")
        if row.source != "upload" and st.button("Run again", key=f"again_{row.id}", icon=":material/replay:"):
            _do(partial(run_again, row), "pages/case.py")
        if done:
            st.download_button(
                "Export",
                partial(zipped, row),
                f"{row.code}.zip",
                "application/zip",
                key=f"export_{row.id}",
                on_click=partial(exported, row.code),
                icon=":material/download:",
            )
        with st.popover("Delete", icon=":material/delete:", key=f"ask_{row.id}"):
            st.markdown(f"Delete **{row.code}** for good: values, images and reads? This cannot be undone.")
            if st.button("Delete for good", key=f"delete_{row.id}", type="primary"):
                _do(partial(_delete, row), "pages/history.py")


def _state(row: CaseRow, *, done: bool) -> str:
    job = latest_job(row.id)
    if job is None:
        return "finished beforehand" if done else "not run"
    if job.state in ACTIVE:
        return "in the queue" if job.state == "queued" else f"running, {job.step}"
    return _WORDS.get(job.state, job.state)


def _delete(row: CaseRow) -> None:
    job = latest_job(row.id)
    if job and job.state in ACTIVE:
        pool().cancel(job.id, owner())
    store().delete_case(row.id, owner())
    if case_id() == row.id:
        open_case(None)


def _do(deed: partial[None], then: str) -> None:
    try:
        deed()
    except InputError as error:
        show_error(error)
        return
    st.switch_page(then)


def zipped(row: CaseRow) -> bytes:
    """All files of a result, checked, in one archive."""
    folder = store().open_result(row.id, owner())
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(Path(folder).iterdir()):
            archive.write(file, f"{row.code}/{file.name}")
    return packed.getvalue()
