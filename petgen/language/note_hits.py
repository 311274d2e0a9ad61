"""What is found in a clinical note."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hit:
    """A value found in a note, for the user to confirm.

    Attributes:
        name: Field of `petgen.case.Biomarkers`.
        value: In petgen's unit (plasma concentrations in pg/mL, age and education in years, scores in points, AVLT in
            words, apoe4 the number of ε4 alleles, sex "F" or "M"), or None where it cannot be read in one way.
        start: Place of its first character in the note as written.
        end: Place behind its last character.
        text: The words of the note, `note[start:end]`.
        date: YYYY-MM-DD when such a date stands with it, else None.
        assay: Assay as written, or empty.
        comparator: "<", ">", "≤", "≥" or empty.
        note: What was converted or assumed, or empty.
        usable: Whether it may be proposed.
        problem: Why it may not, and how to mend it; empty when usable.
    """

    name: str
    value: float | str | None
    start: int
    end: int
    text: str
    date: str | None = None
    assay: str = ""
    comparator: str = ""
    note: str = ""
    usable: bool = True
    problem: str = ""


@dataclass(frozen=True)
class Note:
    """All that was found in a note.

    Attributes:
        hits: In the order of the text.
    """

    hits: list[Hit] = field(default_factory=list)

    def values(self) -> dict[str, float | str]:
        """The values proposed, by field of `Biomarkers`; `check_biomarkers` accepts them."""
        return {hit.name: hit.value for hit in self.hits if hit.usable and hit.value is not None}

    @property
    def refused(self) -> list[Hit]:
        """What was found but may not be used; each says why in `problem`."""
        return [hit for hit in self.hits if not hit.usable]
