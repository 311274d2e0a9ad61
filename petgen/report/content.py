"""What a report says, in order."""

from petgen.case import ANALYTES, LEARNED_FROM, SYNTHETIC, Result, Synthesis, reference_interval
from petgen.case.words import signed
from petgen.report.about import about, prompt, quality
from petgen.report.parts import Content, Row, Section, Table
from petgen.report.pictures import images, regions
from petgen.report.words import centiloid_span, centiloids, equation, sentence, suvr_span, whose
from petgen.views import percent, value_label
from petgen.views.score_charts import MODEL_NAMES

MOST_EFFECTS = 8
_LIGHTS = {
    "green": "scan and values are like what the model has seen",
    "amber": "scan or values differ from what the model has seen; read the result with care",
    "red": "scan or values are unlike anything that the model has seen; all scores are withheld",
}


def content_of(synthesis: Synthesis, *, made: str, checksum: str) -> Content:
    """What the report of a case says.

    Args:
        synthesis: The case.
        made: Day and time of the report, in words.
        checksum: SHA-256 of the synthetic volume in template space, as written.
    """
    result = synthesis.result
    cohort = LEARNED_FROM[result.provenance]
    scored = result.centiloid is not None
    sections = (
        _finding(result),
        images(synthesis),
        *((_scores(result),) if scored else ()),
        _values(synthesis),
        quality(result),
        *((regions(synthesis),) if scored else ()),
        prompt(synthesis),
        about(synthesis, made, checksum),
    )
    mark = f"{SYNTHETIC}. Model trained on {cohort}; no evidence about patients."
    return Content(f"Case {synthesis.code}: synthetic amyloid PET", synthesis.code, mark, sections)


def _finding(result: Result) -> Section:
    words = [f"Light {result.light.level}: {_LIGHTS[result.light.level]}.", *result.light.reasons]
    if result.centiloid is None or result.composite_suvr is None:
        return Section("Result", tuple(words))
    intervals = result.intervals or {}
    spans = {
        "centiloid": centiloid_span(intervals["centiloid"]) if "centiloid" in intervals else "",
        "composite_suvr": suvr_span(intervals["composite_suvr"]) if "composite_suvr" in intervals else "",
    }
    low, high = result.cutoffs
    rows: list[Row] = [
        ("Centiloid", centiloids(result.centiloid), spans["centiloid"]),
        ("Composite SUVR", f"{result.composite_suvr:.2f}", spans["composite_suvr"]),
        ("Zone", str(result.amyloid_status), f"limits {low:g} and {high:g} CL"),
    ]
    if result.scenarios:
        for name, side in (("negative", result.scenarios.negative), ("positive", result.scenarios.positive)):
            rows.append((f"If amyloid {name}", centiloids(side.centiloid), f"weight {percent(side.weight)}"))
    words += [sentence(result.summary), f"Equation: {equation(result.centiloid_equation)}"]
    found = result.reference
    if found:
        name = whose(found)
        rows.append((f"{name[0].upper()}{name[1:]}", centiloids(found.centiloid), f"SUVR {found.composite_suvr:.2f}"))
        if found.centiloid_equation != result.centiloid_equation:
            words.append(f"Equation of the {name}: {equation(found.centiloid_equation)}")
    return Section("Result", tuple(words), (Table(("", "Value", "90 % interval or note"), tuple(rows)),))


def _scores(result: Result) -> Section:
    rows = tuple(
        (MODEL_NAMES[name], "no value given" if value is None else percent(value))
        for name, value in result.p_amyloid_positive
    )
    tables = [Table(("Probability of 25 CL and above, from", ""), rows)]
    text = ["The synthetic PET is made from MRI and values and cannot know more than all inputs do."]
    if result.effects:
        shown = tuple(
            (value_label(e.name), signed(100 * e.probability), f"{signed(e.centiloid)} CL")
            for e in result.effects[:MOST_EFFECTS]
        )
        tables.append(Table(("What each value does", "% points", "Centiloid"), shown))
        if len(result.effects) > MOST_EFFECTS:
            text.append(f"Of {len(result.effects)} values the {MOST_EFFECTS} that do most are listed.")
    if result.reading:
        text.append(f"Reader's rule on the synthetic PET: {'positive' if result.reading.positive else 'negative'}.")
    return Section("Scores", tuple(text), tuple(tables), beside=True)


def _values(synthesis: Synthesis) -> Section:
    values = synthesis.biomarkers.measured()
    person: list[Row] = []
    blood: list[Row] = []
    for name, value in values.items():
        if isinstance(value, str):
            person.append((value_label(name), {"F": "female", "M": "male"}[value]))
            continue
        analyte = ANALYTES[name]
        given = getattr(synthesis.biomarkers, name) is not None
        words = f"{value:{'g' if given else '.3g'}} {analyte.unit}".strip()
        if analyte.group == "blood":
            blood.append((analyte.label, words, _interval(name, value, synthesis.biomarkers.age), analyte.assay))
        else:
            person.append((analyte.label, words))
    tables = []
    if blood:
        tables.append(Table(("Plasma", "Measured", "Reference interval", "Assay"), tuple(blood)))
    if person:
        tables.append(Table(("Person and tests", "Measured"), tuple(person)))
    missing = [value_label(name) for name in ("sex", *ANALYTES) if name not in values]
    text = (f"Not measured: {', '.join(missing)}.",) if missing else ()
    return Section("Values", text, tuple(tables), beside=True)


def _interval(name: str, value: float, age: float | None) -> str:
    limits = reference_interval(name, age)
    if limits is None:
        return ""
    side = ", above" if value > limits[1] else ", below" if value < limits[0] else ""
    return f"{limits[0]:g} to {limits[1]:g}{side}"
