"""What a clinic may do to the inputs that training never showed: panels gone, other units and words, additions."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from petgen.case import Biomarkers
from petgen.language import Field

BLOOD = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "p_tau217", "nfl", "gfap")
_OTHER_NAMES = {
    "Plasma phosphorylated tau 217": "pTau217, EDTA plasma",
    "Plasma phosphorylated tau 181": "pTau181, EDTA plasma",
    "Plasma amyloid-beta 42/40 ratio": "A-beta 42 to 40, quotient",
    "Plasma amyloid-beta": "A-beta, EDTA plasma,",
    "Plasma total tau": "tTau, EDTA plasma",
    "Plasma neurofilament light chain": "NF-L, EDTA plasma",
    "Plasma glial fibrillary acidic protein": "GFAp, EDTA plasma",
    "Amyloid PET predicted from the values": "Expected amyloid scan",
    "APOE epsilon-4 alleles": "ApoE e4 copies",
}
_ADDITION = "; sleeps badly, sister with dementia, hypertension treated for ten years"


@dataclass(frozen=True)
class Condition:
    """How inputs differ from those in training.

    Attributes:
        change: Of the values.
        wording: Of the prompt's fields; none when None.
    """

    change: Callable[[Biomarkers], Biomarkers]
    wording: Callable[[list[Field]], list[Field]] | None = None


def without(*names: str) -> Callable[[Biomarkers], Biomarkers]:
    """Hides values."""
    return lambda values: values.model_copy(update=dict.fromkeys(names))


def other_units(fields: list[Field]) -> list[Field]:
    """Concentrations in ng/L instead of pg/mL (the same number), in femtograms where a number is small."""

    def change(text: str) -> str:
        found = re.search(r": ([\d.]+) pg/mL", text)
        if not found:
            return text
        value = float(found[1])
        shown = f"{value * 1000:g} fg/mL" if value < 5 else f"{value:g} ng/L"
        return text.replace(found[0], f": {shown}")

    return [replace(field, text=change(field.text)) for field in fields]


def other_words(fields: list[Field]) -> list[Field]:
    """Analytes under names that training never used."""

    def change(text: str) -> str:
        for name, other in _OTHER_NAMES.items():
            text = text.replace(name, other)
        return text

    return [replace(field, text=change(field.text)) for field in fields]


def additions(fields: list[Field]) -> list[Field]:
    """Free text after the education, as a note would have it."""
    return [replace(field, text=field.text + _ADDITION) if field.name == "education" else field for field in fields]


def _same(values: Biomarkers) -> Biomarkers:
    return values


CONDITIONS = {
    "as trained": Condition(_same),
    "no p-tau217, no GFAP": Condition(without("p_tau217", "gfap")),
    "no blood": Condition(without(*BLOOD)),
    "other units": Condition(_same, other_units),
    "other words": Condition(_same, other_words),
    "free text added": Condition(_same, additions),
}
"""Inputs under which every variant is tested; wording reaches only those that read a prompt."""
