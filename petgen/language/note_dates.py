"""Dates in a note: those that can be read in one way only, and those that cannot."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DATE = re.compile(
    r"(?<![\w.,/-])(?:"
    r"(?P<year>[12][0-9]{3})(?P<mark>[-/])(?P<month>[0-9]{2})(?P=mark)(?P<day>[0-9]{2})(?:T[0-9:]{4,8}Z?)?"
    rf"|(?P<day2>[0-9]{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?(?P<month2>{MONTH}),?[ -](?P<year2>[12][0-9]{{3}})"
    rf"|(?P<month3>{MONTH})[ -](?P<day3>[0-9]{{1,2}})(?:st|nd|rd|th)?,? (?P<year3>[12][0-9]{{3}})"
    rf"|(?P<unclear>[0-9]{{1,2}}([./-])[0-9]{{1,2}}\12(?:[12][0-9]{{3}}|[0-9]{{2}})|[0-9]{{1,2}}/[12][0-9]{{3}}"
    rf"|{MONTH} [12][0-9]{{3}}|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -]{MONTH}|{MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?)"
    r")(?![\w/]|[.-][0-9])",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"(?:born|birth|dob|d\.o\.b\.?)[^\n]{0,8}$", re.IGNORECASE)


@dataclass(frozen=True)
class NoteDate:
    """A date in the plain text.

    Attributes:
        start: Place of its first character.
        end: Place behind its last.
        iso: YYYY-MM-DD, or None where day, month or year is missing or could be another.
    """

    start: int
    end: int
    iso: str | None


def find_dates(text: str) -> list[NoteDate]:
    """Dates in their order; a date of birth counts as one that cannot be read."""
    found = []
    for match in _DATE.finditer(text):
        birth = _BIRTH.search(text, max(0, match.start() - 25), match.start())
        found.append(NoteDate(match.start(), match.end(), None if birth else _iso(match)))
    return found


def _iso(match: re.Match[str]) -> str | None:
    for tail in ("", "2", "3"):
        if match["year" + tail]:
            month = match["month" + tail]
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
            try:
                return date(int(match["year" + tail]), number, int(match["day" + tail])).isoformat()
            except ValueError:
                return None
    return None
