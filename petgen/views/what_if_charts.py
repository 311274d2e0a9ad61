"""Curves of a what-if: Centiloid and probability over the range of one value."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from petgen.case import ANALYTES, NEGATIVE_BELOW, POSITIVE_ABOVE, Point
from petgen.views.charts import NEUTRAL, plain

LINE, BAND = "#0072B2", "rgba(0,114,178,0.18)"
_HEIGHT_PX = 380
_TICKS = tuple(digit * 10.0**power for power in range(-3, 4) for digit in (1, 2, 5))


def what_if_chart(
    name: str,
    points: Sequence[Point],
    given: float | None = None,
    cutoffs: tuple[float, float] = (NEGATIVE_BELOW, POSITIVE_ABOVE),
) -> go.Figure:
    """Centiloid with its 90 % interval above the probability of positivity, over one value.

    Args:
        name: Field of the values.
        points: In the order of the value.
        given: The patient's own value, marked; None where it was not measured.
        cutoffs: Centiloids that divide the zones.
    """
    x = [point.value for point in points]
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.62, 0.38], vertical_spacing=0.06)
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*(point.interval[1] for point in points), *(point.interval[0] for point in reversed(points))],
        fill="toself",
        fillcolor=BAND,
        line={"width": 0},
        hoverinfo="skip",
        row=1,
        col=1,
    )
    for row, values, form in (
        (1, [point.centiloid for point in points], "%{y:.0f} CL"),
        (2, [point.probability for point in points], "%{y:.0%}"),
    ):
        figure.add_scatter(
            x=x,
            y=values,
            mode="lines+markers",
            line={"color": LINE, "width": 2},
            marker={"size": 5},
            hovertemplate=f"%{{x:.3g}}: {form}<extra></extra>",
            row=row,
            col=1,
        )
    for level in cutoffs:
        figure.add_hline(y=level, line={"color": NEUTRAL, "width": 1, "dash": "dot"}, row=1, col=1)
    if given is not None:
        figure.add_vline(x=given, line={"color": NEUTRAL, "width": 2})
    analyte = ANALYTES[name]
    unit = f", {analyte.unit}" if analyte.unit else ""
    figure.update_xaxes(type="log" if analyte.assay else "linear", showgrid=False)
    if analyte.assay:
        figure.update_xaxes(tickvals=[tick for tick in _TICKS if x[0] <= tick <= x[-1]], tickformat="~g")
    figure.update_xaxes(title=f"{analyte.label}{unit}", row=2, col=1)
    figure.update_yaxes(title="Centiloid", row=1, col=1)
    figure.update_yaxes(title="Probability", range=[-0.03, 1.03], tickformat=".0%", row=2, col=1)
    return plain(figure, _HEIGHT_PX).update_layout(showlegend=False)
