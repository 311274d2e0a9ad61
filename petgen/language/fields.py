"""The patient's values as a prompt: the global-context prompt of arXiv 2511.02206, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass

from petgen.case import ANALYTES, Biomarkers, reference_interval

PARTS = {
    "prediction": "Prediction",
    "demographics": "Demographics",
    "blood": "Blood-based biomarkers",
    "cognition": "Neuropsychological assessment",
}
NOT_MEASURED = "not measured"

_SPOKEN = {
    "age": "Age",
    "sex": "Sex",
    "education": "Education",
    "apoe4": "APOE epsilon-4 alleles",
    "abeta40": "Plasma amyloid-beta 40",
    "abeta42": "Plasma amyloid-beta 42",
    "abeta42_40": "Plasma amyloid-beta 42/40 ratio",
    "t_tau": "Plasma total tau",
    "p_tau181": "Plasma phosphorylated tau 181",
    "p_tau217": "Plasma phosphorylated tau 217",
    "nfl": "Plasma neurofilament light chain",
    "gfap": "Plasma glial fibrillary acidic protein",
    "mmse": "MMSE",
    "moca": "MoCA-B",
    "avlt": "AVLT delayed recall",
}


@dataclass(frozen=True)
class Field:
    """One field of the prompt, encoded by itself.

    Attributes:
        name: "prediction" or a field of `Biomarkers`.
        part: Key of `PARTS`.
        text: What the language model reads.
    """

    name: str
    part: str
    text: str


FIELD_NAMES: tuple[str, ...] = ("prediction", *_SPOKEN)
"""Names of the fields in the order in which the generator takes their features."""


def prediction_text(probability: float | None) -> str:
    """The prediction field: what a model of the values expects of the amyloid PET.

    Args:
        probability: Predicted probability of a positive amyloid PET, 0 to 1, or None when there is no model.
    """
    if probability is None:
        return f"Amyloid PET predicted from the values: {NOT_MEASURED}"
    words = ("negative", "probably negative", "uncertain", "probably positive", "positive")
    word = words[sum(probability >= limit for limit in (0.1, 0.35, 0.65, 0.9))]
    return f"Amyloid PET predicted from the values: {word} (probability {probability:.2f})"


def prompt_fields(biomarkers: Biomarkers, probability: float | None, *, interpret: bool = True) -> list[Field]:
    """The fields of the prompt.

    Args:
        biomarkers: The patient's values; what is missing is said to be "not measured".
        probability: Of a positive amyloid PET, from a model of the values, never from a label.
        interpret: Whether each value is followed by what it means in words.

    Returns:
        One field for each of `FIELD_NAMES`, in that order.
    """
    values = biomarkers.measured()
    fields = [Field("prediction", "prediction", prediction_text(probability))]
    for name in FIELD_NAMES[1:]:
        fields.append(Field(name, _part(name), _value_text(name, values, interpret)))
    return fields


def prompt_text(fields: list[Field]) -> str:
    """The whole prompt, one part a line, as kept in `prompt.txt`."""
    lines = []
    for part, title in PARTS.items():
        texts = "; ".join(field.text for field in fields if field.part == part)
        lines.append(f"[{title}] {texts}.")
    return "\n".join(lines) + "\n"


def _part(name: str) -> str:
    return "demographics" if name == "sex" else ANALYTES[name].group


def _value_text(name: str, values: Mapping[str, float | str], interpret: bool) -> str:
    spoken, value = _SPOKEN[name], values.get(name)
    if value is None:
        return f"{spoken}: {NOT_MEASURED}"
    if isinstance(value, str):
        return f"{spoken}: {'female' if value == 'F' else 'male'}"
    analyte = ANALYTES[name]
    shown = f"{float(f'{value:.3g}'):g}" + (f" {analyte.unit}" if analyte.unit else "")
    age = values.get("age")
    meaning = _meaning(name, float(value), None if age is None else float(age)) if interpret else ""
    return f"{spoken}: {shown}" + (f", {meaning}" if meaning else "")


def _meaning(name: str, value: float, age: float | None) -> str:
    if name == "p_tau217":
        return ("low, speaks against amyloid", "intermediate", "high, speaks for amyloid")[
            (value > 0.40) + (value >= 0.63)
        ]
    if name == "apoe4":
        return ("no carrier", "carrier", "homozygous carrier")[int(value)]
    if name == "mmse":
        return ("severely impaired", "impaired", "borderline", "normal")[sum(value >= cut for cut in (18, 24, 27))]
    if name == "moca":
        return ("severely impaired", "impaired", "borderline", "normal")[sum(value >= cut for cut in (13, 20, 24))]
    if name == "avlt":
        return ("severely impaired", "impaired", "normal")[sum(value >= cut for cut in (1, 4))]
    interval = reference_interval(name, age)
    if interval is None:
        return ""
    low, high = interval
    if value < low:
        return "below the reference interval"
    if value > high:
        return "above the reference interval"
    third = (value - low) / (high - low)
    return ("low", "middle", "high")[(third > 1 / 3) + (third > 2 / 3)] + " in the reference interval"
