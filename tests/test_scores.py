import zipfile

import numpy as np
import pytest

from petgen.case import Biomarkers, InputError
from petgen.diagnosis.evidence import BLOOD, MODELS, Evidence, blood, columns, inputs_row, table
from petgen.diagnosis.fit_scores import fit_scores
from petgen.diagnosis.scores import Scores
from petgen.quantify.atlas import regions
from petgen.quantify.tissue import TISSUE_NAMES


def _people(n: int, seed: int) -> tuple[list[Evidence], np.ndarray, list[str]]:
    """People whose amyloid shows in p-tau217, in the image, and a little in the volumes."""
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.4
    found = []
    for sick in positive:
        values = {"age": float(rng.integers(55, 85)), "sex": str(rng.choice(["F", "M"]))}
        if rng.random() < 0.7:
            values["p_tau217"] = float(np.exp(rng.normal(-1.2 + 1.2 * sick, 0.4)))
        suvr = rng.normal(1.0 + 0.25 * sick, 0.12) + rng.normal(0, 0.03, len(regions()))
        found.append(
            Evidence(
                Biomarkers(**values),
                rng.normal(0.05, 0.01, len(TISSUE_NAMES)).astype(np.float32),
                rng.normal([-0.5 * sick, 0.5 * sick], 1.0),
                suvr,
                np.full(len(regions()), 0.05),
            )
        )
    return found, positive, [f"anatomy {k % 3}" for k in range(n)]


@pytest.fixture(scope="module")
def scores() -> Scores:
    tabular, sick, _ = _people(1500, 0)
    fitting, fitting_sick, anatomies = _people(150, 1)
    calibrating, calibrating_sick, _ = _people(150, 2)
    values = [person.values for person in tabular], sick, np.array([person.volumes for person in tabular])
    return fit_scores(values, fitting, fitting_sick, anatomies, calibrating, calibrating_sick)


def test_features_have_their_names(scores):
    people, _, _ = _people(4, 3)
    for model in MODELS:
        if model != "spet_bbm":
            assert table(model, people).shape == (4, len(columns(model)))
    with pytest.raises(ValueError, match="spet_bbm"):
        table("spet_bbm", people)


def test_no_feature_is_a_label():
    names = {name for model in MODELS for name in columns(model)}
    assert not [name for name in names if "centiloid" in name.lower() or "diagnosis" in name.lower()]


def test_ratios_are_blood_values_of_their_own():
    values = Biomarkers(abeta40=200, abeta42=8, p_tau181=2)
    found = dict(zip(BLOOD, blood(values), strict=True))
    assert found["abeta42_40"] == pytest.approx(0.04)
    assert found["p_tau181_abeta42"] == pytest.approx(0.25)
    assert np.isnan(found["p_tau217"])
    assert len(inputs_row(values, np.zeros(2))) == len(columns("inputs"))


def test_every_model_tells_more_than_chance_and_is_calibrated(scores):
    people, positive, _ = _people(600, 4)
    for name, found in scores.probabilities(people).items():
        assert found.min() > 0
        assert found.max() < 1
        brier = np.mean((found - positive) ** 2)
        assert brier < positive.mean() * (1 - positive.mean()), name
        assert abs(found.mean() - positive.mean()) < 0.08, name
    assert np.mean((scores.probabilities(people)["spet"] - positive) ** 2) < 0.18


def test_blood_says_nothing_where_none_was_measured(scores):
    people, _, _ = _people(40, 5)
    without = next(person for person in people if person.values.p_tau217 is None)
    found = scores.of(without)
    assert found.bbm is None
    assert found.spet_bbm is None
    assert found.t1 is not None
    assert 0 < found.inputs < 1


def test_a_missing_age_is_no_error(scores):
    people, _, _ = _people(1, 6)
    bare = Evidence(Biomarkers(), people[0].tissue, people[0].volumes, people[0].suvr, people[0].spread)
    assert 0 < scores.of(bare).t1 < 1


def test_drivers_add_up_to_the_models_logit(scores):
    people, _, _ = _people(2, 7)
    fitted = scores.models["spet"].calibrated_classifiers_[0].estimator.estimator
    logits = fitted.decision_function(table("spet", people))
    totals = [sum(scores.drivers(person).values()) for person in people]
    assert logits[0] - logits[1] == pytest.approx(totals[0] - totals[1])


def test_a_file_gives_the_same_probabilities(scores, tmp_path):
    scores.save(tmp_path / "s.skops")
    people, _, _ = _people(20, 8)
    kept = Scores.load(tmp_path / "s.skops").probabilities(people)
    for name, found in scores.probabilities(people).items():
        np.testing.assert_array_equal(kept[name], found)


def test_damaged_and_foreign_files_are_refused(tmp_path):
    (tmp_path / "broken.skops").write_bytes(b"not an archive")
    with pytest.raises(InputError, match=r"broken\.skops"):
        Scores.load(tmp_path / "broken.skops")
    with pytest.raises(InputError, match=r"gone\.skops"):
        Scores.load(tmp_path / "gone.skops")
    _dump({"t1": 1.0}, tmp_path / "other.skops")
    with pytest.raises(InputError, match="other models"):
        Scores.load(tmp_path / "other.skops")


class _Foreign:
    def __init__(self):
        self.value = 1


def test_a_file_with_a_type_of_its_own_is_not_loaded(tmp_path):
    _dump({name: _Foreign() if name == "t1" else None for name in MODELS}, tmp_path / "odd.skops")
    with pytest.raises(InputError, match="cannot be read"):
        Scores.load(tmp_path / "odd.skops")


def _dump(found, path):
    import skops.io

    skops.io.dump(found, path, compression=zipfile.ZIP_DEFLATED)


def test_too_few_of_a_kind_is_said(scores):
    people, positive, anatomies = _people(30, 9)
    values = [person.values for person in people], positive, np.zeros((30, 2))
    with pytest.raises(InputError, match="too few people to fit on: 0 positive"):
        fit_scores(values, people, np.zeros(30, bool), anatomies, people, positive)
