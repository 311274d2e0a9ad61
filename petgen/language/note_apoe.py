"""APOE genotypes in a note, as numbers of ε4 alleles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_APOE = r"(?:APO-?E|apolipoprotein[ -]?E)"
_E = r"(?:ε|e|epsilon[ -]?)"
_FOUR = rf"(?:{_APOE}[ -]?\(?\*?{_E}?[ -]?4\)?|ε ?4|epsilon[ -]?4)(?!\w)"
_FILL = r"(?:[ :=|(,-]{1,3}(?:genotype|genotyping|gene|status|alleles?|is|was|result|of|variant|count|number|the))"
_PAIR = re.compile(
    rf"(?<![\w/])(?:{_APOE}{_FILL}{{0,4}}[ :=|(,-]{{0,3}}{_E}?|{_E})[ *]?(?P<one>[234])"
    rf"(?: ?[/|] ?{_E}?| ?[-,+]? ?{_E})[ *]?(?P<two>[234])(?!\w|[/.-][0-9]| ?/)",
    re.IGNORECASE,
)
_ONE, _TWO = r"heterozyg(?:ous|ote|osity)", r"homozyg(?:ous|ote|osity)"
_NONE = r"non-?\s?carrier|not an? carrier|negative|absent"
_STATE = (
    rf"(?:(?P<half>{_ONE}|carrier[ ,(]{{1,3}}{_ONE})|(?P<full>{_TWO}|carrier[ ,(]{{1,3}}{_TWO})|(?P<none>{_NONE})"
    r"|(?P<carrier>carrier|positive|present)(?! status)"
    r"|(?P<count>[0-2])(?: (?:alleles?|copy|copies))?(?!\w|[/.,][0-9]))"
)
_BEHIND = re.compile(
    rf"(?<!\w){_FOUR}"
    r"(?:[ :=|(,-]{0,3}(?:carrier status|genotype|gene|status|alleles?|is|was|variant|count|number|of))"
    rf"{{0,4}}[ :=|(,-]{{1,3}}{_STATE}(?![\w/])",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"(?<!\w)(?<!not )(?<!non-)(?<!non )(?:(?P<half>{_ONE}|one|single|1)|(?P<full>{_TWO}|two|2)"
    rf"|(?P<none>{_NONE}|no|zero|0)"
    rf"|(?P<carrier>carrier|positive))(?: (?:copy|copies|carrier|for|of|the|an?)){{0,4}} {_FOUR}(?: alleles?)?",
    re.IGNORECASE,
)
CARRIER = "a carrier has one or two ε4 alleles; write the genotype, for instance ε3/ε4"


@dataclass(frozen=True)
class Genotype:
    """An APOE genotype in the plain text.

    Attributes:
        start: Place of its first character.
        end: Place behind its last.
        alleles: Number of ε4 alleles, or None for a carrier of an unsaid number.
    """

    start: int
    end: int
    alleles: int | None


def find_genotypes(text: str) -> Iterator[Genotype]:
    """APOE genotypes in their order, none over another; the most exact wording wins."""
    found: list[Genotype] = []
    for match in _PAIR.finditer(text):
        found.append(Genotype(match.start(), match.end(), (match["one"] + match["two"]).count("4")))
    for pattern in (_BEHIND, _BEFORE):
        for match in pattern.finditer(text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Genotype(match.start(), match.end(), _alleles(match)))
    return iter(sorted(found, key=lambda one: one.start))


def _alleles(match: re.Match[str]) -> int | None:
    groups = match.groupdict()
    if groups["half"]:
        return 1
    if groups["full"]:
        return 2
    if groups["none"]:
        return 0
    return int(groups["count"]) if groups.get("count") else None
