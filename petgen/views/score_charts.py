"""Charts of the scores: probabilities by model, and what each value does."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from petgen.case import ANALYTES, Effect, Probabilities
from petgen.case.words import percent, signed
from petgen.quantify.lobes import readable
from petgen.views.charts import NEUTRAL, ZONES, plain

MODEL_NAMES = {
    "t1": "MRI volumes",
    "bbm": "Blood",
    "inputs": "All inputs",
    "spet": "Synthetic PET",
    "spet_bbm": "Synthetic PET and blood",
}
_ROW_PX = 30


def value_label(name: str) -> str:
    """Name of a value as a physician writes it."""
    return ANALYTES[name].label if name in ANALYTES else name.capitalize()


def value_words(name: str, value: float) -> str:
    """A value with its unit, to three digits."""
    unit = ANALYTES[name].unit
    return f"{value:.3g}{f' {unit}' if unit else ''}"


def probability_bars(found: Probabilities) -> go.Figure:
    """Probability of amyloid positivity by model, 0 to 100 %; a model with nothing to go by says so."""
    names = [MODEL_NAMES[name] for name, _ in found]
    values = [value for _, value in found]
    figure = go.Figure()
    figure.add_bar(
        y=names,
        x=[value or 0 for value in values],
        orientation="h",
        marker={"color": ZONES["positive"], "opacity": 0.75, "line": {"width": 0}},
        text=["no value given" if value is None else percent(value) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.0%}<extra></extra>",
    )
    figure.add_vline(x=0.5, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    ticks = [0, 25, 50, 75, 100]
    figure.update_xaxes(
        range=[0, 1.3],
        tickvals=[tick / 100 for tick in ticks],
        ticktext=[f"{tick} %" for tick in ticks],
        title=None,
        showgrid=False,
    )
    figure.update_yaxes(autorange="reversed", title=None, ticklabelstandoff=6)
    return plain(figure, 50 + _ROW_PX * len(names))


def effect_bars(effects: Sequence[Effect], most: int = 8) -> go.Figure:
    """What each value does to the probability, in percentage points, largest first.

    Args:
        effects: Largest first.
        most: The smaller ones beyond are left out.
    """
    shown = list(effects)[:most]
    largest = max(0.05, *(abs(effect.probability) for effect in shown))
    figure = go.Figure()
    figure.add_bar(
        y=[value_label(effect.name) for effect in shown],
        x=[effect.probability for effect in shown],
        orientation="h",
        marker={
            "color": [ZONES["positive" if effect.probability > 0 else "negative"] for effect in shown],
            "opacity": 0.75,
            "line": {"width": 0},
        },
        customdata=[effect.centiloid for effect in shown],
        text=[signed(100 * effect.probability) for effect in shown],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:+.1%}, %{customdata:+.0f} CL<extra></extra>",
    )
    figure.add_vline(x=0, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(range=[-1.25 * largest, 1.25 * largest], showticklabels=False, title=None, showgrid=False)
    figure.update_yaxes(autorange="reversed", title=None, ticklabelstandoff=6)
    return plain(figure, 50 + _ROW_PX * len(shown))


def driver_bars(drivers: Mapping[str, float], most: int = 8) -> go.Figure:
    """What each region adds to the logit of the image's score, the largest by size first.

    Args:
        drivers: By region.
        most: The smaller ones beyond are left out.
    """
    shown = sorted(drivers.items(), key=lambda item: -abs(item[1]))[:most]
    values = [value for _, value in shown]
    largest = max(0.05, *(abs(value) for value in values))
    figure = go.Figure()
    figure.add_bar(
        y=[readable(name) for name, _ in shown],
        x=values,
        orientation="h",
        marker={
            "color": [ZONES["positive" if value > 0 else "negative"] for value in values],
            "opacity": 0.75,
            "line": {"width": 0},
        },
        text=[signed(value, 2) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:+.2f}<extra></extra>",
    )
    figure.add_vline(x=0, line={"color": NEUTRAL, "width": 1})
    figure.update_xaxes(range=[-1.3 * largest, 1.3 * largest], title=None, showgrid=False)
    figure.update_yaxes(autorange="reversed", title=None, ticklabelstandoff=6)
    return plain(figure, 50 + _ROW_PX * len(shown))
