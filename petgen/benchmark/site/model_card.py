"""The card of a model that was changed for a site."""

from collections.abc import Mapping
from typing import Any

from petgen.benchmark.site.figures import Figures, table_lines
from petgen.case import SYNTHETIC
from petgen.diagnosis.intervals import LEAST, Intervals
from petgen.generator.config import GeneratorConfig
from petgen.generator.train import TrainSettings
from petgen.quantify.centiloid import FLORBETAPIR


def card_lines(
    site: Mapping[str, Any],
    config: GeneratorConfig,
    methods: Mapping[str, Figures],
    differences: Mapping[str, Figures],
    intervals: Intervals,
    settings: TrainSettings | None,
) -> list[str]:
    """The card in Markdown.

    Args:
        site: What its weights say of the site.
        config: Of the generator.
        methods: Figures by method, of people that no model was fitted on.
        differences: From the model as it is.
        intervals: Fitted on the site's people.
        settings: How it was adapted; None for recalibration alone.
    """
    whose = "SIMULATED people" if site["simulated"] else "people"
    start, other = site["from"], config.tracer != FLORBETAPIR.tracer
    lines = [
        f"# A model {site['kind']} to one site" + (", SIMULATED" if site["simulated"] else ""),
        "",
        f"**{SYNTHETIC}.**" + (" The site is simulated: nothing here is evidence about patients." * site["simulated"]),
        "",
        f"It started from petgen {start['version']}, {start['data']} (weights {start['sha256']}).",
        f"The site: {site['n']} {whose}, {config.tracer}.",
        "",
        "## What was changed",
        "",
        _line(config) if settings is None else _decoder(config, settings),
        f"The Centiloid is {config.equation.words}.",
        f"The 90 % intervals are conformal, {intervals.data}. {_cells(intervals)}",
        "Values model, posterior of the load, volumes, warning light and the scores of MRI, blood and inputs are those "
        "of the model that it started from: they look at T1w and values, and nothing in them was fitted again.",
        "",
        "## On people that it was not fitted on",
        "",
        f"{site['folds']} folds by person: every person is painted by a model of "
        "the other folds. 95 % intervals by drawing people again; differences are paired. “At the own load” is the "
        "image painted at the Centiloid that the person's PET measures: what remains there is not the unknown load.",
        "",
        *table_lines(methods, differences),
        "",
        "## Limits",
        "",
        f"- {site['n']} people of one site: no evidence about another site, scanner or tracer.",
        "- The posterior of the load was learned on simulated people; whether it fits the site is told by the error of "
        "the Centiloid and by the coverage of its intervals, and is not mended here.",
    ]
    if other:
        lines += [
            "- The scores of the synthetic PET were fitted on florbetapir's SUVR. They see this model's regions as "
            "florbetapir's SUVR of the same Centiloids: exact for the composite, approximate for the regions.",
            "- The reader's rule is florbetapir's and is withheld.",
        ]
    else:
        lines.append(
            "- The scores of the synthetic PET and the norms of the reader's rule are those of the model that it "
            "started from, of another scanner."
        )
    return lines


def _line(config: GeneratorConfig) -> str:
    return (
        f"Two numbers alone: what the network paints is blurred by {config.blur_mm:g} mm FWHM and put on the line "
        f"SUVR = 1 + {config.gain:.3f} x (SUVR as painted - 1), through the whole cerebellum, which is 1 on both. Both "
        "are of least squared error over all voxels of all people, each painted at the load that the PET measures."
    )


def _decoder(config: GeneratorConfig, settings: TrainSettings) -> str:
    return (
        f"The decoder, which paints the SUVR of a load: {settings.steps} steps at a rate of {settings.rate:g} on the "
        f"site's {config.tracer} PET. The encoder of the T1w stayed as it was."
    )


def _cells(intervals: Intervals) -> str:
    own = sorted(name for name, n in intervals.n.items() if n >= LEAST and name != "all")
    if not own:
        return f"No cell of zone and panel has {LEAST} people, so one width stands for everybody."
    return f"Cells of their own ({LEAST} people or more): {', '.join(own)}; everybody stands for the others."
