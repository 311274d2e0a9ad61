"""Figures and the viewer's pictures, made from arrays and tables."""

from petgen.case.words import number, percent, signed
from petgen.views.agreement import limits_of_agreement
from petgen.views.agreement_charts import bland_altman, region_scatter
from petgen.views.charts import centiloid_scale, chart_height, regional_bars
from petgen.views.colour import COLORMAPS, Colormap, colour_bar
from petgen.views.linked import T1_WINDOW, reference_words, scenario_titles, viewer_data
from petgen.views.overview import overview_picture, pet_montage, scenario_picture
from petgen.views.places import PLACES, START
from petgen.views.quality import mask_picture, registration_picture
from petgen.views.readout import region_at, value_at
from petgen.views.score_charts import driver_bars, effect_bars, probability_bars, value_label, value_words
from petgen.views.slices import LIMITS_MM, PLANES, plane, png_bytes
from petgen.views.stack import stack_data
from petgen.views.surface import surface_difference, surface_picture
from petgen.views.tables import cortical_regions, region_table, regions_csv
from petgen.views.tracers import scale_words, synthetic_window
from petgen.views.what_if_charts import what_if_chart

__all__ = [
    "COLORMAPS",
    "LIMITS_MM",
    "PLACES",
    "PLANES",
    "START",
    "T1_WINDOW",
    "Colormap",
    "bland_altman",
    "centiloid_scale",
    "chart_height",
    "colour_bar",
    "cortical_regions",
    "driver_bars",
    "effect_bars",
    "limits_of_agreement",
    "mask_picture",
    "number",
    "overview_picture",
    "percent",
    "pet_montage",
    "plane",
    "png_bytes",
    "probability_bars",
    "reference_words",
    "region_at",
    "region_scatter",
    "region_table",
    "regional_bars",
    "regions_csv",
    "registration_picture",
    "scale_words",
    "scenario_picture",
    "scenario_titles",
    "signed",
    "stack_data",
    "surface_difference",
    "surface_picture",
    "synthetic_window",
    "value_at",
    "value_label",
    "value_words",
    "viewer_data",
    "what_if_chart",
]
