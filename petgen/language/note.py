"""Values of a patient found in a clinical note in English, by fixed patterns; nothing is guessed.

What is found is a proposal with its place in the text; a physician confirms it. Doubt of any kind (a comparator, an
unknown unit or assay, CSF, a relative, a second value) leaves a hit that is not usable and says why.
"""

import re

from petgen.case import InputError
from petgen.language.note_apoe import CARRIER, find_genotypes
from petgen.language.note_checks import SIGNS, contradictions, is_other_assay, judge, refusal
from petgen.language.note_hits import Hit, Note
from petgen.language.note_numbers import UNIT, is_plain_unit
from petgen.language.note_person import find_traits
from petgen.language.note_setting import Setting
from petgen.language.note_text import PlainText, plain_text
from petgen.language.note_values import Found, find_values

__all__ = ["MAX_LENGTH", "Hit", "Note", "read_note"]

MAX_LENGTH = 20_000
"""Characters of the longest note that is read."""
_TURNED = "its line holds marks that turn the reading direction, so it may look other than it is; type it by hand"
_HEADING_UNIT = re.compile(rf"[(\[] ?(?:all |in )?(?P<unit>{UNIT})[)\]]|\b(?:all )?in (?P<unit2>{UNIT})", re.IGNORECASE)


def read_note(text: str) -> Note:
    """Finds the values of one patient in a clinical note.

    Args:
        text: The note, at most `MAX_LENGTH` characters; markup and invisible characters do no harm.

    Returns:
        What was found, usable or not, in the order of the text.

    Raises:
        InputError: The text is no text or too long.
    """
    if not isinstance(text, str):
        raise InputError(
            f"a note must be text, not {type(text).__name__}", where="note", mend="Paste the text of the note."
        )
    if len(text) > MAX_LENGTH:
        raise InputError(
            f"{len(text):,} characters are more than the {MAX_LENGTH:,} that are read",
            where="note",
            mend="Paste only the part with the values.",
        )
    plain = plain_text(text)
    setting = Setting(plain.text)
    hits = [*_measured(text, plain, setting), *_person(text, plain, setting), *_genotypes(text, plain, setting)]
    return Note(contradictions(sorted(hits, key=lambda hit: (hit.start, hit.end))))


def _measured(text: str, plain: PlainText, setting: Setting) -> list[Hit]:
    every = find_values(setting)
    spans = [(one.start, one.end) for one in every]
    traits = [trait for trait in find_traits(setting) if trait.name == "education"]
    named, loose = _other_assays(setting, every)
    units = [
        (match.end(), match["unit"] or match["unit2"])
        for match in _HEADING_UNIT.finditer(plain.text)
        if not any(start <= match.start() < end for start, end in spans)
    ]
    hits = []
    for found in every:
        name = found.mention.name
        if any(trait.start < found.end and found.start < trait.end for trait in traits):
            continue
        if name in ("age", "education") and setting.relative(found.start, others=True):
            continue
        own = [unit for end, unit in units if end <= found.start]
        near = [unit for end, unit in units if found.end <= end <= setting.sentence(found.end - 1)[1]]
        strange = next((unit for unit in (*own, *near) if not is_plain_unit(unit)), "")
        others = named.get(name) or " ".join(word for word in loose if name == "p_tau217" or word.lower() != "alzpath")
        others = _shared(setting, every, found) or others
        value, note, problem = judge(found, others, strange or (own[-1] if own else ""))
        relative = setting.relative(found.start)
        if relative and not problem:
            problem = f"{relative!r} stands before it; it may be a value of a relative"
        assay = found.assay or (others if found.mention.is_lab else "")
        sign = found.number.comparator.replace("~", "")
        hits.append(_hit(text, plain, name, value, found.start, found.end, (found.date, assay, sign, note, problem)))
    return hits


def _shared(setting: Setting, every: list[Found], found: Found) -> str:
    """Another assay in the sentence of a value without its own; also gives the value the body fluid named behind it."""
    first, last = setting.sentence(found.start)
    behind = [one for one in every if found.end <= one.start < last and one.fluid_behind]
    if behind and not found.fluid and "plasma" not in setting.text[first : found.end].lower():
        found.fluid = behind[0].fluid
    spans = [span for place, span in setting.assays.items() if first <= place < last]
    return "" if found.assay else next((span.text for span in spans if is_other_assay(span.text)), "")


def _other_assays(setting: Setting, every: list[Found]) -> tuple[dict[str, str], list[str]]:
    """Assays beside a name without a value, by name; and assays beside no name at all."""
    named: dict[str, str] = {}
    loose: list[str] = []
    for span in setting.assays.values():
        first, last = setting.sentence(span.start)
        line = setting.text[first:last]
        if any(span.text in found.assay for found in every if first <= found.start < last):
            continue
        beside = [one for one in setting.mentions if one.is_lab and first <= one.start <= span.start]
        if beside and not any(found.mention is beside[-1] and found.end <= span.start for found in every):
            name = beside[-1].name
            named[name] = f"{named.get(name, '')} {span.text}".strip()
        elif not re.search(r"\b(?:CSF|serum|cerebrospinal)\b", line, re.IGNORECASE) and span.text not in loose:
            loose.append(span.text)
    return named, loose


def _person(text: str, plain: PlainText, setting: Setting) -> list[Hit]:
    hits = []
    for trait in find_traits(setting):
        problem = refusal({trait.name: trait.value})
        if trait.comparator:
            problem = f"it says {SIGNS[trait.comparator]} {trait.value:g}, which is no exact value"
        sign = trait.comparator.replace("~", "")
        hits.append(_hit(text, plain, trait.name, trait.value, trait.start, trait.end, (None, "", sign, "", problem)))
    return hits


def _genotypes(text: str, plain: PlainText, setting: Setting) -> list[Hit]:
    hits = []
    for one in find_genotypes(plain.text):
        problem = CARRIER if one.alleles is None else ""
        if relative := setting.relative(one.start):
            problem = f"{relative!r} stands before it; it may be the genotype of a relative"
        note = "" if one.alleles is None else f"number of ε4 alleles: {one.alleles}"
        hits.append(_hit(text, plain, "apoe4", one.alleles, one.start, one.end, (None, "", "", note, problem)))
    return hits


def _hit(
    text: str,
    plain: PlainText,
    name: str,
    value: float | str | None,
    start: int,
    end: int,
    more: tuple[str | None, str, str, str, str],
) -> Hit:
    date, assay, comparator, note, problem = more
    problem = problem or (_TURNED if plain.is_turned(start, end) else "")
    first, last = plain.place(start, end)
    return Hit(name, value, first, last, text[first:last], date, assay, comparator, note, not problem, problem)
