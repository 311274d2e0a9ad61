"""The form of one case: scan, values, the button."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from petgen.case import ANALYTES, Analyte, reference_interval
from petgen.demos import DemoCase, demo_cases

DEMO, OWN = "Demo case", "Own scan"
SEX = {"F": "Female", "M": "Male"}
GROUPS = {"demographics": "Demographics", "blood": "Blood", "cognition": "Cognition"}
STEPS = {"abeta42_40": 0.001, "p_tau217": 0.01, "p_tau181": 0.1, "t_tau": 0.1, "abeta42": 0.1}


@dataclass(frozen=True)
class Entry:
    """What the form holds when the button is pressed.

    Attributes:
        key: Tells one scan from another.
        code: Case code.
        scan: The scan as a file or as bytes, None when there is none.
        name: File name of an upload, for its suffix only.
        demo: The demo case chosen, if any.
        values: The values entered, None where empty.
        pressed: The button was pressed in this run.
    """

    key: str
    code: str
    scan: Path | bytes | None = None
    name: str = ""
    demo: DemoCase | None = None
    values: dict[str, Any] = field(default_factory=dict)
    pressed: bool = False


def field_key(name: str) -> str:
    """Session key of a value's widget."""
    return f"value_{name}"


def case_form() -> Entry:
    """Draw the form and return what it holds."""
    demos = {demo.code: demo for demo in demo_cases()}
    if "source" not in st.session_state:
        st.session_state["source"] = DEMO
        _fill(next(iter(demos.values()), None))
    st.segmented_control(
        "Case", [DEMO, OWN], key="source", required=True, on_change=_source_changed, args=(demos,), width="stretch"
    )
    if st.session_state["source"] == DEMO:
        chosen = _demo(demos)
        entry = Entry(f"demo {chosen.code}", chosen.code, chosen.t1, demo=chosen) if chosen else None
    else:
        entry = _upload()
    values, pressed = _values()
    return replace(entry or Entry("none", "CASE"), values=values, pressed=pressed)


def _source_changed(demos: dict[str, DemoCase]) -> None:
    demo = demos.get(st.session_state.get("demo", ""), next(iter(demos.values()), None))
    _fill(demo if st.session_state["source"] == DEMO else None)


def _fill(demo: DemoCase | None) -> None:
    """Values of a demo case into the form, or an empty form."""
    given = demo.biomarkers.model_dump() if demo else {}
    for name in ("sex", *ANALYTES):
        value = given.get(name)
        st.session_state[field_key(name)] = float(value) if isinstance(value, int) and name != "apoe4" else value


def _demo(demos: dict[str, DemoCase]) -> DemoCase | None:
    if not demos:
        st.info("No demo case is bundled. Choose “Own scan”.")
        return None
    code = st.selectbox(
        "Demo case",
        list(demos),
        key="demo",
        format_func=lambda code: demos[code].title,
        on_change=lambda: _fill(demos[st.session_state["demo"]]),
        label_visibility="collapsed",
    )
    st.caption(demos[code].text)
    return demos[code]


def _upload() -> Entry:
    file = st.file_uploader("T1-weighted MRI, NIfTI (.nii or .nii.gz)", type=["nii", "gz"], key="upload")
    code = st.text_input("Case code", value="CASE01", key="code", help="Letters and digits only; never a name.")
    if file is None:
        return Entry("no scan", code)
    return Entry(f"upload {file.file_id}", code, file.getvalue(), file.name)


def _values() -> tuple[dict[str, Any], bool]:
    with st.form("values", border=False, enter_to_submit=False):
        pressed = st.form_submit_button("Synthesise amyloid PET", type="primary", width="stretch")
        st.caption("Leave empty what was not measured.")
        values: dict[str, Any] = {}
        for group, title in GROUPS.items():
            st.markdown(f"**{title}**")
            if group == "blood":
                st.caption("Plasma. Quanterix Simoa, p-tau217 by ALZpath Simoa; other assays cannot be used.")
            left, right = st.columns(2, gap="small")
            if group == "demographics":
                with right:
                    values["sex"] = st.selectbox(
                        "Sex", list(SEX), index=None, key=field_key("sex"), format_func=SEX.__getitem__, placeholder="–"
                    )
                order = (left, left, right)
            else:
                order = (left, right)
            members = [analyte for analyte in ANALYTES.values() if analyte.group == group]
            for number, analyte in enumerate(members):
                with order[number % len(order)], st.container(gap="xxsmall"):
                    values[analyte.name] = _field(analyte)
    return values, pressed


def _field(analyte: Analyte) -> Any:
    key, label = field_key(analyte.name), _label(analyte)
    if analyte.name == "apoe4":
        return st.selectbox(label, [0, 1, 2], index=None, key=key, placeholder="–")
    interval = reference_interval(analyte.name, st.session_state.get(field_key("age")))
    value = st.number_input(
        label, value=None, step=STEPS.get(analyte.name, 1.0), format="%g", key=key, help=_help(analyte, interval),
        placeholder="–",
    )
    if interval:
        st.caption(_interval_words(interval))
    return value


def _label(analyte: Analyte) -> str:
    return f"{analyte.label}, {analyte.unit}" if analyte.unit and analyte.unit not in analyte.label else analyte.label


def _interval_words(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"ref. {low:g}–{high:g}" if low else f"ref. up to {high:g}"


def _help(analyte: Analyte, interval: tuple[float, float] | None) -> str:
    unit = f" {analyte.unit}" if analyte.unit else ""
    low, high = analyte.plausible
    parts = [f"Accepted: {low:g} to {high:g}{unit}."]
    if analyte.assay:
        parts.append(f"Assay: {analyte.assay}.")
    if interval:
        parts.append(f"Reference interval: {interval[0]:g} to {interval[1]:g}{unit} ({analyte.source}).")
    return " ".join(parts)
