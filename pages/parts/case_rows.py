"""One line a case, with what can be done with it."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from pages.parts.current_case import case_id, open_case
from pages.parts.files import exported
from pages.parts.job_card import ACTIVE, latest_job
from pages.parts.messages import literal, show_error
from pages.parts.session import owner, pool, store
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


def damaged_rows(codes: Mapping[str, str]) -> None:
    """Draw the cases that the store can no longer read, which can only be deleted.

    Args:
        codes: Code by id.
    """
    for case, code in codes.items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"**{literal(code)}** :red-badge[damaged]  \n:small[Its row in the store cannot be read. Restore the "
                "store from a backup, or delete the case.]",
                width="stretch",
            )
            _deletion(case, code)


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
            st.switch_page("case.py")
        if row.source != "upload" and st.button("Run again", key=f"again_{row.id}", icon=":material/replay:"):
            _do(partial(run_again, row), "case.py")
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
        _deletion(row.id, row.code)


def _deletion(case: str, code: str) -> None:
    with st.popover("Delete", icon=":material/delete:", key=f"ask_{case}"):
        st.markdown(f"Delete **{literal(code)}** for good: values, images and reads? This cannot be undone.")
        if st.button("Delete for good", key=f"delete_{case}", type="primary"):
            _do(partial(_delete, case), "history.py")


def _state(row: CaseRow, *, done: bool) -> str:
    job = latest_job(row.id)
    if job is None:
        return "finished beforehand" if done else "not run"
    if job.state in ACTIVE:
        return "in the queue" if job.state == "queued" else f"running, {job.step}"
    return _WORDS.get(job.state, job.state)


def _delete(case: str) -> None:
    job = latest_job(case)
    if job and job.state in ACTIVE:
        pool().cancel(job.id, owner())
    store().delete_case(case, owner())
    if case_id() == case:
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
