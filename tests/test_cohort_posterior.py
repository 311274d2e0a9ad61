import numpy as np
import pytest

from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort.ideal import centiloid_noise
from petgen.cohort.posterior import GRID, centiloid_posterior, grid_quantile, load_posterior

TYPICAL = biology.typical_volumes(66.0, -0.5)


@pytest.fixture(scope="module")
def people():
    """Drawn people with their exact posteriors, volumes missed as a deformed brain misses them."""
    rng = np.random.default_rng(11)
    drawn = biology.draw(700, rng)
    seen = biology.hide_missing(drawn, rng)
    missed = np.exp(0.10 * rng.normal(-0.07, 0.39, len(drawn)))
    chances = [
        load_posterior(Biomarkers(**biology.values_of(row)), hippocampus, ventricles)
        for (_, row), hippocampus, ventricles in zip(
            seen.iterrows(), drawn["hippocampus"] * missed, drawn["ventricles"], strict=True
        )
    ]
    return drawn["centiloid"].to_numpy(), np.array(chances)


def test_ranks_of_the_true_load_are_uniform(people):
    load, chances = people
    ranks = np.array([np.interp(x, GRID, np.cumsum(p) - p / 2) for x, p in zip(load, chances, strict=True)])
    counts = np.histogram(ranks, 5, (0, 1))[0]
    assert ((counts - 140) ** 2 / 140).sum() < 18.5, counts
    assert abs(((ranks > 0.05) & (ranks < 0.95)).mean() - 0.9) < 0.035


def test_no_recalibration_would_help(people):
    load, chances = people
    said, positive = chances[:, GRID >= 25].sum(1), load >= 25
    for low, high in ((0, 0.1), (0.1, 0.4), (0.4, 0.8), (0.8, 1.01)):
        group = (said >= low) & (said < high)
        error = 4 * np.sqrt((said[group] * (1 - said[group])).mean() / group.sum()) + 0.01
        assert abs(said[group].mean() - positive[group].mean()) < error


def test_every_kind_of_value_says_something():
    nothing = load_posterior(Biomarkers(), *TYPICAL)
    high = {
        "age": 85, "apoe4": 2, "mmse": 12, "moca": 8, "avlt": 0, "abeta42_40": 0.025, "p_tau181": 4.0, "nfl": 60,
        "p_tau217": 1.2, "gfap": 300,
    }  # fmt: skip
    for name, value in high.items():
        assert not np.allclose(load_posterior(Biomarkers(**{name: value}), *TYPICAL), nothing, atol=1e-4), name
    for name in ("apoe4", "abeta42_40", "p_tau181", "p_tau217", "gfap"):
        more = load_posterior(Biomarkers(**{name: high[name]}), *TYPICAL)
        assert more @ GRID > nothing @ GRID, name
    small = load_posterior(Biomarkers(age=66), TYPICAL[0] * 0.75, TYPICAL[1] * 1.5)
    assert small @ GRID > load_posterior(Biomarkers(age=66), *TYPICAL) @ GRID


def test_the_ratio_may_come_from_its_parts():
    parts = load_posterior(Biomarkers(age=70, abeta40=140, abeta42=4.2), *TYPICAL)
    whole = load_posterior(Biomarkers(age=70, abeta40=140, abeta42=4.2, abeta42_40=0.03), *TYPICAL)
    np.testing.assert_allclose(parts, whole)
    alone = load_posterior(Biomarkers(age=70, abeta42=4.2), *TYPICAL)
    assert not np.allclose(alone, whole, atol=1e-4)


def test_a_scan_is_less_certain_than_the_load():
    certain = np.zeros(len(GRID))
    certain[GRID == 50] = 1
    measured = centiloid_posterior(certain)
    assert measured.sum() == pytest.approx(1)
    assert np.sqrt(measured @ (GRID - 50) ** 2) == pytest.approx(float(centiloid_noise(np.array(50.0))), rel=0.02)
    assert grid_quantile(measured, 0.5) == pytest.approx(50, abs=0.6)
    assert grid_quantile(measured, 0.05) < 46
