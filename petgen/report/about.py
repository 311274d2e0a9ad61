"""Quality, prompt, and how a result came about."""

import shlex

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE, Result, Synthesis
from petgen.installed import BUNDLED
from petgen.report.parts import Row, Section, Table


def quality(result: Result) -> Section:
    """Warnings, but for those that the light already gave as its reasons, and the numbers of quality control."""
    text = [warning for warning in result.warnings if warning not in result.light.reasons]
    if not text:
        text = ["No warnings." if not result.light.reasons else "No warnings beyond the reasons of the light."]
    found = result.quality
    if found is None:
        return Section("Quality and warnings", tuple(text))
    rows = (
        ("Likeness to the template", f"{found.similarity:.2f}"),
        ("Brain volume", f"{found.brain_litres:.2f} L"),
        ("Skull", "was already off" if found.already_stripped else "taken off by petgen"),
    )
    unlike = (
        ("Whole scan", f"{100 * found.scan_overall:.0f} % of the limit"),
        ("Strangest place", f"{100 * found.scan_worst:.0f} % of the limit"),
        ("Values together", f"{found.values:.1f} SD"),
    )
    tables = (Table(("Scan and brain", ""), rows), Table(("Distance from what was seen", ""), unlike))
    return Section("Quality and warnings", tuple(text), tables, beside=True)


def prompt(synthesis: Synthesis) -> Section:
    """The text that the language model read."""
    return Section("Prompt, as the language model read it", (synthesis.prompt.strip(),))


def about(synthesis: Synthesis, made: str, checksum: str) -> Section:
    """Versions, checksums, and what to type to have the same again."""
    result = synthesis.result
    rows: tuple[Row, ...] = (
        ("petgen", f"{result.petgen_version}, on {result.device}"),
        ("Model", f"{_name(result)}{result.model_version}, {result.provenance}"),
        ("Weights, SHA-256", result.weights_sha256),
        *_inputs(result),
        ("Synthetic volume, SHA-256", checksum),
        ("Report made", made),
        ("To reproduce", command(synthesis)),
        ("values.json", synthesis.biomarkers.model_dump_json(exclude_none=True, exclude_defaults=True)),
    )
    return Section("About", (result.origin,) if result.origin else (), (Table(("", ""), rows),))


def _name(result: Result) -> str:
    return "" if result.model == BUNDLED else f"{result.model}, "


def _inputs(result: Result) -> tuple[Row, ...]:
    found = result.made_from
    if found is None:
        return ()
    pet = (("Own PET as read, SHA-256", found.pet_sha256),) if found.pet_sha256 else ()
    return (("T1w as read, SHA-256", found.scan_sha256), *pet, ("Values, SHA-256", found.values_sha256))


def command(synthesis: Synthesis) -> str:
    """The `petgen synthesize` that gives the same result; T1W, PET and OUT stand for places only the user knows."""
    result = synthesis.result
    words = ["petgen", "synthesize", "--t1", "T1W", "--biomarkers", "values.json"]
    words += ["--code", synthesis.code, "--seed", str(result.seed)]
    if result.reference and not result.reference.simulated:
        words += ["--pet", "PET", "--tracer", result.reference.tracer]
    if result.cutoffs != (NEGATIVE_BELOW, POSITIVE_ABOVE):
        words += ["--negative-below", f"{result.cutoffs[0]:g}", "--positive-above", f"{result.cutoffs[1]:g}"]
    if result.model != BUNDLED:
        words += ["--model", result.model]
    return shlex.join([*words, "--out", "OUT"])
