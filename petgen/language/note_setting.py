"""All that is known of a plain text before its values are read."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from petgen.language.note_context import (
    Span,
    find_assays,
    find_fluids,
    find_others,
    find_relatives,
    is_heading,
    relatives_scopes,
    sentence_ends,
)
from petgen.language.note_dates import NoteDate, find_dates
from petgen.language.note_names import Mention, find_mentions

_BEFORE_NAME = re.compile(r"[ (\[|:]{0,3}(?:(?:plasma|level|the|and|her|his) ?){0,2}[ (\[|:]{0,2}", re.IGNORECASE)
_LEADING = re.compile(r"[\s#*|>-]*(?:(?:on|visit|date|seen|dated|bloods?|assessment|results?)[ :]{0,2}){0,3}$", re.I)


@dataclass
class Setting:
    """What stands where in a plain text.

    Attributes:
        text: Plain text.
    """

    text: str
    mentions: list[Mention] = field(init=False)
    dates: dict[int, NoteDate] = field(init=False)
    assays: dict[int, Span] = field(init=False)
    fluids: dict[int, Span] = field(init=False)
    _ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.mentions = find_mentions(self.text)
        self.dates = {date.start: date for date in find_dates(self.text)}
        self.assays = {span.start: span for span in find_assays(self.text)}
        self.fluids = {span.start: span for span in find_fluids(self.text)}
        self._ends = sentence_ends(self.text)

    def sentence(self, place: int) -> tuple[int, int]:
        """Where the sentence around a place begins and ends."""
        index = bisect_right(self._ends, place)
        if index >= len(self._ends):
            return self._ends[-1], len(self.text)
        return self._ends[index - 1], self._ends[index]

    def heads(self, mention: Mention) -> tuple[int, NoteDate | None, list[Span]]:
        """What stands right before a name: where that begins, a date, and assays."""
        start, assays = mention.start, list[Span]()
        date: NoteDate | None = None
        first = self.sentence(mention.start)[0]
        for _ in range(4):
            near = [
                span
                for span in (*self._before(self._dates_ends, start), *self._before(self._assay_ends, start))
                if span.start >= first
            ]
            if not near:
                break
            last = near[-1]
            start = last.start
            if isinstance(last, NoteDate):
                date = date or last
            else:
                assays.append(last)
        return start, date, assays

    def _before(self, ends: dict[int, Span] | dict[int, NoteDate], start: int) -> list[Span | NoteDate]:
        for end in range(start, max(0, start - 20) - 1, -1):
            if end in ends and _BEFORE_NAME.fullmatch(self.text, end, start):
                return [ends[end]]
        return []

    @cached_property
    def _assay_ends(self) -> dict[int, Span]:
        return {span.end: span for span in self.assays.values()}

    @cached_property
    def _dates_ends(self) -> dict[int, NoteDate]:
        return {date.end: date for date in self.dates.values()}

    @cached_property
    def _date_starts(self) -> list[int]:
        return sorted(self.dates)

    def leading_date(self, place: int) -> NoteDate | None:
        """The date with which the sentence around a place begins, or that stands alone above its lines."""
        first, _ = self.sentence(place)
        index = bisect_right(self._date_starts, place) - 1
        if index < 0:
            return None
        date = self.dates[self._date_starts[index]]
        if date.start >= first:
            index = bisect_right(self._date_starts, first - 1)
            date = self.dates[self._date_starts[index]]
            return date if _LEADING.fullmatch(self.text, first, date.start) else None
        line = self.text.rfind("\n", 0, date.start) + 1
        alone = _LEADING.fullmatch(self.text, line, date.start) and re.match(r"[ :|*#]*\n", self.text[date.end :][:8])
        return date if alone and "\n\n" not in self.text[date.end : place].lstrip() else None

    @cached_property
    def _fluid_order(self) -> list[Span]:
        return sorted(self.fluids.values(), key=lambda span: span.start)

    def fluid(self, mention: Mention) -> str:
        """Body fluid of which the text speaks at a name, or "" when it is plasma or unsaid."""
        if mention.serum:
            return "serum"
        order = self._fluid_order
        index = bisect_right(order, mention.start, key=lambda span: span.start) - 1
        if index < 0 or order[index].text == "plasma":
            return ""
        span = order[index]
        in_sentence = span.start >= self.sentence(mention.start)[0]
        closed = self.text.rfind("(", 0, span.start) > self.text.rfind(")", 0, span.start)
        if closed and ")" in self.text[span.end : mention.start]:
            return ""
        if in_sentence:
            return span.text
        if span.text not in ("CSF", "serum") or (span.text == "serum" and not is_heading(self.text, span.end)):
            return ""
        gap = self.text.find("\n\n", span.end, mention.start)
        between = bisect_right(self._mention_starts, gap) - bisect_right(self._mention_starts, span.end)
        return "" if gap >= 0 and between else span.text

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    @cached_property
    def _relatives(self) -> list[Span]:
        return find_relatives(self.text)

    @cached_property
    def _others(self) -> list[Span]:
        return find_others(self.text)

    @cached_property
    def _scopes(self) -> list[Span]:
        return relatives_scopes(self.text)

    def relative(self, place: int, *, others: bool = False) -> str:
        """A person who is not the patient and stands before a place in its sentence or heads its lines, or ""."""
        spans = self._others if others else self._relatives
        index = bisect_right(spans, place, key=lambda span: span.start) - 1
        if index >= 0 and spans[index].start >= self.sentence(place)[0]:
            return spans[index].text
        index = bisect_right(self._scopes, place, key=lambda span: span.start) - 1
        return self._scopes[index].text if index >= 0 and place < self._scopes[index].end else ""
