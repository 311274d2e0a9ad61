"""Age, sex and years of education in a note's sentences, of the patient and nobody else."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from petgen.case import ANALYTES
from petgen.language.note_context import find_others
from petgen.language.note_numbers import comparator_before
from petgen.language.note_setting import Setting

_WOMAN, _MAN = r"woman|female|lady", r"man|male|gentleman"
_SEX = rf"(?:(?P<woman>{_WOMAN})|(?P<man>{_MAN}))(?![\w'-])"
_AGE = re.compile(
    r"(?<![\w.,/:<>^+])(?<![0-9]-)(?P<years>[0-9]{1,3}(?:\.[0-9])?)(?:[ \n-]?(?:years?|yrs?|y)\.?[ \n-](?:old|of age)"
    r"|[ -]?(?:y/o|y\.o\.?|yo))(?![\w'])"
    r"|(?<![\w-])(?P<aged>aged)[ \n:](?P<years2>[0-9]{1,3}(?:\.[0-9])?)(?:[ -]?(?:years|yrs|y))?"
    r"(?![\w/%]|[.,-][0-9]| ?-)"
    r"|(?<![\w.,/:<>^+$-])(?P<years3>[0-9]{2,3})/?(?P<letter>[FM])(?![\w'/%^])",
    re.IGNORECASE,
)
_AGE_AND_SEX = re.compile(
    r"\bage ?/ ?(?:sex|gender)[ :=|]{1,3}(?P<years>[0-9]{2,3})(?: ?(?:y|yrs?|years))? ?[/,|] ?"
    r"(?P<sex>female|male|f|m)\b"
    r"|\b(?:sex|gender) ?/ ?age[ :=|]{1,3}(?P<sex2>female|male|f|m) ?[/,|] ?(?P<years2>[0-9]{2,3})\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:onset|since|retired|diagnosed|died|dead|deceased|menopause|until|till|from|at|when|before|after|by|childhood"
    r"|started|began|stopped|married|widowed|born|through|those|people|patients|adults|controls|cohort|range|mean|median"
    r"|average|if|should|for|under|over)[\s(:,]{1,3}(?:the |she was |he was |was |were |age )?$",
    re.IGNORECASE,
)
_SEX_BEHIND = re.compile(
    r"[\s,(/]{0,3}(?:(?:(?!(?:with|whose|and|or|by|to|of|from|for|who|has|had|is|was|lives|living|in|at|on|than)\b)"
    rf"[^\W\d_][\w-]{{0,20}}[\s,]{{1,2}}){{0,5}}?{_SEX}|(?P<letter>(?-i:[FM]))(?![\w'./-]))",
    re.IGNORECASE,
)
_SEX_AHEAD = re.compile(
    rf"(?<![\w-])(?:{_SEX}|(?P<letter>(?-i:[FM])))(?: patient)?[\s,(:;/]{{1,3}}"
    r"(?:(?:is|was|aged|age|of|now) ?:? ?){0,2}$",
    re.IGNORECASE,
)
_SEX_ALONE = re.compile(
    r"(?<![\w-])(?:sex|gender)(?: is| was)?[ :=|\n-]{1,3}(?P<label>female|male|woman|man|f|m)"
    r"(?![\w'-]| ?[/|] ?(?:fe|f|m)(?:ale)?\b)"
    rf"|\b(?:this|(?:patient|pt) (?:is|was) an?) (?:[\w-]{{1,20}} ){{0,3}}?(?P<noun>{_WOMAN}|{_MAN})(?![\w'-])"
    r"|(?<![\w-])(?P<kind>female|male) (?:patient|participant|subject)(?![\w'])"
    rf"|\A\W{{0,5}}(?:an? |the )?(?:[\w-]{{1,20}} )?(?P<first>{_WOMAN}|{_MAN})(?![\w'-])",
    re.IGNORECASE,
)
_EDUCATION = re.compile(
    r"(?<![\w.,/:+])(?<![0-9]-)(?P<years>[0-9]{1,2}(?:\.[0-9])?)[ -]?(?:years?|yrs?|y)[.']?[ -](?:of |in )?"
    r"(?:(?:formal|full-time|total|school|regular) )?(?:education|schooling)(?!\w)",
    re.IGNORECASE,
)
_PERSON_BEHIND = re.compile(r"[\s,(-]{0,3}(?:(?!whose|with|and|or|who|has|is|was\b)[\w-]{1,20}[\s,()/]{1,3}){0,3}?$")


@dataclass(frozen=True)
class Trait:
    """Age, sex or years of education in the plain text.

    Attributes:
        name: age, sex or education.
        value: Years, or "F" or "M".
        start: Place of its first character.
        end: Place behind its last.
        comparator: As in "over 80 years old"; else empty.
    """

    name: str
    value: float | str
    start: int
    end: int
    comparator: str = ""


def find_traits(setting: Setting) -> list[Trait]:
    """Age, sex and education in their order, each place once; those of relatives are left out."""
    found: list[Trait] = []
    for trait in (*_both(setting.text), *_ages(setting.text), *_sexes(setting.text), *_education(setting.text)):
        new = all(trait.name != one.name or trait.end <= one.start or trait.start >= one.end for one in found)
        if new and not _of_another(setting, trait):
            found.append(trait)
    return sorted(found, key=lambda one: one.start)


def _both(text: str) -> Iterator[Trait]:
    for match in _AGE_AND_SEX.finditer(text):
        years, sex = ("years", "sex") if match["years"] else ("years2", "sex2")
        yield Trait("age", float(match[years]), match.start(years), match.end(years))
        yield Trait("sex", match[sex][0].upper(), match.start(sex), match.end(sex))


def _ages(text: str) -> Iterator[Trait]:
    low, high = ANALYTES["age"].plausible
    for match in _AGE.finditer(text):
        years = next(group for group in ("years", "years2", "years3") if match[group])
        value = float(match[years])
        past = _PAST.search(text, max(0, match.start() - 30), match.start())
        if match["letter"] and not (low <= value <= high and match["letter"].isupper()):
            continue
        sign, start = comparator_before(text, match.start())
        if past and not sign:
            continue
        yield Trait("age", value, start, match.end() - (match["letter"] is not None), sign)
        if match["letter"]:
            yield Trait("sex", match["letter"], match.start("letter"), match.end())
            continue
        if behind := _SEX_BEHIND.match(text, match.end(), match.end() + 90):
            yield _sex(behind)
        if ahead := _SEX_AHEAD.search(text, max(0, match.start() - 30), match.start()):
            yield _sex(ahead)


def _sex(match: re.Match[str]) -> Trait:
    group = next(group for group in ("woman", "man", "letter") if match[group])
    value = match[group] if group == "letter" else "F" if group == "woman" else "M"
    return Trait("sex", value, match.start(group), match.end(group))


def _sexes(text: str) -> Iterator[Trait]:
    for match in _SEX_ALONE.finditer(text):
        group = next(group for group in ("label", "noun", "kind", "first") if match[group])
        value = "F" if match[group].lower() in ("f", *_WOMAN.split("|")) else "M"
        yield Trait("sex", value, match.start(group), match.end(group))


def _education(text: str) -> Iterator[Trait]:
    for match in _EDUCATION.finditer(text):
        sign, start = comparator_before(text, match.start())
        yield Trait("education", float(match["years"]), start, match.end(), sign)


def _of_another(setting: Setting, trait: Trait) -> bool:
    if setting.relative(trait.start, others=True):
        return True
    if trait.name == "education":
        return False
    behind = setting.text[trait.end : trait.end + 60].split("\n\n")[0]
    others = find_others(behind)
    return bool(others) and _PERSON_BEHIND.match(behind[: others[0].start]) is not None
