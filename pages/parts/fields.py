"""The fields of the values: demographics, blood, cognition."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from petgen.case import ANALYTES, Analyte, reference_interval

SEX = {"F": "Female", "M": "Male"}
GROUPS = {"demographics": "Demographics", "blood": "Blood", "cognition": "Cognition"}
STEPS = {"abeta42_40": 0.001, "p_tau217": 0.01, "p_tau181": 0.1, "t_tau": 0.1, "abeta42": 0.1}


def field_key(name: str, patient: str) -> str:
    """Session key of a value's widget; each patient has widgets of their own, so that no value passes to another."""
    return f"value_{name}_{patient}"


def value_fields(patient: str, start: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the fields of one patient, inside a form.

    What the fields start with travels as each widget's default: a value put into the session instead is lost on its
    way to the browser when a press interrupts the run, and the browser would then send the field back empty.

    Args:
        patient: Tells one patient from another.
        start: Values that the fields start with, by name; the others start empty.

    Returns:
        The values, None where empty.
    """
    st.caption("Leave empty what was not measured.")
    values: dict[str, Any] = {}
    for group, title in GROUPS.items():
        st.markdown(f"**{title}**")
        if group == "blood":
            st.caption("Plasma. Quanterix Simoa, p-tau217 by ALZpath Simoa; other assays cannot be used.")
        names = _members(group)
        for pair in zip(names[::2], [*names[1::2], None], strict=False):
            for column, name in zip(st.columns(2, gap="small", vertical_alignment="bottom"), pair, strict=True):
                if name:
                    with column, st.container(gap="xxsmall"):
                        values[name] = _field(name, patient, start)
    return values


def _members(group: str) -> list[str]:
    """Names of a group's fields; sex stands beside age."""
    names = [analyte.name for analyte in ANALYTES.values() if analyte.group == group]
    return [names[0], "sex", *names[1:]] if group == "demographics" else names


def _field(name: str, patient: str, start: Mapping[str, Any]) -> Any:
    key, given = field_key(name, patient), start.get(name)
    if name == "sex":
        index = None if given is None else list(SEX).index(given)
        return st.selectbox("Sex", list(SEX), index=index, key=key, format_func=SEX.__getitem__, placeholder="–")
    analyte = ANALYTES[name]
    label = _label(analyte)
    if name == "apoe4":
        return st.selectbox(label, [0, 1, 2], index=given, key=key, placeholder="–")
    interval = reference_interval(name, st.session_state.get(field_key("age", patient), start.get("age")))
    value = st.number_input(
        label,
        value=given,
        step=STEPS.get(name, 1.0),
        format="%g",
        key=key,
        help=_help(analyte, interval),
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
