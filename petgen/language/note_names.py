"""The names under which a value stands in a note."""

import re
from dataclasses import dataclass

_TAU = r"p(?:hospho(?:rylated)?)?[ _-]?tau(?: protein)?[ ,_-]{0,2}(?:at )?\(?(?:threonine|thr|p?t)?[ -]?"
_ABETA = r"(?:a[ _-]?(?:β|beta|b)|(?:β|beta)[ -]?amyloid|amyloid[ -]?(?:β|beta))(?:[ -](?:peptide|protein))?[ _-]{0,2}"
_RATIO_TAIL = r"(?:[ -]?\(?ratio\)?)?"
_ONE = r"(?:1 ?[-_] ?|x-)?"
_NAMES = {
    "abeta42_40": (
        rf"{_ABETA}\(?{_ONE}42\)? ?(?:/|:|-to-| to | over |-) ?(?:{_ABETA})?\(?(?:1 ?- ?)?40\)?{_RATIO_TAIL}"
    ),
    "abeta42": rf"{_ABETA}\(?{_ONE}42\)?",
    "abeta40": rf"{_ABETA}\(?{_ONE}40\)?",
    "p_tau217": rf"{_TAU}217\)?|tau phosphorylated at (?:threonine|thr)[ -]?217",
    "p_tau181": rf"{_TAU}181\)?|tau phosphorylated at (?:threonine|thr)[ -]?181",
    "t_tau": r"(?:t|total)[ _-]?tau(?: protein)?",
    "nfl": r"[sp]?(?-i:NF-?L|NfL|Nf-L|nfl)|neurofilament[ -]light(?:[ -](?:chain|polypeptide|protein|subunit))?",
    "gfap": r"GFAP|glial[ -]fibrillary[ -]acidic[ -]protein",
    "mmse": r"MMSE|(?:folstein )?mini[ -]mental(?:[ -]state| status)?(?: exam(?:ination)?| test)?",
    "moca": r"(?:MoCA|montreal cognitive assessment)(?P<basic>(?: ?- ?| )(?:BC?|basic)| ?\((?:BC?|basic)\))?",
    "avlt": (
        r"(?:auditory[ -]verbal[ -]learning[ -]test|AVLT(?:-?HS?)?)[ -]{0,3}\(?(?P<delayed>LDR|LR|DR|N5"
        r"|(?:long[ -]?(?:term )?)?(?:20[ -]?min(?:ute)?s? )?(?:delay(?:ed)?)(?: free)? recall|long[ -]delay(?:ed)?)\)?"
        r"|(?P<delayed_before>(?:long[ -]?)?(?:delay(?:ed)?)(?: free)? recall (?:on|in|of) (?:the )?AVLT)"
        r"|AVLT|auditory[ -]verbal[ -]learning[ -]test"
    ),
    "age": r"(?<![^\n.;,(|:\[>-] )(?:(?:current|present|chronological|patient(?:'s)?|her|his) )?(?<![\w-])age",
    "education": (
        r"years of (?:formal )?(?:education|schooling)|(?<!patient )(?:education|schooling)"
        r"(?: level| duration| attainment)?"
    ),
}
_NAME = re.compile(
    r"(?<![\w%/+])(?<!\w-)(?<!% )(?:" + "|".join(f"(?P<{name}>{names})" for name, names in _NAMES.items()) + r")"
    r"(?![\w+%])(?!-\w)(?![.,][0-9])(?! ?/ ?[a-zµβ%])",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(?:percent(?:age)?|fraction|share|anti|ratio|/)(?: of)?[ -]$|/ ?$", re.IGNORECASE)
_AGAIN = re.compile(r"[ (\[,:/-]{1,3}")
_LABS = frozenset({"abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "p_tau217", "nfl", "gfap"})


@dataclass(frozen=True)
class Mention:
    """A name found in the plain text.

    Attributes:
        name: Field of `Biomarkers`.
        start: Place of its first character.
        end: Place behind its last.
        problem: Why a value of this name cannot be taken, empty when it can.
        serum: Whether the name itself says serum, as sNfL does.
    """

    name: str
    start: int
    end: int
    problem: str = ""
    serum: bool = False

    @property
    def is_lab(self) -> bool:
        """Whether it is measured in plasma."""
        return self.name in _LABS


def find_mentions(text: str) -> list[Mention]:
    """Names in their order; a name and its abbreviation behind it are one."""
    found: list[Mention] = []
    for match in _NAME.finditer(text):
        name = match.lastgroup if match.lastgroup in _NAMES else next(key for key in _NAMES if match[key])
        if name is None or _SHARE.search(text, max(0, match.start() - 14), match.start()):
            continue
        serum = name == "nfl" and match.group()[0] == "s"
        mention = Mention(name, match.start(), match.end(), _problem(name, match), serum)
        if found and found[-1].name == name and _AGAIN.fullmatch(text, found[-1].end, mention.start):
            before = found.pop()
            problem = before.problem and mention.problem
            mention = Mention(name, before.start, mention.end, problem, serum or before.serum)
        found.append(mention)
    return found


def _problem(name: str, match: re.Match[str]) -> str:
    if name == "moca" and not match["basic"]:
        return "plain MoCA is not MoCA-B (Basic), for which the model was made; if it was MoCA-B, write so"
    if name == "avlt" and not (match["delayed"] or match["delayed_before"]):
        return "it does not say which recall; only the long delayed recall of the AVLT is used"
    return ""
