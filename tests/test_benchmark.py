import json

import numpy as np
import pytest

from petgen.benchmark.baselines import BASELINES, fit_baselines
from petgen.benchmark.bootstrap import Figure, resamples, with_intervals
from petgen.benchmark.ceiling import Knowable, knowable
from petgen.benchmark.evaluate import Measured, Metrics, summarise
from petgen.benchmark.rows import Judged, Rows, across, auc, figures
from petgen.benchmark.tables import write_metrics
from petgen.case import Biomarkers
from petgen.cohort import biology
from petgen.cohort.ideal import LOADS, Ideal
from petgen.imaging.grid import SHAPE
from petgen.quantify.agreement import Agreement

REGIONS = 5


def agreement_of(made: float, real: float, seed: int = 0, similar: float = 0.9) -> Agreement:
    rng = np.random.default_rng(seed)
    shape = np.linspace(0.8, 1.4, REGIONS)
    regions = np.stack([shape + load / 200 + rng.normal(0, 0.01, REGIONS) for load in (made, real)])
    suvr = tuple((load + 186.95) / 179.64 for load in (made, real))
    return Agreement(0.97, similar, 30.0, 0.05, 0.95, suvr, (made, real), regions)


def people_of(n: int = 60, noise: float = 10.0) -> list[Measured]:
    rng = np.random.default_rng(3)
    found = []
    for k in range(n):
        real = float(rng.choice([0.0, 70.0]) + rng.normal(0, 10))
        made = real + float(rng.normal(0, noise))
        typical = np.linspace(0.8, 1.4, REGIONS) + real / 200
        intervals = (made - 16, made + 16), np.array([[0.0, 3.0]] * REGIONS)
        expected = typical + np.random.default_rng(k).normal(0, 0.1, REGIONS)
        judged = {"petgen": Judged(agreement_of(made, real, k), *intervals, expected)}
        judged |= {name: Judged(agreement_of(20.0, real, k, 0.8)) for name in BASELINES}
        best = Knowable(real + float(rng.normal(0, 8)), float(real >= 25), typical, typical + rng.normal(0, 0.1))
        found.append(Measured(f"brain{k % 6}", judged, "positive/core" if made > 30 else "negative/core", 0.95, best))
    return found


@pytest.fixture(scope="module")
def metrics() -> Metrics:
    return summarise(people_of(), ["petgen"], "simulated-cohort", "60 people", {"petgen": "0" * 64})


def test_figures_say_what_was_put_in(metrics):
    ours = metrics.variants["petgen"]
    assert ours["ssim_skill"].value == pytest.approx((0.9 - 0.8) / (0.95 - 0.8), abs=1e-4)
    assert 5 < ours["centiloid_mae"].value < 11
    assert ours["auc_spet"].value > 0.95
    assert ours["coverage_90_centiloid"].value == pytest.approx(0.9, abs=0.1)
    assert ours["coverage_90_regions"].value == 1
    assert ours["interval_width_cl"].value == pytest.approx(32)
    assert ours["regional_r_across"].value > 0.9
    assert metrics.baselines["mean_map"]["auc_spet"].value == 0.5
    assert metrics.baselines["mean_map"]["ssim_skill"].value == 0
    assert "coverage_90_centiloid" not in metrics.baselines["mean_map"]
    assert metrics.ceiling["auc"].value == 1
    assert metrics.n_anatomies == 6
    for table in (*metrics.variants.values(), *metrics.baselines.values(), metrics.ceiling):
        assert all(figure.ci95[0] <= figure.value <= figure.ci95[1] for figure in table.values())


def test_differences_are_paired(metrics):
    gap = metrics.difference["mean_map"]
    assert gap["centiloid_mae"].ci95[1] < 0
    assert gap["ssim_brain"].value == pytest.approx(0.1, abs=1e-4)
    assert metrics.difference["ceiling"]["centiloid_mae_ratio"].value > 1
    assert "auc_spet" in metrics.difference["ceiling"]
    expected, default = (metrics.ceiling[f"regional_r_across{which}"].value for which in ("", "_default"))
    assert default < expected
    ours = metrics.variants["petgen"]["regional_r_across"].value
    assert metrics.difference["ceiling"]["regional_r_across_default"].value == pytest.approx(ours - default, abs=1e-4)


def test_expected_regions_are_set_against_expected_regions(metrics):
    for name in ("regional_r_across", "regional_r_within"):
        ours, best = metrics.variants["petgen"][f"{name}_expected"].value, metrics.ceiling[name].value
        assert 0 < ours < best
        gap = metrics.difference["ceiling"][f"{name}_expected"].value
        assert gap == pytest.approx(ours - best, abs=1e-4)
        assert f"{name}_expected" not in metrics.baselines["blend"]


def test_cells_are_counted(metrics):
    assert sum(cell.n for cell in metrics.cells.values()) == 60
    assert set(metrics.cells) == {"negative/core", "positive/core"}


def test_files_hold_the_same_and_fit_the_schema(metrics, tmp_path):
    files = write_metrics(metrics, "name\n", tmp_path)
    assert Metrics.model_validate_json(files[0].read_text()) == metrics
    assert set(json.loads(files[1].read_text())["properties"]) == set(json.loads(files[0].read_text()))
    text = files[2].read_text()
    assert "simulated-cohort" in text
    assert "| positive/core |" in text
    assert "mean map" in text


def test_a_site_without_truth_has_no_ceiling():
    found = [Measured(f"p{k}", item.judged, item.cell, float("nan"), None) for k, item in enumerate(people_of(12))]
    metrics = summarise(found, ["petgen"], "site-cohort", "12 people", {})
    assert metrics.ceiling == {}
    assert "ceiling" not in metrics.difference
    assert "ssim_skill" not in metrics.variants["petgen"]


def test_resampling_draws_anatomies_first():
    groups = ["a"] * 30 + ["b"] * 30
    draws = resamples(groups, 200)
    shares = [np.mean(chosen < 30) for chosen in draws]
    assert all(len(chosen) == 60 for chosen in draws)
    assert {0.0, 0.5, 1.0} == set(shares)
    alone = resamples([str(k) for k in range(50)], 5)
    assert all(0 < len(set(chosen.tolist())) < 50 for chosen in alone)


def test_interval_of_a_mean_is_about_right():
    values = np.random.default_rng(0).normal(5, 2, 400)
    found = with_intervals(lambda k: {"mean": float(values[k].mean())}, 400, resamples([str(k) for k in range(400)]))
    assert isinstance(found["mean"], Figure)
    width = found["mean"].ci95[1] - found["mean"].ci95[0]
    assert width == pytest.approx(2 * 1.96 * 2 / 20, rel=0.15)


def test_auc_and_correlation_across_people():
    from sklearn.metrics import roc_auc_score

    rng = np.random.default_rng(0)
    score, positive = rng.integers(0, 5, 80).astype(float), rng.random(80) > 0.6
    assert auc(score, positive) == pytest.approx(roc_auc_score(positive, score))
    assert np.isnan(auc(score, np.ones(80, bool)))
    real = rng.normal(size=(80, 3))
    assert across(real * 2 + 1, real) == pytest.approx(1)
    assert across(np.ones((80, 3)), real) == 0
    real[0, 1] = np.nan
    assert across(real, real) == pytest.approx(1)


def test_what_the_load_explains_is_taken_out():
    rng = np.random.default_rng(0)
    loads, own = rng.uniform(0, 100, 200), rng.normal(0, 0.1, (200, REGIONS))
    rows = Rows([Judged(agreement_of(load, load)) for load in loads]).arrays()
    rows["regions"] = np.stack([loads[:, None] / 100 + own, loads[:, None] / 100 + own], 1)
    knows = figures(rows, rows["ssim_brain"], None)
    rows["regions"][:, 0] = loads[:, None] / 100 + rng.normal(0, 0.1, own.shape)
    guesses = figures(rows, rows["ssim_brain"], None)
    assert knows["regional_r_given_load"] == pytest.approx(1)
    assert guesses["regional_r_across"] > 0.8
    assert abs(guesses["regional_r_given_load"]) < 0.1


class _Cohort:
    """Scans that are the values: brighter with p-tau217."""

    provenance = "simulated-cohort"
    seen = tuple(Biomarkers(age=60 + k % 20, p_tau217=0.1 + 0.04 * k) for k in range(30))

    def values(self, name: str) -> Biomarkers:
        return self.seen[int(name)]

    def read(self, name: str):
        from types import SimpleNamespace

        amount = self.seen[int(name)].p_tau217
        pet = np.full(SHAPE, 1 + amount, np.float32)
        return SimpleNamespace(pet=pet, mask=np.ones(SHAPE, bool), centiloid=-10 + 80 * amount)


def test_baselines_follow_the_values_they_are_allowed_to_see():
    cohort = _Cohort()
    baselines = fit_baselines(cohort, [str(k) for k in range(30)])  # type: ignore[arg-type]
    low, high = Biomarkers(age=70, p_tau217=0.2), Biomarkers(age=70, p_tau217=1.0)
    means = {name: [float(baselines.paint(name, values).mean()) for values in (low, high)] for name in BASELINES}
    assert means["mean_map"][0] == means["mean_map"][1] == pytest.approx(1 + 0.1 + 0.04 * 14.5, abs=1e-3)
    for name in ("blend", "ridge"):
        assert means[name] == pytest.approx([1.2, 2.0], abs=0.12)


def test_the_ceiling_follows_the_exact_posterior():
    typical = 1 + np.array(LOADS)[:, None] / 100 * np.array([1.0, 0.0])
    ideal = Ideal(np.zeros(SHAPE, np.float32), typical)
    volumes = biology.typical_volumes(70.0, -0.5)
    negative, positive = (knowable(Biomarkers(age=70, p_tau217=x), *volumes, ideal) for x in (0.15, 1.5))
    assert negative.centiloid < 10 < 50 < positive.centiloid
    assert negative.chance < 0.1 < 0.9 < positive.chance
    assert positive.regions[0] > 1.5 > 1.1 > negative.regions[0]
    assert positive.regions[1] == pytest.approx(1)
    unsure = knowable(Biomarkers(age=70), *volumes, ideal)
    assert unsure.default[0] < unsure.regions[0] - 0.05
    assert positive.default[0] == pytest.approx(positive.regions[0], abs=0.2)
