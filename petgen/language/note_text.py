"""A note made plain to read by patterns, every character still knowing its place in what was written."""

import re
from bisect import bisect_left
from dataclasses import dataclass

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u2043", "-"),
        **dict.fromkeys("\u00a0\u202f\u205f\u3000", " "),
        **{chr(code): " " for code in range(0x2000, 0x200B)},
        **dict.fromkeys("\r\v\f\x85\u2028\u2029", "\n"),
        **{chr(0x2080 + digit): str(digit) for digit in range(10)},
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        "μ": "µ",
        "ɛ": "ε",
        "ϵ": "ε",
        "ß": "β",
        "⩽": "≤",
        "⩾": "≥",
        "’": "'",
        "⁄": "/",
        "∕": "/",
    }
)
_UNSEEN = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u061c\ufeff")
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_ENTITIES = {"lt": "<", "gt": ">", "le": "≤", "ge": "≥", "nbsp": " ", "amp": "&", "beta": "β", "epsilon": "ε"} | {
    "micro": "µ",
    "ndash": "-",
    "mdash": "-",
    "#60": "<",
    "#62": ">",
    "#160": " ",
}
_TAGS = dict.fromkeys("b i u em strong span font sub mark a code small".split(), "")
_TAGS |= dict.fromkeys("br p div tr li ul ol table h1 h2 h3 h4".split(), "\n")
_TAGS |= {"td": "|", "th": "|", "sup": "^", "del": "¬", "s": "¬", "strike": "¬"}
_PIECE = re.compile(
    r"</?(?P<tag>[A-Za-z][A-Za-z0-9]{0,10})(?=[\s/>])[^<>\n]{0,200}>"
    rf"|&(?P<entity>{'|'.join(_ENTITIES)});|(?P<bold>\*\*|__)|(?P<gap>\s+)|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class PlainText:
    """A note without markup, invisible characters and doubled spaces.

    Attributes:
        text: What patterns read: one kind of dash, space and line break; tabs and table cells become "|".
        starts: Place of each character in the note as written.
        ends: Place behind each character in the note as written.
        turns: Places in `text` where a mark that turns the reading direction stood.
    """

    text: str
    starts: list[int]
    ends: list[int]
    turns: list[int]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Places in the note as written of `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]

    def is_turned(self, start: int, end: int) -> bool:
        """Whether the line of `text[start:end]` holds a mark that turns the reading direction."""
        first = self.text.rfind("\n", 0, start) + 1
        last = self.text.find("\n", end)
        found = bisect_left(self.turns, first)
        return found < len(self.turns) and self.turns[found] <= (last if last >= 0 else len(self.text))


def plain_text(note: str) -> PlainText:
    """The note as patterns read it; takes time linear in its length."""
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    turns: list[int] = []

    def add(text: str, start: int, end: int) -> None:
        for letter in text:
            if letter == " " and (not letters or letters[-1] in " \n"):
                continue
            letters.append(letter)
            starts.append(start)
            ends.append(end)

    for match in _PIECE.finditer(note):
        start, end = match.span()
        piece = match.group()
        if match["tag"]:
            add(_TAGS.get(match["tag"].lower(), " "), start, end)
        elif match["entity"]:
            add(_ENTITIES[match["entity"]], start, end)
        elif match["gap"]:
            add(_gap(piece.translate(_SAME).replace("\n\n", "\n", piece.count("\r\n"))), start, end)
        elif piece in _TURNS:
            turns.append(len(letters))
        elif match["bold"] or piece in _UNSEEN:
            continue
        else:
            piece = piece.translate(_SAME)
            add(" " if piece < " " or piece == "\x7f" else piece, start, end)
    return PlainText("".join(letters), starts, ends, turns)


def _gap(space: str) -> str:
    if "\n" in space:
        return "\n\n" if space.count("\n") > 1 else "\n"
    return "|" if "\t" in space else " "
