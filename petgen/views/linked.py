"""What the linked viewer draws, as plain values that a browser takes."""

from typing import Any

import numpy as np

from petgen.case import SYNTHETIC, Synthesis
from petgen.case.words import percent
from petgen.quantify import regions
from petgen.quantify.lobes import readable
from petgen.views.colour import COLORMAPS, anchors
from petgen.views.compact import BOX_MM, nifti_text
from petgen.views.places import PLACES, START
from petgen.views.tracers import presets

SUVR_STEP, T1_STEP = 0.002, 0.005
"""Finest difference that the browser gets of SUVR, and of the T1w (white matter = 1)."""
T1_WINDOW = (0.0, 1.25)
DIFFERENCE_SUVR = 0.5
"""Difference drawn with the outermost colours, either way, SUVR."""
_SIDES = {"L": "left ", "R": "right "}


def viewer_data(synthesis: Synthesis) -> dict[str, Any]:
    """Volumes, names and scales of a case for the linked viewer, as JSON takes them.

    Args:
        synthesis: A finished case; its reference may be None.

    Returns:
        `volumes` (gzipped NIfTI in base64: t1, median, spread, labels, and where there are any negative, positive,
        reference), `regions` (names by value of the volume labels), `scenarios`, `reference`, `presets`, `colormaps`
        (anchors, evenly spaced, RGB 0 to 255), windows and places (template millimetres).
    """
    labels, names = _numbered(synthesis.parcellation)
    volumes = {
        "t1": nifti_text(np.clip(synthesis.t1, 0, 4), T1_STEP),
        "median": nifti_text(synthesis.suvr, SUVR_STEP),
        "spread": nifti_text(synthesis.spread, SUVR_STEP),
        "labels": nifti_text(labels),
    }
    if synthesis.result.scenarios is not None:
        volumes["negative"] = nifti_text(synthesis.negative, SUVR_STEP)
        volumes["positive"] = nifti_text(synthesis.positive, SUVR_STEP)
    if synthesis.reference is not None:
        volumes["reference"] = nifti_text(np.where(synthesis.mask, synthesis.reference, 0), SUVR_STEP)
    return {
        "code": synthesis.code,
        "notice": SYNTHETIC,
        "volumes": volumes,
        "regions": names,
        "box": [list(ends) for ends in BOX_MM],
        "scenarios": scenario_titles(synthesis),
        "reference": reference_words(synthesis),
        "tracer": synthesis.result.tracer,
        "presets": [
            {
                "tracer": preset.tracer,
                "colormap": preset.rule.colormap,
                "high": preset.high,
                "words": preset.words,
                "order": list(preset.rule.order),
            }
            for preset in presets(synthesis)
        ],
        "colormaps": {name: [list(colour) for colour in anchors(name)] for name in COLORMAPS},
        "t1_window": list(T1_WINDOW),
        "difference": DIFFERENCE_SUVR,
        "spread": spread_high(synthesis),
        "start": list(START),
        "places": {name: list(place) for name, place in PLACES.items()},
    }


def scenario_titles(synthesis: Synthesis) -> dict[str, str]:
    """The images that the inputs leave open, by key, with their weights; one alone where there are no scenarios."""
    scenarios = synthesis.result.scenarios
    if scenarios is None:
        return {"median": "Synthetic PET"}
    return {
        "median": "Median",
        "negative": f"If negative ({percent(scenarios.negative.weight)})",
        "positive": f"If positive ({percent(scenarios.positive.weight)})",
    }


def reference_words(synthesis: Synthesis) -> dict[str, str] | None:
    """What the reference PET is called, its stamp and its tracer; None where there is none."""
    if synthesis.reference is None:
        return None
    found = synthesis.result.reference
    simulated = found is None or found.simulated
    return {
        "title": "Simulated reference PET" if simulated else "Patient's own PET",
        "stamp": "SIMULATED" if simulated else "",
        "tracer": found.tracer if found else synthesis.result.tracer,
    }


def spread_high(synthesis: Synthesis) -> float:
    """Upper end of the spread's scale: its 99th percentile in the brain in steps of 0.05 SUVR, at least 0.1."""
    inside = synthesis.spread[synthesis.mask]
    high = float(np.percentile(inside, 99)) if inside.size else 0.0
    return max(0.1, round(float(np.ceil(high / 0.05 - 1e-6)) * 0.05, 2))


def _numbered(parcellation: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """Labels counted from 1, and their names; 0 is no region."""
    known = regions()
    numbers = np.zeros(max(int(parcellation.max()), max(region.index for region in known)) + 1, np.int16)
    for number, region in enumerate(known, start=1):
        numbers[region.index] = number
    names = ["", *(f"{_SIDES.get(region.hemisphere, '')}{readable(region.name)}" for region in known)]
    return numbers[parcellation], names
