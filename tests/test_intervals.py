import numpy as np
import pytest

from petgen.case import Biomarkers, InputError
from petgen.diagnosis.intervals import (
    EVERYBODY,
    FEWEST,
    LEAST,
    Intervals,
    cell_of,
    fit_intervals,
    load_ranks,
    panel_of,
    region_ranks,
)

EDGES = np.linspace(-40, 160, 21)


def test_panels_and_zones_make_the_cell():
    assert panel_of(Biomarkers(p_tau217=0.3, nfl=12)) == "p_tau217"
    assert panel_of(Biomarkers(nfl=12)) == "core"
    assert panel_of(Biomarkers(age=70, gfap=100)) == "none"
    assert cell_of(20, Biomarkers(abeta42_40=0.03)) == "intermediate/core"


def _normal_posterior(mean: float, sd: float) -> np.ndarray:
    from scipy.stats import norm

    return np.diff(norm.cdf(EDGES, mean, sd))


@pytest.mark.parametrize("stated", [8.0, 20.0, 35.0])
def test_intervals_cover_nine_of_ten_however_sure_the_posterior_is(stated):
    rng = np.random.default_rng(0)
    means = rng.uniform(0, 100, 3000)
    truth = np.clip(means + rng.normal(0, 20, 3000), EDGES[0], EDGES[-1])
    posteriors = [_normal_posterior(mean, stated) for mean in means]
    ranks = np.array([load_ranks(p, EDGES, y) for p, y in zip(posteriors, truth, strict=True)])
    regions = np.full((1000, 2), 0.5) + rng.uniform(-0.5, 0.5, (1000, 2))
    fitted = fit_intervals(["positive/core"] * 1000, ranks[:1000], regions, np.array([0.05, 0.05]), "test")
    spans = [fitted.centiloid(p, EDGES, "positive/core") for p in posteriors[1000:]]
    inside = [low <= y <= high for (low, high), y in zip(spans, truth[1000:], strict=True)]
    assert np.mean(inside) == pytest.approx(0.9, abs=0.03)


def test_cells_differ_and_rare_ones_borrow():
    rng = np.random.default_rng(1)
    n = 400
    cells = ["negative/core"] * n + ["positive/core"] * n + ["positive/none"] * (LEAST - 1)
    sharp = 0.5 + 0.2 * rng.uniform(-0.5, 0.5, n)
    ranks = np.concatenate([sharp, rng.random(n), rng.random(LEAST - 1)])
    fitted = fit_intervals(cells, ranks, ranks[:, None], np.array([0.05]), "test")
    assert fitted.load["negative/core"] < 0.12 < 0.4 < fitted.load["positive/core"]
    assert fitted.find("positive/none") == "positive"
    assert fitted.find("intermediate/none") == EVERYBODY
    assert fitted.n["positive"] == n + LEAST - 1


def test_regions_get_wider_where_the_load_is_open():
    centres = (EDGES[1:] + EDGES[:-1]) / 2
    lines = np.stack([1 + centres / 100, np.full_like(centres, 1.2), np.full_like(centres, np.nan)], 1)
    rng = np.random.default_rng(2)
    fitted = fit_intervals(["negative/core"] * 500, rng.random(500), rng.random((500, 3)), np.full(3, 0.04), "test")
    sure, open_ = (fitted.of_regions(_normal_posterior(50, sd), lines, "negative/core") for sd in (5.0, 40.0))
    width = np.diff(sure)[:, 0], np.diff(open_)[:, 0]
    assert width[1][0] > 2 * width[0][0]
    assert width[1][1] == pytest.approx(width[0][1], rel=0.02)
    assert np.isnan(sure[2]).all()


def test_region_ranks_are_uniform_under_the_mixture():
    centres = (EDGES[1:] + EDGES[:-1]) / 2
    lines = (1 + centres / 100)[:, None]
    chances = _normal_posterior(40, 25)
    rng = np.random.default_rng(3)
    loads = rng.choice(centres, 4000, p=chances / chances.sum())
    seen = (1 + loads / 100) * (1 + 0.05 * rng.normal(size=4000))
    ranks = np.array([region_ranks(chances, lines, np.array([0.05]), np.array([y]))[0] for y in seen])
    assert np.abs(np.histogram(ranks, 10, (0, 1))[0] / 400 - 1).max() < 0.2


def test_intervals_come_back_and_damage_is_named(tmp_path):
    rng = np.random.default_rng(4)
    fitted = fit_intervals(["negative/core"] * 60, rng.random(60), rng.random((60, 2)), np.array([0.03, 0.04]), "test")
    file = tmp_path / "intervals.json"
    fitted.save(file)
    assert Intervals.read(file) == fitted
    file.write_text("{}")
    with pytest.raises(InputError, match=r"intervals\.json"):
        Intervals.read(file)


def test_few_people_have_one_width_for_everybody_and_fewer_have_none():
    rng = np.random.default_rng(5)
    ranks, cells = rng.random((FEWEST, 3)), ["negative/core"] * FEWEST
    fitted = fit_intervals(cells, ranks[:, 0], ranks[:, 1:], np.full(2, 0.03), "a site")
    assert fitted.find("negative/core") == EVERYBODY
    deviations = np.sort(np.abs(ranks[:, 0] - 0.5))
    assert fitted.load[EVERYBODY] == pytest.approx(deviations[-2])
    with pytest.raises(InputError, match=r"19 calibration scans are too few, 20 are needed"):
        fit_intervals(cells[1:], ranks[1:, 0], ranks[1:, 1:], np.full(2, 0.03), "a site")
