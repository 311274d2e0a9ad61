"""What a report says, in order, whatever it is then drawn as."""

from dataclasses import dataclass

from petgen.case import ANALYTES, SYNTHETIC, Result, Synthesis, reference_interval
from petgen.views import cortical_regions, overview_picture, percent, png_bytes, surface_picture, value_label
from petgen.views.score_charts import MODEL_NAMES

Row = tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    """A PNG with what it shows."""

    png: bytes
    words: str


@dataclass(frozen=True)
class Table:
    """Head and rows, text in every cell."""

    head: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it: text, then tables, then pictures."""

    title: str
    text: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Content:
    """A whole report.

    Attributes:
        title: With the case code, never a name.
        mark: What stands on every page.
        sections: In the order of reading.
    """

    title: str
    mark: str
    sections: tuple[Section, ...]


def content_of(synthesis: Synthesis, *, made: str, checksum: str) -> Content:
    """What the report of a case says.

    Args:
        synthesis: The case.
        made: Day and time of the report, in words.
        checksum: SHA-256 of the synthetic volume in template space, as written.
    """
    result = synthesis.result
    cohort = "a simulated cohort" if result.provenance == "simulated-cohort" else "a site's cohort"
    sections = (
        _finding(result),
        _images(synthesis),
        *(() if result.centiloid is None else (_scores(result),)),
        _values(synthesis),
        *(() if result.centiloid is None else (_regions(synthesis),)),
        _quality(result),
        _about(synthesis, made, checksum),
    )
    mark = f"{SYNTHETIC}. Model trained on {cohort}; no evidence about patients."
    return Content(f"Case {synthesis.code}: synthetic amyloid PET", mark, sections)


def _finding(result: Result) -> Section:
    light = {"green": "like", "amber": "in part unlike", "red": "unlike anything"}[result.light.level]
    words = [f"Light {result.light.level}: scan and values are {light} what the model has seen."]
    words += result.light.reasons
    if result.centiloid is None or result.composite_suvr is None:
        return Section("Result", (*words, "Scores are withheld.", result.summary))
    interval = (result.intervals or {}).get("centiloid")
    rows = [("Centiloid", _cl(result.centiloid), f"{_cl(interval[0])} to {_cl(interval[1])}" if interval else "")]
    span = (result.intervals or {}).get("composite_suvr")
    rows.append(("Composite SUVR", f"{result.composite_suvr:.2f}", f"{span[0]:.2f} to {span[1]:.2f}" if span else ""))
    low, high = result.cutoffs
    rows.append(("Zone", str(result.amyloid_status), f"limits {low:g} and {high:g} CL"))
    if result.scenarios:
        for name, side in (("negative", result.scenarios.negative), ("positive", result.scenarios.positive)):
            rows.append((f"If amyloid {name}", _cl(side.centiloid), f"weight {percent(side.weight)}"))
    if result.reference:
        whose = "Simulated reference PET" if result.reference.simulated else "The patient's own PET"
        rows.append((whose, _cl(result.reference.centiloid), result.reference.tracer))
    head = ("", "Value", "90 % interval or note")
    return Section("Result", (*words, result.summary), (Table(head, tuple(rows)),))


def _scores(result: Result) -> Section:
    rows = [
        (MODEL_NAMES[name], "no value given" if value is None else percent(value))
        for name, value in result.p_amyloid_positive
    ]
    tables = [Table(("Probability of 25 CL and above, from", ""), tuple(rows))]
    if result.effects:
        effects = tuple(
            (value_label(e.name), f"{_signed(100 * e.probability)} points", f"{_signed(e.centiloid)} CL")
            for e in result.effects
        )
        tables.append(Table(("What each value does", "Probability", "Centiloid"), effects))
    text = ["The synthetic PET is made from MRI and values and cannot know more than all inputs do."]
    if result.reading:
        text.append(f"Reader's rule on the synthetic PET: {'positive' if result.reading.positive else 'negative'}.")
    return Section("Scores", tuple(text), tuple(tables))


def _images(synthesis: Synthesis) -> Section:
    words = "Axial slices, radiological: MRI and synthetic PET"
    found = synthesis.result.reference
    text = []
    if found:
        whose = "simulated reference PET" if found.simulated else f"own PET ({found.tracer})"
        words += f", {whose}"
        text.append(
            f"Agreement with the {whose}: SSIM in the brain {found.ssim_brain:.2f}, r over regions "
            f"{found.regional_r:.2f}, mean difference {found.mae_suvr:.2f} SUVR."
        )
    picture = Picture(png_bytes(overview_picture(synthesis)), f"{words}. SUVR 0 to 2, whole cerebellum = 1.")
    return Section("Images", tuple(text), pictures=(picture,))


def _values(synthesis: Synthesis) -> Section:
    rows = []
    values = synthesis.biomarkers.measured()
    for name, value in values.items():
        if name == "sex":
            rows.append(("Sex", {"F": "female", "M": "male"}[str(value)], "", ""))
            continue
        analyte = ANALYTES[name]
        interval = reference_interval(name, synthesis.biomarkers.age)
        span = f"{interval[0]:g} to {interval[1]:g}" if interval else ""
        rows.append((analyte.label, f"{value:.3g} {analyte.unit}".strip(), span, analyte.assay))
    missing = [analyte.label for name, analyte in ANALYTES.items() if name not in values]
    text = (f"Not measured: {', '.join(missing)}.",) if missing else ()
    return Section("Values", text, (Table(("Value", "Measured", "Reference interval", "Assay"), tuple(rows)),))


def _regions(synthesis: Synthesis) -> Section:
    rows = tuple(
        (str(lobe), str(name), f"{left:.2f}", f"{right:.2f}")
        for lobe, name, left, right in cortical_regions(synthesis.regions)[["lobe", "name", "L", "R"]].to_numpy()
    )
    text = ("SUVR of the synthetic PET, whole cerebellum = 1. All regions, with 90 % intervals, are in regions.tsv.",)
    surface = Picture(
        png_bytes(surface_picture(synthesis.suvr, synthesis.parcellation, SYNTHETIC)), "Synthetic PET on the cortex."
    )
    return Section("Cortex by lobe", text, (Table(("Lobe", "Region", "Left", "Right"), rows),), (surface,))


def _quality(result: Result) -> Section:
    text = [*result.warnings]
    rows: tuple[Row, ...] = ()
    if result.quality:
        found = result.quality
        rows = (
            ("Likeness to the template", f"{found.similarity:.2f}"),
            ("Brain volume", f"{found.brain_litres:.2f} L"),
            ("Distance of the scan to scans seen", f"{100 * found.scan_overall:.0f} % of the limit"),
            ("Likewise, strangest place", f"{100 * found.scan_worst:.0f} % of the limit"),
            ("Values together", f"{found.values:.1f} SD"),
        )
    return Section("Quality", tuple(text), (Table(("Measure", ""), rows),) if rows else ())


def _about(synthesis: Synthesis, made: str, checksum: str) -> Section:
    result = synthesis.result
    rows = (
        ("petgen", result.petgen_version),
        ("Model", f"{result.model_version}, {result.provenance}"),
        ("Weights, SHA-256", result.weights_sha256),
        ("Synthetic volume, SHA-256", checksum),
        ("Centiloid", result.centiloid_equation),
        ("Report made", made),
        ("To reproduce", f"petgen synthesize --t1 T1W --biomarkers values.json --seed {result.seed} --out OUT"),
    )
    text = ["Prompt, as the language model read it:", synthesis.prompt]
    return Section("About", (*((result.origin,) if result.origin else ()), *text), (Table(("", ""), rows),))


def _cl(value: float) -> str:
    return f"{value:.0f} CL".replace("-", "−")


def _signed(value: float) -> str:
    return "0" if abs(value) < 0.5 else f"{value:+.0f}".replace("-", "−")
