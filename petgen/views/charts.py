"""Charts as plotly figures; backgrounds stay transparent, so they fit a light and a dark page."""

import pandas as pd
import plotly.graph_objects as go

from petgen.case import NEGATIVE_BELOW, POSITIVE_ABOVE
from petgen.views.tables import cortical_regions

LEFT, RIGHT = "#0072B2", "#E69F00"
ZONES = {"negative": "#56B4E9", "intermediate": "#F0E442", "positive": "#D55E00"}
NEUTRAL = "#7F8C92"
_ROW_PX = 24


def plain(figure: go.Figure, height: int) -> go.Figure:
    """A figure without margins and background, of a height in pixels."""
    return figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )


def chart_height(regions: pd.DataFrame) -> int:
    """Height of `regional_bars` in pixels."""
    return 90 + _ROW_PX * len(cortical_regions(regions))


def regional_bars(regions: pd.DataFrame) -> go.Figure:
    """Bars of cortical SUVR with its interval, left and right, grouped by lobe, highest first; marks of the mean of an
    amyloid-negative group.

    Args:
        regions: Columns index, name, hemisphere ("L", "R" or ""), suvr, and where there are any suvr_low, suvr_high.
    """
    rows = cortical_regions(regions)
    figure = go.Figure()
    for side, words, colour in (("L", "left", LEFT), ("R", "right", RIGHT)):
        figure.add_bar(
            y=[rows["lobe"], rows["name"]],
            x=rows[side],
            name=words,
            orientation="h",
            marker={"color": colour, "line": {"width": 0}},
            error_x={
                "array": rows[f"{side}_high"] - rows[side],
                "arrayminus": rows[side] - rows[f"{side}_low"],
                "color": NEUTRAL,
                "thickness": 1,
                "width": 0,
            },
            hovertemplate=f"%{{y}}, {words}: SUVR %{{x:.2f}}<extra></extra>",
        )
    for width, colour in ((5, "#111111"), (3, ZONES["negative"])):
        figure.add_scatter(
            y=[rows["lobe"], rows["name"]],
            x=rows["negative"],
            name="negative group",
            mode="markers",
            showlegend=colour != "#111111",
            marker={"symbol": "line-ns", "size": 16, "line": {"width": width, "color": colour}},
            hovertemplate="%{y}, negative group: SUVR %{x:.2f}<extra></extra>",
        )
    figure.add_vline(x=1, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
    figure.update_xaxes(title="SUVR (whole cerebellum = 1)", rangemode="tozero", tickformat=".1f", side="top")
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5], dividercolor=NEUTRAL, ticklabelstandoff=4, title=None)
    figure.update_layout(
        barmode="group",
        bargap=0.3,
        legend={"orientation": "h", "yref": "container", "y": 1, "yanchor": "top", "x": 0, "title": None},
    )
    return plain(figure, chart_height(regions)).update_layout(margin_t=70)


def centiloid_scale(
    centiloid: float,
    interval: tuple[float, float] | None = None,
    cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE),
) -> go.Figure:
    """The Centiloid on its scale with its zones.

    Args:
        centiloid: Value, in Centiloid units.
        interval: (low, high) in Centiloid units, where there is one.
        cutoffs: Centiloids that divide the zones.
    """
    seen = (centiloid, *(interval or ()))
    low, high = min(-25.0, min(seen) - 10), max(125.0, max(seen) + 10)
    edges = (low, *cutoffs, high)
    figure = go.Figure()
    for (zone, colour), start, end in zip(ZONES.items(), edges[:-1], edges[1:], strict=True):
        figure.add_bar(
            x=[end - start],
            base=[start],
            y=[""],
            name=zone,
            orientation="h",
            width=0.8,
            marker={"color": colour, "opacity": 0.55, "line": {"width": 0}},
            hovertemplate=f"{zone}<extra></extra>",
        )
    if interval:
        figure.add_scatter(
            x=list(interval),
            y=["", ""],
            name="interval",
            showlegend=False,
            mode="lines",
            line={"color": NEUTRAL, "width": 6},
            hovertemplate="%{x:.0f} CL<extra></extra>",
        )
    for width, colour in ((8, "#FFFFFF"), (4, "#111111")):
        figure.add_scatter(
            x=[centiloid],
            y=[""],
            name="this case",
            mode="markers",
            showlegend=False,
            marker={"symbol": "line-ns", "size": 22, "line": {"width": width, "color": colour}},
            hovertemplate="%{x:.0f} CL<extra></extra>",
        )
    ticks = [0, *cutoffs, 50, 75, 100]
    figure.update_xaxes(
        range=[low, high],
        tickvals=ticks,
        ticktext=[f"{tick:g}" for tick in ticks[:-1]] + ["100 CL"],
        title=None,
        showgrid=False,
        zeroline=False,
    )
    figure.update_yaxes(showticklabels=False, range=[-0.5, 0.5], showgrid=False)
    figure.update_layout(
        barmode="overlay",
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "title": None, "font": {"size": 11}},
    )
    return plain(figure, 120).update_layout(margin_b=24)
