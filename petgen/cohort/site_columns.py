"""How a site names, measures and codes its values: a small JSON file beside participants.tsv."""

import json
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from petgen.case import ANALYTES, Biomarkers, InputError, check_biomarkers

FILE = "petgen_columns.json"
"""Name of the file in the dataset's folder."""
FACTORS = {"pg/ml": 1.0, "ng/l": 1.0, "ng/ml": 1000.0, "ug/l": 1000.0, "µg/l": 1000.0, "fg/ml": 0.001}
"""pg/mL in one of each unit."""
NAMES = ("sex", *ANALYTES)


class Column(BaseModel):
    """One column of participants.tsv.

    Attributes:
        column: Its header.
        unit: Unit of a blood value; petgen's when left out.
        assay: Assay of a blood value; petgen's when left out.
        values: What the column's codes stand for, for example {"1": "M", "2": "F"}.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    unit: str = ""
    assay: str = ""
    values: dict[str, str] = {}


def read_columns(root: Path) -> dict[str, Column]:
    """The columns of a dataset by petgen's names; without the file, columns are named as petgen names them.

    Args:
        root: Folder of the dataset, which may hold `FILE`: {"p_tau217": {"column": "PTAU217", "unit": "ng/L",
            "assay": "ALZpath"}, "age": "AGE", ...}.

    Raises:
        InputError: The file is no JSON, or names a value, unit or key that petgen does not know.
    """
    file = root / FILE
    if not file.exists():
        return {name: Column(column=name) for name in NAMES}
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        given = {name: Column(column=c) if isinstance(c, str) else Column(**c) for name, c in content.items()}
    except (ValidationError, TypeError, AttributeError) as error:
        problem = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        mend = 'Each value is a column name, or {"column": ..., "unit": ..., "assay": ..., "values": ...}.'
        raise InputError(f"a column is not described as it should be ({problem})", where=str(file), mend=mend) from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"not a JSON text ({error})", where=str(file), mend='Write {"age": "AGE", ...}.') from None
    for name, column in given.items():
        if name not in NAMES:
            raise InputError(f"no such value: {name}", where=str(file), mend=f"Known are {', '.join(NAMES)}.")
        if column.unit and _factor(name, column.unit) is None:
            mend = (
                f"petgen keeps it in {ANALYTES[name].unit or 'no unit'}." if name in ANALYTES else "Leave the unit out."
            )
            raise InputError(f"{name} cannot be converted from {column.unit}", where=str(file), mend=mend)
    return {**{name: Column(column=name) for name in NAMES if name not in given}, **given}


def values_of(row: Mapping[str, object], columns: Mapping[str, Column], where: str) -> Biomarkers:
    """A person's values from a row of participants.tsv.

    Args:
        row: Texts by column; anything but a text is a missing value.
        columns: As from `read_columns`.
        where: Named in errors.

    Raises:
        InputError: A value is no number, outside its range or of another assay.
    """
    found: dict[str, object] = {}
    assay: dict[str, str] = {}
    for name, column in columns.items():
        text = row.get(column.column)
        if not isinstance(text, str):
            continue
        text = column.values.get(text.strip(), text.strip())
        factor = _factor(name, column.unit) if column.unit else 1.0
        found[name] = text if factor in (1.0, None) else _scaled(text, factor)
        if column.assay:
            assay[name] = column.assay
    return check_biomarkers({**found, "assay": assay} if assay else found, where=where)


def _scaled(text: str, factor: float | None) -> object:
    try:
        return float(text) * (factor or 1.0)
    except ValueError:
        return text


def _factor(name: str, unit: str) -> float | None:
    """What a number in a unit is multiplied by; None where there is no way."""
    if name not in ANALYTES:
        return None
    own, given = (text.strip().lower().replace("μ", "µ") for text in (ANALYTES[name].unit, unit))
    if own == given:
        return 1.0
    return FACTORS.get(given) if own in FACTORS else None
