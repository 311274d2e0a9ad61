"""What stands around a value: assays, body fluids, relatives, and where sentences end."""

import re
from dataclasses import dataclass

_ASSAY_WORD = (
    r"(?:ALZpath|Simoa|Quanterix|Lumipulse|Fujirebio|Elecsys|Roche|Cobas|MSD|Meso Scale(?: Discovery| Diagnostics)?"
    r"|S-?PLEX|(?:Eli )?Lilly|Janssen|C2N|Precivity\w*|UGOT|University of Gothenburg|ADx(?: NeuroSciences)?|NULISA\w*"
    r"|Luminex|ELISA|INNOTEST|IP-?MS|LC-MS(?:/MS)?|mass spec(?:trometry)?|Olink|Euroimmun|Atellica|Siemens|Abbott"
    r"|Alinity|Beckman(?: Coulter)?|Neurology [234]-?Plex(?: [A-E])?|N[234]P[A-E]|HD-?[X1]|SR-?X|Ella|Erenna"
    r"|Shimadzu|Sysmex|HISCL|WuXi|Fosun|Kingmed)"
)
_ASSAY = re.compile(
    rf"(?<![\w-]){_ASSAY_WORD}"
    rf"(?:[ /-]{{1,2}}(?:{_ASSAY_WORD}|platform|kit|advantage|plus|v[0-9]|G[0-9]{{3,4}}))*(?![\w-])"
    rf"|(?:\b(?:on|by|with|using)(?: the| an?)? |\()(?!{_ASSAY_WORD})"
    r"(?P<other>[A-Z][\w-]{1,20}(?: [\w-]{2,20}){0,2}) (?:immunoassay|assay|platform|kit|analy[sz]er)\b"
    rf"|\b(?:assay|platform|kit|method) ?[:=] ?(?!{_ASSAY_WORD}|[0-9])(?P<named>\w[\w-]{{1,20}}(?: [\w-]{{2,20}})?)",
    re.IGNORECASE,
)
_FLUID = re.compile(
    r"(?<![\w-])(?:(?P<CSF>CSF|cerebro-?spinal fluid|spinal fluid|liquor|lumbar puncture)|(?P<serum>serum|sera)"
    r"|(?P<plasma>plasma|EDTA|blood(?:s|-based)?(?! (?:pressure|sugar|glucose)))|(?P<urine>urine)|(?P<saliva>saliva))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_DENIED_BEFORE = re.compile(r"(?:\b(?:no|not|without|declined|refused|never|for|awaiting)(?: an?)? )$", re.IGNORECASE)
_DENIED_BEHIND = re.compile(
    r" (?:(?:was|is|were|has been|analysis|sample|tap|biomarkers?|testing) ){0,2}"
    r"(?:not|declined|refused|pending|unavailable|n/?a)\b",
    re.IGNORECASE,
)
_HEADING = re.compile(r"[^.;:\n|]{0,30}(?::|\n|$)")
_RELATIVE = re.compile(
    r"(?<![\w-])(?:grand|step|half-?|god)?-?(?:mother|father|mom|mum|dad|parents?|brothers?|sisters?|siblings?|sons?"
    r"|daughters?|child(?:ren)?|wife|husband|spouse|partner|aunts?|uncles?|cousins?|nephews?|nieces?|twins?|family"
    r"|relatives?|in-law|boyfriend|girlfriend|fianc[ée]e?)(?!\w)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    rf"{_RELATIVE.pattern}|(?<![\w-])(?:caregivers?|carers?|caretaker|friends?|neighbou?rs?|informant|roommate"
    r"|stranger|driver|thief|attacker)(?!\w)",
    re.IGNORECASE,
)
_RELATIVES_HEADING = re.compile(rf"^[\W_]*(?:{_RELATIVE.pattern})(?: (?:history|members?))?[\s:*#-]*$", re.I | re.M)
_LIST_WORD = r"p-?tau|t-?tau|nfl|gfap|mmse|moca|avlt|age(?!d)|sex|gender|educ|apo|amyloid|total|abeta|neuro|mini|plasma"
_END = re.compile(rf"[.;!?](?=\s|$)|\n(?!(?!{_LIST_WORD})[a-z]{{2}})|(?<=[.;:!?])\n|\n\n")


@dataclass(frozen=True)
class Span:
    """Something found in the plain text.

    Attributes:
        start: Place of its first character.
        end: Place behind its last.
        text: What it is: an assay as written, a body fluid, a relative.
    """

    start: int
    end: int
    text: str


def find_assays(text: str) -> list[Span]:
    """Assays, platforms and makers, as written."""
    spans = []
    for match in _ASSAY.finditer(text):
        group = match.lastgroup or 0
        spans.append(Span(match.start(), match.end(), match[group]))
    return spans


def find_fluids(text: str) -> list[Span]:
    """Body fluids that are spoken of as measured: CSF, serum, plasma (also blood), urine, saliva."""
    return [
        Span(match.start(), match.end(), str(match.lastgroup))
        for match in _FLUID.finditer(text)
        if not _DENIED_BEFORE.search(text, max(0, match.start() - 14), match.start())
        and not _DENIED_BEHIND.match(text, match.end())
    ]


def find_relatives(text: str) -> list[Span]:
    """Words for the patient's relatives."""
    return [Span(match.start(), match.end(), match.group()) for match in _RELATIVE.finditer(text)]


def find_others(text: str) -> list[Span]:
    """Words for people who are not the patient: relatives, carers, neighbours, nurses."""
    return [Span(match.start(), match.end(), match.group()) for match in _OTHERS.finditer(text)]


def relatives_scopes(text: str) -> list[Span]:
    """Parts of the text under a heading that names a relative, such as "Mother:" or "Family history"."""
    scopes = []
    for match in _RELATIVES_HEADING.finditer(text):
        end = text.find("\n\n", match.end())
        scopes.append(Span(match.start(), end if end >= 0 else len(text), match.group().strip(" \n:*#-")))
    return scopes


def is_heading(text: str, end: int) -> bool:
    """Whether what ends at a place is the head of a list: a colon or the end of the line follows."""
    return _HEADING.match(text, end) is not None


def sentence_ends(text: str) -> list[int]:
    """Places where sentences end, in order; a line that goes on in small letters goes on as a sentence."""
    ends = [0]
    for match in _END.finditer(text):
        wrapped = match.group() == "\n" and text[match.start() - 1] in ",("
        if not wrapped and match.end() > ends[-1]:
            ends.append(match.end())
    if ends[-1] < len(text):
        ends.append(len(text))
    return ends
