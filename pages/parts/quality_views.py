"""The parts of the page of quality control."""

from functools import partial

import streamlit as st

from pages.parts.current_case import Opened, case_id, open_case
from pages.parts.messages import literal, show_error
from pages.parts.session import owner, store
from petgen import views
from petgen.case import InputError, Result
from petgen.store import CaseRow, ReadRow

CONTROL = ("accept", "reject")
_PICTURE_PX = 700
"""Two beside each other on a large screen, one on a small one."""
SHOWN = {"mask": "Contour of the brain mask on the scan", "registration": "Patient and template in turn"}


def queue() -> None:
    """All finished cases and what was said of them; one press opens the next that nobody has looked at."""
    rows = [row for row in store().cases.of(owner()) if store().has_result(row.id, owner())]
    if not rows:
        return
    said = {row.id: _last(row) for row in rows}
    waiting = [row for row in rows if said[row.id] is None]
    words, button = st.columns([5, 2], vertical_alignment="center")
    accepted = sum(read is not None and read.verdict == "accept" for read in said.values())
    rejected = sum(read is not None and read.verdict == "reject" for read in said.values())
    words.markdown(f"**{len(waiting)} waiting** · {accepted} accepted · {rejected} rejected")
    others = [row for row in waiting if row.id != case_id()]
    if button.button(
        "Next waiting case", icon=":material/skip_next:", disabled=not others, shortcut="N", width="stretch"
    ):
        open_case(others[0].id)
        st.rerun()


def _last(row: CaseRow) -> ReadRow | None:
    reads = [read for read in store().reads.of(row.id, owner()) if read.verdict in CONTROL]
    return reads[-1] if reads else None


def verdict(case: Opened) -> None:
    """Accept, or reject with a reason; what was said last is shown."""
    last = _last(case.row)
    if last:
        when = f"{last.created:%Y-%m-%d %H:%M} UTC"
        why = f": {literal(last.reason)}" if last.reason else ""
        show = st.success if last.verdict == "accept" else st.error
        show(f"**{last.verdict.capitalize()}ed** {when}{why}", icon=":material/fact_check:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        reason = st.text_input("Reason, needed to reject", key=f"reason_{case.case_id}", max_chars=300)
        st.button(
            "Accept",
            icon=":material/check:",
            shortcut="A",
            on_click=partial(_say, case.case_id, "accept", reason),
        )
        st.button(
            "Reject",
            icon=":material/close:",
            shortcut="X",
            disabled=not reason.strip(),
            on_click=partial(_say, case.case_id, "reject", reason),
        )


def _say(case: str, word: str, reason: str) -> None:
    try:
        store().reads.add(case, owner(), owner(), word, reason=reason.strip())  # type: ignore[arg-type]
    except InputError as error:
        show_error(error)


def numbers(result: Result) -> None:
    """What the way to template space measured, with the limits of the light."""
    found = result.quality
    if found is None:
        return
    shown = (
        ("Likeness to the template", f"{found.similarity:.2f}", "correlation; ordinary above 0.88"),
        ("Brain volume", f"{found.brain_litres:.2f} L", "of the mask in the scan"),
        ("Scan, overall", f"{100 * found.scan_overall:.0f} %", "distance to scans seen, 100 % is the limit"),
        ("Scan, strangest place", f"{100 * found.scan_worst:.0f} %", "likewise, at one place"),
        ("Values together", f"{found.values:.1f} SD", "how improbable they are"),
    )
    for column, (label, value, words) in zip(st.columns(len(shown)), shown, strict=True):
        with column.container(gap="xxsmall"):
            st.metric(label, value)
            st.caption(words)
    if result.light.reasons:
        st.caption(" ".join(result.light.reasons))


def pictures(case: Opened) -> None:
    """Mask and registration as they were drawn when the case was run; the synthetic PET below."""
    with st.container(horizontal=True, gap="medium"):
        for name, words in SHOWN.items():
            with st.container(width=_PICTURE_PX):
                st.markdown(f"##### {words}")
                file = next(case.folder.glob(f"*_desc-{name}_T1w.png"), None)
                if file is None:
                    st.caption("Not kept.")
                else:
                    st.image(file.read_bytes(), width="stretch", alt=words)
        with st.container(width=_PICTURE_PX):
            st.markdown("##### MRI and synthetic PET")
            st.image(
                case.picture("overview", lambda: views.overview_picture(case.synthesis)),
                width="stretch",
                caption=f"{views.scale_words(views.synthetic_window(case.synthesis))}.",
                alt="Axial slices of MRI and PET",
            )
