"""The images of a report, and the cortex by region."""

import pandas as pd

from petgen.case import SYNTHETIC, Synthesis
from petgen.case.words import number
from petgen.quantify.lobes import readable
from petgen.report.parts import Picture, Row, Section, Table
from petgen.report.words import whose
from petgen.views import (
    cortical_regions,
    overview_picture,
    percent,
    png_bytes,
    scale_words,
    scenario_picture,
    surface_picture,
    synthetic_window,
)

CLEAR = 0.9
"""Weight of a scenario from which on the other is not drawn."""


def images(synthesis: Synthesis) -> Section:
    """MRI, synthetic and reference PET in the same slices; both scenarios where the inputs leave it open."""
    found, scenarios = synthesis.result.reference, synthesis.result.scenarios
    words = "Axial slices, radiological: MRI, synthetic PET"
    text = []
    if found:
        words += f", {whose(found)}"
        text.append(
            f"Agreement with the {whose(found)}: SSIM in the brain {number(found.ssim_brain, 2)}, r over regions "
            f"{number(found.regional_r, 2)}, mean absolute difference {found.mae_suvr:.2f} SUVR."
        )
    window = synthetic_window(synthesis)
    shown = [Picture(png_bytes(overview_picture(synthesis)), f"{words}. {scale_words(window)}.")]
    if scenarios and max(scenarios.negative.weight, scenarios.positive.weight) < CLEAR:
        words = (
            f"What the inputs leave open: the PET if amyloid negative (weight {percent(scenarios.negative.weight)}) "
            f"and if positive (weight {percent(scenarios.positive.weight)}). Same slices and scale."
        )
        shown.append(Picture(png_bytes(scenario_picture(synthesis.negative, synthesis.positive, window)), words))
    return Section("Images", tuple(text), pictures=tuple(shown))


def regions(synthesis: Synthesis) -> Section:
    """SUVR of the cortex by lobe, left and right, with 90 % intervals, and on the surface."""
    table = synthesis.regions
    known = {
        (readable(str(row["name"])), str(row["hemisphere"])): row for row in table.to_dict("records") if row["name"]
    }
    compared = "suvr_reference" in table
    head = ("Region", "Left", "Ref.", "Right", "Ref.") if compared else ("Region", "Left", "Right")
    lobes = []
    for lobe, members in cortical_regions(table).groupby("lobe", sort=False):
        rows: list[Row] = [(str(lobe),)]
        for name in members["name"]:
            cells = [cell for side in "LR" for cell in _cells(known.get((name, side)), compared)]
            rows.append((str(name), *cells))
        lobes.append(rows)
    text = "SUVR of the synthetic PET with 90 % intervals, whole cerebellum = 1."
    if compared:
        text += " Ref.: reference PET."
    text += " Side differences are hardly knowable from MRI and values."
    surface = Picture(
        png_bytes(surface_picture(synthesis.suvr, synthesis.parcellation, SYNTHETIC)),
        "Synthetic PET on the cortex (fsaverage5, inflated), smoothed within the cortex.",
    )
    tables = tuple(Table(head, rows) for rows in _halves(lobes))
    return Section("Cortex by lobe", (text,), tables, (surface,), beside=True)


def _cells(row: dict | None, compared: bool) -> Row:
    if row is None or pd.isna(row["suvr"]):
        return ("", "") if compared else ("",)
    words = f"{row['suvr']:.2f}"
    low, high = row.get("suvr_low"), row.get("suvr_high")
    if pd.notna(low) and pd.notna(high):
        words += f" ({low:.2f}–{high:.2f})"
    if not compared:
        return (words,)
    return words, "" if pd.isna(row["suvr_reference"]) else f"{row['suvr_reference']:.2f}"


def _halves(groups: list[list[Row]]) -> list[tuple[Row, ...]]:
    """Whole groups in two columns of about the same length, in order."""
    lengths = [len(group) for group in groups]
    cut = min(range(1, len(groups)), key=lambda at: abs(sum(lengths[:at]) - sum(lengths[at:])), default=len(groups))
    columns = (groups[:cut], groups[cut:])
    return [tuple(row for group in column for row in group) for column in columns if column]
