"""Charts of agreement between synthetic and reference PET, one point a region."""

import pandas as pd
import plotly.graph_objects as go

from petgen.case.words import signed
from petgen.quantify.lobes import lobe_of, readable
from petgen.views.agreement import limits_of_agreement
from petgen.views.charts import NEUTRAL, plain

_HEIGHT_PX = 340


def region_scatter(regions: pd.DataFrame) -> go.Figure:
    """SUVR of the synthetic PET over the reference's, with the line of identity.

    Args:
        regions: Columns name, hemisphere, suvr, suvr_reference.
    """
    known = _known(regions)
    ends = [float(known[["suvr", "suvr_reference"]].min().min()), float(known[["suvr", "suvr_reference"]].max().max())]
    figure = go.Figure()
    figure.add_scatter(
        x=ends,
        y=ends,
        name="identity",
        mode="lines",
        line={"color": NEUTRAL, "width": 1, "dash": "dot"},
        hoverinfo="skip",
    )
    _points(figure, known, known["suvr_reference"], known["suvr"])
    figure.update_xaxes(title="Reference SUVR", tickformat=".1f")
    figure.update_yaxes(title="Synthetic SUVR", tickformat=".1f")
    return _with_legend(figure)


def bland_altman(regions: pd.DataFrame) -> go.Figure:
    """Difference over mean, with the mean difference and the limits of agreement, 1.96 standard deviations each way.

    Source: Bland and Altman, Lancet 1986;327:307.

    Args:
        regions: Columns name, hemisphere, suvr, suvr_reference.
    """
    known = _known(regions)
    difference = known["suvr"] - known["suvr_reference"]
    figure = go.Figure()
    _points(figure, known, (known["suvr"] + known["suvr_reference"]) / 2, difference)
    limits = limits_of_agreement(regions) or ()
    for at, words in zip(limits, ("mean", "−1.96 SD", "+1.96 SD"), strict=False):
        figure.add_hline(
            y=at,
            line={"color": NEUTRAL, "width": 1, "dash": "solid" if words == "mean" else "dot"},
            annotation={
                "text": f"{words}<br>{signed(at, 2)}",
                "font": {"size": 11},
                "x": 1,
                "xanchor": "left",
                "yanchor": "middle",
                "align": "left",
            },
        )
    figure.update_xaxes(title="Mean of both, SUVR", tickformat=".1f")
    figure.update_yaxes(title="Synthetic − reference, SUVR", tickformat="+.2f")
    return _with_legend(figure).update_layout(margin_r=96)


def _known(regions: pd.DataFrame) -> pd.DataFrame:
    return regions.dropna(subset=["suvr", "suvr_reference"])


def _points(figure: go.Figure, regions: pd.DataFrame, x: pd.Series, y: pd.Series) -> None:
    cortical = regions["name"].map(lobe_of) != ""
    names = regions["name"].map(lambda name: readable(str(name))) + " " + regions["hemisphere"].fillna("")
    for shown, symbol, words in ((cortical, "circle", "cortex"), (~cortical, "circle-open", "elsewhere")):
        figure.add_scatter(
            x=x[shown],
            y=y[shown],
            name=words,
            mode="markers",
            marker={"color": NEUTRAL, "symbol": symbol, "size": 7},
            text=names[shown],
            hovertemplate="%{text}: %{x:.2f}, %{y:.2f}<extra></extra>",
        )


def _with_legend(figure: go.Figure) -> go.Figure:
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "title": None}
    return plain(figure, _HEIGHT_PX).update_layout(legend=legend, margin_t=36)
