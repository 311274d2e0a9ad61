"""The values of one patient, checked."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from petgen.case.analytes import ANALYTES, reference_interval
from petgen.case.errors import InputError
from petgen.case.plain import plain_number, shown

RATIO_TOLERANCE = 0.1
MOST_PROBLEMS = 10
MEND = "Correct it, or leave it out: every value may be missing."
TRAINED_AGES = (45, 90)
"""Ages of the simulated cohort that the bundled model has seen, in years."""


def _in_range(name: str) -> BeforeValidator:
    analyte = ANALYTES[name]
    low, high = analyte.plausible

    def check(value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, bool):
            msg = f"{analyte.label} must be a number, not {value}"
            raise ValueError(msg)
        try:
            number = plain_number(value)
        except (TypeError, ValueError):
            hint = " (write decimals with a point)" if isinstance(value, str) and "," in value else ""
            msg = f"{analyte.label} must be a number, not {shown(value)!r}{hint}"
            raise ValueError(msg) from None
        if not low <= number <= high:
            unit = f" {analyte.unit}" if analyte.unit else ""
            assay = f" on the {analyte.assay} scale" if analyte.assay else ""
            msg = (
                f"{analyte.label} of {number:g}{unit} is outside the plausible range "
                f"{low:g} to {high:g}{unit}{assay}; check the unit{' and the assay' if assay else ''}"
            )
            raise ValueError(msg)
        return number

    return BeforeValidator(check)


class Biomarkers(BaseModel):
    """Values of one patient; every one may be missing (None).

    Units: age and education in years; apoe4 the number of ε4 alleles; plasma concentrations in pg/mL
    (Quanterix Simoa, p-tau217 ALZpath); abeta42_40 a plain ratio; test scores in points
    (MMSE 0-30, MoCA-B 0-30, AVLT words recalled after the long delay, 0-12).

    Raises:
        pydantic.ValidationError: A value is outside its plausible range, of another assay, or the ratio
            contradicts its parts, or they give an impossible one. `check_biomarkers` turns it into an `InputError`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    age: Annotated[float | None, _in_range("age")] = None
    sex: Literal["F", "M"] | None = None
    education: Annotated[float | None, _in_range("education")] = None
    apoe4: Annotated[int | None, _in_range("apoe4")] = None
    mmse: Annotated[float | None, _in_range("mmse")] = None
    moca: Annotated[float | None, _in_range("moca")] = None
    avlt: Annotated[float | None, _in_range("avlt")] = None
    abeta40: Annotated[float | None, _in_range("abeta40")] = None
    abeta42: Annotated[float | None, _in_range("abeta42")] = None
    abeta42_40: Annotated[float | None, _in_range("abeta42_40")] = None
    t_tau: Annotated[float | None, _in_range("t_tau")] = None
    p_tau181: Annotated[float | None, _in_range("p_tau181")] = None
    p_tau217: Annotated[float | None, _in_range("p_tau217")] = None
    nfl: Annotated[float | None, _in_range("nfl")] = None
    gfap: Annotated[float | None, _in_range("gfap")] = None
    assay: dict[str, str] = Field(default_factory=dict, description="assay per analyte; the default where left out")

    @field_validator("sex", mode="before")
    @classmethod
    def _sex(cls, value: Any) -> Any:
        words = {"f": "F", "female": "F", "m": "M", "male": "M", "": None}
        return words.get(value.strip().lower(), value) if isinstance(value, str) else value

    @field_validator("assay")
    @classmethod
    def _assay(cls, value: dict[str, str]) -> dict[str, str]:
        for name, assay in value.items():
            if name not in ANALYTES or not ANALYTES[name].assay:
                msg = f"assay given for {shown(name)!r}, which is not an assayed analyte"
                raise ValueError(msg)
            expected = ANALYTES[name].assay
            if _plain(assay) not in {_plain(expected), _plain(expected.split()[0]), *_same(expected)}:
                msg = (
                    f"{ANALYTES[name].label} was measured with {shown(assay)!r}; the model was made for {expected} and "
                    "no published conversion is known to petgen, so leave this value out"
                )
                raise ValueError(msg)
        return value

    @model_validator(mode="after")
    def _ratio(self) -> "Biomarkers":
        if self.abeta40 and self.abeta42:
            parts, (low, high) = self.abeta42 / self.abeta40, ANALYTES["abeta42_40"].plausible
            if not low <= parts <= high:
                msg = (
                    f"Aβ42 and Aβ40 give a ratio of {parts:.2g}, outside the plausible range {low:g} to {high:g}; "
                    "check the units of both"
                )
                raise ValueError(msg)
            if self.abeta42_40 and abs(parts / self.abeta42_40 - 1) > RATIO_TOLERANCE:
                msg = (
                    f"Aβ42/40 is given as {self.abeta42_40:g}, but Aβ42 and Aβ40 give {parts:.4f}; "
                    "correct one of the three or leave the ratio out"
                )
                raise ValueError(msg)
        return self

    def measured(self) -> dict[str, float | str]:
        """Values that are there, by name, the Aβ42/40 ratio computed from its parts when both are known."""
        values = {name: value for name, value in self if name != "assay" and value is not None}
        if "abeta42_40" not in values and self.abeta40 and self.abeta42:
            values["abeta42_40"] = self.abeta42 / self.abeta40
        return values

    def warnings(self) -> list[str]:
        """Sentences on values outside their reference interval or outside what the model has seen."""
        found = []
        for name, value in self.measured().items():
            if isinstance(value, str):
                continue
            analyte, interval = ANALYTES[name], reference_interval(name, self.age)
            if interval and not interval[0] <= value <= interval[1]:
                side = "above" if value > interval[1] else "below"
                limit = interval[1] if value > interval[1] else interval[0]
                unit = f" {analyte.unit}" if analyte.unit else ""
                found.append(f"{analyte.label} {value:.4g}{unit} is {side} its reference limit of {limit:g}{unit}.")
        if self.age is not None and not TRAINED_AGES[0] <= self.age <= TRAINED_AGES[1]:
            found.append(
                f"Age {self.age:g} is outside the {TRAINED_AGES[0]} to {TRAINED_AGES[1]} years the model has seen."
            )
        return found


def _plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _same(assay: str) -> set[str]:
    """Other spellings of an assay's name."""
    return {"simoa"} if assay.startswith("Quanterix") else {"alzpathptau217", "simoaalzpath"}


def check_biomarkers(values: dict[str, Any], *, where: str = "values") -> Biomarkers:
    """Checked values from a plain dictionary.

    Raises:
        InputError: Naming every field that is wrong, and how to mend it.
    """
    if not isinstance(values, dict):
        raise InputError("holds no names and values", where=where, mend=MEND)
    mend = MEND
    try:
        return Biomarkers(**values)
    except ValidationError as error:
        problems = [_said(item["type"], item["loc"], item["msg"]) for item in error.errors(include_url=False)]
        more = f"; and {len(problems) - MOST_PROBLEMS} more" if len(problems) > MOST_PROBLEMS else ""
        what = "; ".join(problems[:MOST_PROBLEMS]) + more
        if "no such value" in what:
            mend = f"{MEND} Known are {', '.join(Biomarkers.model_fields)}."
    except TypeError as error:
        what = shown(str(error), 200)
    raise InputError(what, where=where, mend=mend)


def _said(kind: str, place: tuple[int | str, ...], text: str) -> str:
    """One problem in one line, whatever was written as a name."""
    name = shown(".".join(str(part) for part in place))
    if kind == "extra_forbidden":
        text = "no such value"
    elif kind == "string_unicode":
        text = "a name or text holds signs that are no letters"
    elif name == "sex":
        text = "must be F or M"
    text = text.removeprefix("Value error, ")
    return f"{name}: {text}" if name else text
