import numpy as np
import pytest

from petgen.benchmark.bootstrap import resamples, with_intervals
from petgen.benchmark.status import PanelScores, StatusMetrics, agreement, judged, reads_by_load, reliability
from petgen.benchmark.status_tables import write_status
from petgen.diagnosis.evidence import MODELS


def _told(n: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    said = rng.beta(0.6, 1.2, n)
    return said, rng.random(n) < said


def test_probabilities_that_come_true_have_no_calibration_error():
    said, positive = _told()
    found = judged(said, positive)
    assert found["calibration_error"] < 0.03
    assert judged(said**3, positive)["calibration_error"] > 0.1
    assert found["brier"] == pytest.approx(np.mean(said * (1 - said)), abs=0.01)


def test_bins_hold_everybody_once():
    said, positive = _told(987)
    bins = reliability(said, positive)
    assert sum(point.n for point in bins) == 987
    assert [point.said for point in bins] == sorted(point.said for point in bins)
    assert sum(point.n * point.seen for point in bins) == pytest.approx(positive.sum(), abs=0.1)


def test_agreement_is_cohens():
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(1)
    truth = rng.random(300) < 0.3
    one = np.where(rng.random(300) < 0.2, ~truth, truth)
    found = agreement(one, truth)
    assert found["kappa"] == pytest.approx(cohen_kappa_score(one, truth))
    assert found["sensitivity"] == pytest.approx(one[truth].mean())
    assert found["specificity"] == pytest.approx((~one)[~truth].mean())


def test_one_kind_of_people_gives_no_sensitivity():
    found = agreement(np.zeros(5, bool), np.zeros(5, bool))
    assert found == {"accuracy": 1.0, "specificity": 1.0}


def test_files_tell_panels_models_and_the_paper(tmp_path):
    said, positive = _told(200)
    draws = resamples([str(k) for k in range(200)], rounds=20)
    figures = with_intervals(lambda k: judged(said[k], positive[k]), 200, draws)
    reader = with_intervals(lambda k: agreement(said[k] > 0.5, positive[k]), 200, draws)
    panel = PanelScores(
        n=200,
        positive=float(positive.mean()),
        models=dict.fromkeys(MODELS, figures),
        spet_minus_inputs=figures,
        reliability=dict.fromkeys(MODELS, reliability(said, positive)),
        by_chance=dict.fromkeys(MODELS, 0.04),
        reader=reader,
    )
    metrics = StatusMetrics(
        panels={"all values": panel, "with p-tau217": panel, "the paper's values": panel},
        reference_reader=reader,
        reads_by_load=reads_by_load(said > 0.5, 100 * said),
        n_anatomies=7,
        provenance="simulated-cohort",
        petgen_version="0",
    )
    files = write_status(metrics, tmp_path / "new")
    text = files[1].read_text()
    assert StatusMetrics.model_validate_json(files[0].read_text()) == metrics
    assert "say nothing about patients" in text
    assert text.count("| all inputs, no image |") == 3
    assert text.count("| 0.78 |") == 1
    assert text.count("synthetic PET 0.040") == 3
    assert "| 60 and above | " in text
    assert files[2].stat().st_size > 10_000


def test_reads_are_counted_by_load():
    found = reads_by_load(np.array([False, False, True, True, True]), np.array([-3.0, 30.0, 39.9, 40.0, 120.0]))
    assert [(reads.load, reads.n, reads.positive) for reads in found] == [
        ("below 10", 1, 0.0),
        ("25 to 40", 2, 0.5),
        ("40 to 60", 1, 1.0),
        ("60 and above", 1, 1.0),
    ]
