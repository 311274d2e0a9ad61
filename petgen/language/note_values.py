"""Values that stand behind their names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from petgen.language.note_names import Mention
from petgen.language.note_numbers import UNIT, Number, comparator_before, read_number
from petgen.language.note_setting import Setting

_MARKS = re.compile(r"[ :=|()\[\]\"'*]|- |-{2,}|\n[-*•]? ?|\.{3,}|(?:->|→)|&")
_WORDS = re.compile(
    r"(?:was|is|were|of|at|the|an?|levels?|concentrations?|conc\.?|scores?|scored|total|results?|value|measured|came"
    r"|back|returned|today|now|currently|again|points?|score|test|assay|platform|method|elevated|raised|high|low"
    r"|normal|positive|negative|abnormal|borderline|intermediate|increased|decreased|reduced|slightly|mildly|clearly"
    r"|markedly|moderately|very|years|in years|words?|EDTA|respectively|delayed recall|20[ -]min(?:utes)?)(?![\w-])",
    re.IGNORECASE,
)
_JOIN = re.compile(r"(?:in|on|by|with|using|from|via|dated|taken|drawn|sampled|and|,)(?=\W) ?(?:the )?", re.IGNORECASE)
_YEAR = re.compile(r"(?:in|from|of) (?:19|20)[0-9]{2}(?!\w)|(?<=\()(?:19|20)[0-9]{2}\)|(?:19|20)[0-9]{2}(?=:)")
_UNIT_BEFORE = re.compile(rf"(?<=[(\[|,])(?: ?in)? ?(?P<unit>{UNIT})(?=[)\] |:=,\n])|(?<=, )(?P<unit2>{UNIT})", re.I)
_REFERENCE = re.compile(
    r"(?:ref(?:erence)?\.?|normal|cut-?off|RR|NR|upper limit|limit|threshold)(?: (?:range|interval|value|limit|is))*\b"
    r"[ :=]{0,3}(?:[<>≤≥]=? ?)?[0-9][0-9.,]{0,8}(?: ?(?:-|to) ?[0-9][0-9.,]{0,8})?"
    rf"(?: ?{UNIT})?|(?<=\()[<>≤≥]=? ?[0-9.]{{1,8}}(?: ?{UNIT})?(?=\))",
    re.IGNORECASE,
)
_NEXT = re.compile(r"(?: ?\([^()\n]{0,60}\))?(?: ?[,;|/]| ?->| ?→)? ?(?:and|then|now|followed by|later)? ?", re.I)
_DONE = re.compile(r" ?(?:[,;.)|(\n]|$|in (?:19|20)[0-9]{2}|on |->|→|and |then )")
_TAIL_DATE = re.compile(
    r"(?: ?\([^()\n]{0,80}\))?[\s,|(\[-]{0,3}"
    r"(?:(?:on|dated|of|from|measured|drawn|sampled|taken|collected|assessed|tested|in) ){0,3}"
)
_LIST_REST = re.compile(r" ?(?:$|[\n(|,/;%*]|\.(?:\n|$)|[HL](?!\w))")
_LIMIT_OF = re.compile(
    r"\b(?P<cue>cut-?offs?|thresholds?|references?|limits?|targets?|goal|expected|mean|average|median|if|should|unless"
    r"|normal (?:value|range|level|limit)s?|z-?score|percentile|change|decline|loss|gain)\b[^,;.\n|]{0,25}$",
    re.IGNORECASE,
)
_FORMER = re.compile(r"\b(?:previous|prior|former|earlier|past|old)(?: \w+)? $", re.IGNORECASE)
_SKIPPED = (_REFERENCE, _YEAR, _WORDS)
_TOKENS, _REACH = 16, 160


@dataclass
class Found:
    """A value as it stands in the plain text, not yet judged.

    Attributes:
        mention: The name it belongs to.
        number: The number.
        start: Place where it begins, its name included.
        end: Place behind it.
        unit: Unit, which may also stand before the number.
        assay: As written.
        date: ISO date, or None.
        fluid: Body fluid when it is not plasma.
        fluid_behind: Whether it stands behind the value, where it may speak of the values before, too.
        problem: Why it cannot be taken, empty when nothing speaks against it so far.
    """

    mention: Mention
    number: Number
    start: int
    end: int
    unit: str = ""
    assay: str = ""
    date: str | None = None
    fluid: str = ""
    fluid_behind: bool = False
    problem: str = ""


def find_values(setting: Setting) -> list[Found]:
    """Values behind the names of a text, in their order."""
    heads = [setting.heads(mention) for mention in setting.mentions]
    found: list[Found] = []
    for index, mention in enumerate(setting.mentions):
        limit = heads[index + 1][0] if index + 1 < len(heads) else len(setting.text)
        _, date, spans = heads[index]
        assays = [span.text for span in spans]
        found.extend(_values(setting, mention, max(limit, mention.end), date.iso if date else None, assays))
    return found


def _values(setting: Setting, mention: Mention, limit: int, date: str | None, assays: list[str]) -> Iterator[Found]:
    start, place, first = mention.start, mention.end, True
    for _ in range(8):
        found = _one(setting, mention, start, place, limit, first)
        if found is None:
            return
        if first:
            found.assay = " ".join([*assays, found.assay]).strip()
            found.date = found.date or date
            found.problem = mention.problem or _cue(setting, mention, found.date or date)
        if found.date is None and first:
            leading = setting.leading_date(mention.start)
            found.date = leading.iso if leading else None
        first = False
        yield found
        following = _NEXT.match(setting.text, found.end, limit)
        if found.number.value is None or following is None or following.end() == found.end:
            return
        start = place = following.end()


def _one(setting: Setting, mention: Mention, start: int, place: int, limit: int, first: bool) -> Found | None:
    text = setting.text
    found = Found(mention, Number(None, place), start, place, fluid=setting.fluid(mention))
    place, lines = _skip(setting, found, place, limit)
    number = None if place in setting.dates or lines > 2 else read_number(text, place, limit)
    if number is None or (not number.unit and number.out_of is None and number.problem and lines):
        return None
    if lines and not number.unit and number.out_of is None and not _LIST_REST.match(text, number.end):
        return None
    if not first and not _DONE.match(text, number.end, limit):
        return None
    if not first and (number.comparator or number.problem or (mention.is_lab and not (number.unit or found.date))):
        at_once = re.match(r" ?(?:\(|in (?:19|20)|on )", text[number.end : number.end + 10])
        if number.comparator or number.problem or not at_once:
            return None
    sign, _ = comparator_before(text, place)
    if sign and not number.comparator:
        number = Number(number.value, number.end, number.unit, sign, number.out_of, number.problem)
    found.number, found.end, found.unit = number, number.end, number.unit or found.unit
    _read_tail(setting, found, limit)
    return found


def _skip(setting: Setting, found: Found, place: int, limit: int) -> tuple[int, int]:
    """Goes over what may stand between a name and its number; gives the place behind it and the lines broken."""
    text, lines, reach = setting.text, 0, min(limit, place + _REACH)
    for _ in range(_TOKENS):
        if place >= reach:
            break
        if date := setting.dates.get(place):
            found.date, place = date.iso, date.end
        elif assay := setting.assays.get(place):
            found.assay, place = f"{found.assay} {assay.text}".strip(), assay.end
        elif fluid := setting.fluids.get(place):
            found.fluid, place = fluid.text.replace("plasma", ""), fluid.end
        elif match := _UNIT_BEFORE.match(text, place, reach):
            found.unit, place = match["unit"] or match["unit2"], match.end()
        elif (match := next((one for skip in _SKIPPED if (one := skip.match(text, place, reach))), None)) or (
            (match := _JOIN.match(text, place, reach)) and _is_known(setting, match.end())
        ):
            place = match.end()
        elif match := _MARKS.match(text, place, reach):
            lines += match.group().count("\n")
            place = match.end()
        else:
            break
    return place, lines


def _is_known(setting: Setting, place: int) -> bool:
    known = place in setting.dates or place in setting.assays or place in setting.fluids
    return known or _UNIT_BEFORE.match(setting.text, place) is not None


def _read_tail(setting: Setting, found: Found, limit: int) -> None:
    """Reads date, assay and body fluid behind a value, within its sentence."""
    end = min(limit, max(setting.sentence(found.end - 1)[1], found.end))
    tail = setting.text[found.end : end]
    for match in re.finditer(r"(?<!\w)\w", tail):
        place = found.end + match.start()
        if assay := setting.assays.get(place) or setting.assays.get(place - 1):
            found.assay = f"{found.assay} {assay.text}".strip()
    near = re.match(r"(?: ?\([^()\n]{0,80}\)| ?\[[^\[\]\n]{0,80}\])?[^,;.\n|(]{0,40}", tail)
    for match in re.finditer(r"(?<!\w)\w", near.group() if near else ""):
        if fluid := setting.fluids.get(found.end + match.start()):
            found.fluid = fluid.text.replace("plasma", "")
            found.fluid_behind = bool(found.fluid)
    if found.date is None:
        inside = re.match(r" ?\([^()\n]{0,80}\)", tail)
        places = [found.end + place for place in range(inside.end())] if inside else []
        if ahead := _TAIL_DATE.match(setting.text, found.end, end):
            places.append(ahead.end())
        dates = [setting.dates[place] for place in places if place < end and place in setting.dates]
        found.date = dates[0].iso if dates else None


def _cue(setting: Setting, mention: Mention, date: str | None) -> str:
    before = setting.text[max(setting.sentence(mention.start)[0], mention.start - 45) : mention.start]
    if cue := _LIMIT_OF.search(before):
        return f"{cue['cue']!r} stands before it; it may not be a measured value"
    if date is None and (cue := _FORMER.search(before)):
        return f"it is called {cue.group().split()[0]!r} and has no date; leave it out or write the date"
    return ""
