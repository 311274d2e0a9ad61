"""Whether a value found in a note can be used, and why not."""

import re
from dataclasses import replace
from typing import Any

from petgen.case import ANALYTES, InputError, check_biomarkers
from petgen.language.note_hits import Hit
from petgen.language.note_numbers import factor, is_ambiguous, is_plain_unit
from petgen.language.note_values import Found

_OUT_OF = {"mmse": 30, "moca": 30, "avlt": 12}
_UNITS = {"mmse": "", "moca": "", "avlt": "", "abeta42_40": "", "age": "years?|yrs?|y", "education": "years?|yrs?|y"}
_SIMOA_PARTS = frozenset(
    "hd x hdx 1 hd1 hdx1 sr srx platform kit assay immunoassay advantage plus v1 v2 neurology 2 3 4 plex a b e "
    "2plex 3plex 4plex n4pe n4pa n4pb n3pa n2pb".split()
)
SIGNS = {"<": "below", ">": "above", "≤": "at most", "≥": "at least", "~": "about"}


def judge(found: Found, other_assays: str, heading_unit: str) -> tuple[float | None, str, str]:
    """Value in petgen's unit, what was converted or assumed, and what speaks against it ("" for nothing).

    Args:
        found: What stands in the note.
        other_assays: Assays that the note names for this analyte, or for none in particular.
        heading_unit: Unit that stands in a heading before it, for values without their own.
    """
    number, name = found.number, found.mention.name
    if number.value is None:
        return None, "", number.problem
    value, note, problem = (_plasma if found.mention.is_lab and name != "abeta42_40" else _plain)(found, heading_unit)
    if number.comparator:
        kind = "an estimate" if number.comparator == "~" else "a limit"
        return value, note, f"it says {SIGNS[number.comparator]} {number.value:g}, which is {kind} and not a value"
    problem = found.problem or number.problem or _fluid(found) or problem
    if not problem and found.mention.is_lab:
        problem = assay_problem(name, found.assay or other_assays)
        if not problem and not (found.assay or other_assays):
            note = f"{note}; " if note else ""
            note += f"no assay is written, {ANALYTES[name].assay} is expected"
    return value, note, problem or refusal({name: value})


def refusal(values: dict[str, Any]) -> str:
    """Why petgen refuses values, in its own words, or ""."""
    try:
        check_biomarkers(values)
    except InputError as error:
        return re.sub(r"^\w+: ", "", error.what)
    return ""


def assay_problem(name: str, written: str) -> str:
    """Why a value of an assay cannot be taken, or "" when it can or no assay is written."""
    if not written:
        return ""
    expected = ANALYTES[name].assay
    words = set(re.findall(r"[^\W_]+", written.lower())) - _SIMOA_PARTS
    if name == "p_tau217":
        fits = "alzpath" in words and words <= {"alzpath", "simoa", "quanterix", "p", "tau217", "ptau217", "217"}
    else:
        fits = words <= {"simoa", "quanterix"}
    return refusal({"assay": {name: expected if fits else written}})


def is_other_assay(written: str) -> bool:
    """Whether an assay as written is none of those that the model was made for."""
    return bool(set(re.findall(r"[^\W_]+", written.lower())) - _SIMOA_PARTS - {"simoa", "quanterix", "alzpath"})


def contradictions(hits: list[Hit]) -> list[Hit]:
    """The hits, those that contradict each other no longer usable."""
    for name in dict.fromkeys(hit.name for hit in hits):
        mine = [hit for hit in hits if hit.name == name and hit.usable]
        if len({hit.value for hit in mine}) > 1:
            hits = _settle(hits, mine)
    carriers = [hit for hit in hits if hit.name == "apoe4" and hit.value is None]
    if carriers and any(hit.name == "apoe4" and hit.value == 0 for hit in hits):
        why = "the note also calls the patient a carrier"
        hits = [_refused(hit, why) if hit.name == "apoe4" else hit for hit in hits]
    values = {hit.name: hit.value for hit in hits if hit.usable}
    parts: dict[str, Any] = {name: values[name] for name in ("abeta40", "abeta42", "abeta42_40") if name in values}
    if problem := refusal(parts):
        hits = [_refused(hit, problem) if hit.name in parts else hit for hit in hits]
    return hits


def _settle(hits: list[Hit], mine: list[Hit]) -> list[Hit]:
    dates = [hit.date for hit in mine]
    latest = max(date or "" for date in dates)
    newest = {hit.value for hit in mine if hit.date == latest}
    label = mine[0].name
    if None in dates or len(newest) > 1:
        every = ", ".join(dict.fromkeys(f"{hit.value}".removesuffix(".0") for hit in mine))
        why = f"the note gives different values of {label} ({every}) and not each has a date of its own; choose one"
        return [_refused(hit, why) if hit in mine else hit for hit in hits]
    why = f"a later value, of {latest}, is proposed"
    return [_refused(hit, why) if hit in mine and hit.date != latest else hit for hit in hits]


def _refused(hit: Hit, why: str) -> Hit:
    return replace(hit, usable=False, problem=why) if hit.usable else hit


def _plasma(found: Found, heading_unit: str) -> tuple[float, str, str]:
    name, value, unit = found.mention.name, found.number.value or 0.0, found.unit or heading_unit
    if found.number.out_of is not None:
        return value, "", "it is written as a fraction; one concentration is needed"
    if not unit:
        if is_ambiguous(name, value):
            return value, "", "no unit stands with it and more than one would be plausible; write pg/mL behind it"
        return value, "no unit stands with it; it is taken as pg/mL, the only plausible one", ""
    by = factor(name, unit)
    if by is None:
        return value, "", f"the unit {unit!r} cannot be converted to pg/mL"
    turned = float(f"{value * by:.12g}")
    note = "" if unit.lower() == "pg/ml" else f"{value:g} {unit} is {turned:g} pg/mL"
    if not found.unit and is_plain_unit(unit):
        note = f"unit {unit} from the heading"
    return turned, note, ""


def _plain(found: Found, _: str) -> tuple[float, str, str]:
    name, number = found.mention.name, found.number
    value, full = number.value or 0.0, _OUT_OF.get(name)
    if number.out_of is not None and number.out_of != full:
        wanted = f"{ANALYTES[name].label} is out of {full}" if full else "one number is needed"
        return value, "", f"it is written as {value:g} out of {number.out_of}; {wanted}"
    if found.unit and not re.fullmatch(_UNITS[name], found.unit, re.IGNORECASE):
        return value, "", f"the unit {found.unit!r} does not belong to {ANALYTES[name].label}"
    return value, "", ""


def _fluid(found: Found) -> str:
    if found.fluid and found.mention.is_lab:
        return f"it was measured in {found.fluid}; only plasma is used (write plasma before the name if it was plasma)"
    return ""
