import pandas as pd
import pytest

from petgen.quantify.groups import group_means
from petgen.views import centiloid_scale, chart_height, cortical_regions, regional_bars


def test_bars_hold_the_numbers_of_the_regions(synthesis):
    figure = regional_bars(synthesis.regions)
    left, right, _, negative = figure.data
    given = synthesis.regions.set_index(["name", "hemisphere"])["suvr"]
    at = list(left.y[1]).index("precuneus")
    assert left.x[at] == pytest.approx(given["precuneus", "L"])
    assert right.x[at] == pytest.approx(given["precuneus", "R"])
    group = group_means().set_index("label")["negative"]
    assert negative.x[at] == pytest.approx((group[1025] + group[2025]) / 2)
    assert figure.layout.height == chart_height(synthesis.regions)


def test_every_cortical_region_is_in_a_lobe_and_nothing_else_is(synthesis):
    cortex = synthesis.regions[synthesis.regions["index"] >= 1000]
    rows = cortical_regions(synthesis.regions)
    assert len(rows) == cortex["name"].nunique()
    assert rows[["L", "R"]].notna().all(axis=None)


def test_regions_are_sorted_within_lobes_and_lobes_stay_together(synthesis):
    rows = cortical_regions(synthesis.regions)
    assert rows["lobe"].ne(rows["lobe"].shift()).sum() == rows["lobe"].nunique()
    for _, lobe in rows.groupby("lobe"):
        assert lobe["mean"].is_monotonic_decreasing


def test_a_hemisphere_that_is_missing_leaves_a_gap():
    regions = pd.DataFrame({"index": [1025], "name": ["precuneus"], "hemisphere": ["L"], "suvr": [1.5]})
    rows = cortical_regions(regions)
    assert rows.loc[0, "L"] == 1.5
    assert pd.isna(rows.loc[0, "R"])


@pytest.mark.parametrize("value", [-60.0, 0.0, 21.4, 64.5, 180.0])
def test_the_scale_shows_the_centiloid_inside_its_range(value):
    figure = centiloid_scale(value)
    assert figure.data[-1].x == (value,)
    low, high = figure.layout.xaxis.range
    assert low < value < high


def test_the_zones_meet_at_10_and_30():
    negative, intermediate, positive = centiloid_scale(20.0).data[:3]
    assert negative.base[0] + negative.x[0] == 10
    assert intermediate.base[0] == 10
    assert intermediate.base[0] + intermediate.x[0] == 30
    assert positive.base[0] == 30


def test_an_interval_is_drawn_where_there_is_one():
    drawn = [trace for trace in centiloid_scale(64.0, (50.0, 80.0)).data if trace.name == "interval"]
    assert drawn[0].x == (50.0, 80.0)
