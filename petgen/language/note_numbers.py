"""Numbers of a note with what stands around them: comparator, unit, and all that makes them no plain value."""

import re
import unicodedata
from dataclasses import dataclass

from petgen.case import ANALYTES
from petgen.language.note_dates import MONTH

PLAIN_UNITS = ("pg/ml", "ng/l")
_FACTORS = {"pg/ml": 1.0, "ng/l": 1.0, "ng/ml": 1e3, "µg/l": 1e3, "ug/l": 1e3, "mcg/l": 1e3, "fg/ml": 1e-3}
MOLAR = {"abeta40": 4329.9, "abeta42": 4514.1}
"""Average molar masses in g/mol of human Aβ1-40 and Aβ1-42, the sums over their amino acids and one water."""

UNIT = (
    r"(?:(?:pico|nano|femto)grams? per (?:millilit(?:er|re)|lit(?:er|re))s?"
    r"|[a-zµ]{1,6} ?/ ?(?:[dmuµ]?l|k?g|mg|day)(?![\w/])|(?-i:[pnfµm]M)(?!\w))"
)
_FOREIGN = (
    r"(?:%|(?:pg|ng|fg|mg|µg|ug|kg|g|iu|u|au|years?|yrs?|y|months?|weeks?|days?|hours?|h|min(?:utes?)?|mm|ml|mmhg"
    rf"|percent|percentile|times|fold|sd)(?!\w)|(?<!\()(?-i:(?=[A-Z]|mar|apr)){MONTH}(?= ?[0-9,;.)]|$))"
)
_WORDS = (
    (r"<=|≤|=<|at most|up to|no more than|not more than", "≤"),
    (r">=|≥|=>|at least|no less than|not less than", "≥"),
    (r"<|less than|lower than|fewer than|below|under|almost|nearly", "<"),
    (r">|greater than|higher than|more than|above|over", ">"),
    (r"~|≈|≃|about|approximately|approx\.?|around|circa|ca\.|roughly", "~"),
)
COMPARATOR = "|".join(words for words, _ in _WORDS)
_COMPARATOR = re.compile(rf"(?:{COMPARATOR})(?!\w)\s?|[<>≤≥~≈≃]=?\s?", re.IGNORECASE)
_COMPARED_BEFORE = re.compile(rf"(?<![\w=-])(?:{COMPARATOR}|[<>≤≥~≈≃])(?: the)? ?$", re.IGNORECASE)
_COMPARED_BEHIND = re.compile(
    r"(?: points?| words?| years?)?,? (?:(?P<less>or (?:less|lower|below|fewer|under)|and (?:below|under))"
    r"|(?:or (?:more|higher|above|greater|over)|and (?:above|over|higher)))(?!\w)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,9}(?:[.,][0-9]{1,9})*|\.[0-9]{1,9})(?![0-9])")
_FLAG = r"(?: ?(?:\*|↑|↓|\([HL]\)|[HL](?!\w)))?"
_UNIT_BEHIND = re.compile(rf"{_FLAG}(?:\n|[ |-]{{0,3}})[\[(]?(?P<unit>{UNIT}|(?<!\n){_FOREIGN})", re.IGNORECASE)
_OUT_OF = re.compile(
    r" ?/ ?([0-9]{1,4})(?![\w/]|[.,][0-9])|,? (?:out )?of (?:a possible |a maximum of )?([0-9]{1,4})(?!\w)"
)
_NO_PLAIN_NUMBER = (
    (re.compile(r"(?: [0-9]{3})+(?![0-9./])"), "digits are parted by spaces"),
    (re.compile(r" ?(?:-|to|and) ?[0-9][0-9.]*+(?![-/][0-9]|[ -]?(?:years?|yrs?|y)\b)"), "it is a range"),
    (re.compile(r" ?(?:->|→|=>|>|>>) ?[0-9.]*[0-9]"), "it is a course of values"),
    (re.compile(r" ?(?:±|\+ ?/ ?-|\+-)"), "it has a ± with it"),
    (re.compile(r"[eE][+-]?[0-9]| ?[x×·*] ?10|\^| ?[¹²³⁰⁴⁵⁶⁷⁸⁹⁻]"), "it is written with a power of ten"),
)


@dataclass(frozen=True)
class Number:
    """A number of a note.

    Attributes:
        value: As written, before any conversion; None where it cannot be read in one way.
        end: Place behind it and its unit.
        unit: As written, empty when none stands with it.
        comparator: "<", ">", "≤", "≥", "~" or empty.
        out_of: What a score is out of, as in 24/30; None when not said.
        problem: Why it is no plain number, empty when it is.
    """

    value: float | None
    end: int
    unit: str = ""
    comparator: str = ""
    out_of: int | None = None
    problem: str = ""


def read_number(text: str, place: int, limit: int) -> Number | None:
    """The number that begins at a place of the plain text, or None when none does.

    Args:
        text: Plain text.
        place: Where a comparator or the number begins.
        limit: Place behind which nothing is read.
    """
    comparator = ""
    if mark := _COMPARATOR.match(text, place, limit):
        comparator, place = _comparator(mark.group()), mark.end()
    match = NUMBER.match(text, place, limit)
    if match is None:
        return None
    if text[match.end() : match.end() + 1] == ":" and text[match.end() + 1 : match.end() + 2].isdigit():
        return None
    written, end = match.group(), match.end()
    value, problem = _value(written)
    for pattern, why in _NO_PLAIN_NUMBER:
        if not problem and (more := pattern.match(text, end, limit)):
            value, problem, end = None, f"{written}{more.group()} is no single number: {why}", more.end()
    out_of = None
    if not problem and (of := _OUT_OF.match(text, end, limit)):
        out_of, end = int(of[1] or of[2]), of.end()
    unit = ""
    if found := _UNIT_BEHIND.match(text, end, limit):
        unit, end = found["unit"], found.end("unit")
    if behind := _COMPARED_BEHIND.match(text, end, limit):
        comparator, end = "≤" if behind["less"] else "≥", behind.end()
    elif not problem and not unit and _is_attached(text, end, limit):
        value, problem = None, f"{written} runs into other characters; put a space behind the number"
    return Number(value, end, unit, comparator, out_of, problem)


def comparator_before(text: str, place: int) -> tuple[str, int]:
    """Comparator that ends right before a place, and where it begins; empty and the place when there is none."""
    match = _COMPARED_BEFORE.search(text, max(0, place - 16), place)
    return (_comparator(match.group().removesuffix(" the ")), match.start()) if match else ("", place)


def factor(name: str, unit: str) -> float | None:
    """What turns a plasma concentration into pg/mL, or None when the unit cannot be turned."""
    plain = _plain_unit(unit)
    if plain == "pmol/l" and name in MOLAR:
        return MOLAR[name] / 1000
    return _FACTORS.get(plain)


def is_ambiguous(name: str, value: float) -> bool:
    """Whether a plasma concentration without a unit would be plausible in another unit than pg/mL, too."""
    low, high = ANALYTES[name].plausible
    units = [*_FACTORS, "pmol/l"]
    factors = {number for unit in units if (number := factor(name, unit)) is not None and number != 1}
    return any(low <= value * number <= high for number in factors)


def is_plain_unit(unit: str) -> bool:
    """Whether a unit is pg/mL, or ng/L, which is the same."""
    return _plain_unit(unit) in PLAIN_UNITS


def _plain_unit(unit: str) -> str:
    plain = unit.replace(" per ", "/").replace(" ", "")
    if plain == "pM":
        return "pmol/l"
    plain = plain.lower()
    for long, short in (("pico", "p"), ("nano", "n"), ("femto", "f"), ("grams", "g"), ("gram", "g")):
        plain = plain.replace(long, short)
    return re.sub(r"/(m?)(?:illi)?lit(?:er|re)s?$", r"/\1l", plain)


def _value(written: str) -> tuple[float | None, str]:
    if "," in written:
        return None, f"the comma in {written} may part decimals or thousands; write decimals with a point"
    if written.count(".") > 1:
        return None, f"{written} has more than one point"
    if written[0] in "+-":
        return None, f"{written} has a sign; it may be a change and not a value"
    return float(written), ""


def _comparator(words: str) -> str:
    words = words.strip().lower()
    return next((sign for pattern, sign in _WORDS if re.fullmatch(pattern, words)), "~")


def _is_attached(text: str, place: int, limit: int) -> bool:
    if place >= min(limit, len(text)):
        return False
    return unicodedata.category(text[place])[0] in "LMN" or text[place] in "/_¬°"
