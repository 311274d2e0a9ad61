import numpy as np
import pytest

from petgen.assets import asset
from petgen.case import Biomarkers, InputError, check_biomarkers
from petgen.cohort import biology
from petgen.diagnosis.values import ValuesModel, features, fit_values


@pytest.fixture(scope="module")
def cohort():
    rng = np.random.default_rng(5)
    people = biology.draw(3000, rng)
    seen = biology.hide_missing(people, rng)
    checked = [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()]
    return checked, people["centiloid"].to_numpy() >= 25


def test_missing_values_are_marked_not_filled():
    row = features([Biomarkers(age=70)])[0]
    assert row.shape == (30,)
    assert row[0] == 70
    assert np.isnan(row[1:15]).all()
    np.testing.assert_array_equal(row[15:], [0.0] + [1.0] * 14)


def test_the_fit_learns_and_comes_back_from_disk(cohort, tmp_path):
    from sklearn.metrics import roc_auc_score

    people, positive = cohort
    model = fit_values(people[:2000], positive[:2000], epochs=8)
    assert roc_auc_score(positive[2000:], model.probability(people[2000:])) > 0.8
    model.save(tmp_path / "values.safetensors")
    again = ValuesModel.load(tmp_path / "values.safetensors")
    np.testing.assert_array_equal(model.probability(people[:5]), again.probability(people[:5]))


def test_damaged_weights_are_named(tmp_path):
    path = tmp_path / "values.safetensors"
    path.write_bytes(b"not safetensors")
    with pytest.raises(InputError, match=r"values\.safetensors"):
        ValuesModel.load(path)


def test_the_bundled_model_is_calibrated_on_fresh_people(cohort):
    people, positive = cohort
    chance = ValuesModel.load(asset("weights", "values.safetensors")).probability(people)
    bins = np.digitize(chance, np.linspace(0, 1, 6)[1:-1])
    gaps = [abs(chance[bins == k].mean() - positive[bins == k].mean()) * (bins == k).mean() for k in np.unique(bins)]
    assert sum(gaps) < 0.04


def test_more_p_tau217_means_more_amyloid():
    model = ValuesModel.load(asset("weights", "values.safetensors"))
    chances = model.probability([check_biomarkers({"age": 70, "sex": "F", "p_tau217": v}) for v in (0.2, 0.5, 0.9)])
    assert chances[0] < 0.2 < chances[2]
    assert list(chances) == sorted(chances)
