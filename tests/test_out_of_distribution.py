import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from petgen.case import Biomarkers, InputError
from petgen.cohort import biology
from petgen.diagnosis.familiarity import Familiarity, ScanDistance, fit_familiarity
from petgen.diagnosis.out_of_distribution import LITRES, SCAN, SIMILARITY, Signs, light

INSIDE = np.ones((4, 4, 4), bool)


def _features(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(size=(6, 4, 4, 4)).astype(np.float32)


@pytest.fixture(scope="module")
def familiarity() -> Familiarity:
    rng = np.random.default_rng(0)
    people = [Biomarkers(**biology.values_of(row)) for _, row in biology.draw(1500, rng).iterrows()]
    seen = biology.hide_missing(biology.draw(400, rng), rng)
    ordinary = [Biomarkers(**biology.values_of(row)) for _, row in seen.iterrows()]
    scans = [_features(rng) for _ in range(60)]
    return fit_familiarity(scans[:40], scans[40:], INSIDE, people, ordinary)


def test_an_ordinary_scan_is_about_one_and_a_strange_one_is_not(familiarity):
    rng = np.random.default_rng(1)
    assert familiarity.of_scan(_features(rng)).overall == pytest.approx(1, abs=0.3)
    assert familiarity.of_scan(_features(rng) + 3).overall > familiarity.limits["scan_overall"]


def test_a_strange_place_shows_though_the_whole_does_not(familiarity):
    scan = _features(np.random.default_rng(2))
    scan[:, 1:3, 1:3, 1:3] += 2
    found = familiarity.of_scan(scan)
    assert found.worst > familiarity.limits["scan_worst"]
    assert found.overall < 2.5


def test_values_impossible_together_are_far_though_each_is_in_range(familiarity):
    odd = Biomarkers(p_tau217=6.0, p_tau181=0.3, gfap=40, nfl=5, age=84)
    assert familiarity.of_values(odd) > familiarity.limits["values_red"]
    usual = Biomarkers(age=72, p_tau217=0.35, p_tau181=1.6, gfap=120, nfl=16, mmse=28)
    assert familiarity.of_values(usual) < familiarity.limits["values_amber"]


def test_one_value_has_nothing_joint(familiarity):
    assert familiarity.of_values(Biomarkers(p_tau217=10)) == 0
    assert familiarity.of_values(Biomarkers()) == 0


def test_a_file_keeps_everything(familiarity, tmp_path):
    familiarity.save(tmp_path / "f.safetensors")
    kept = Familiarity.load(tmp_path / "f.safetensors")
    scan = _features(np.random.default_rng(3))
    assert kept.of_scan(scan).overall == pytest.approx(familiarity.of_scan(scan).overall, rel=1e-4)
    assert kept.of_scan(scan).worst == pytest.approx(familiarity.of_scan(scan).worst, rel=1e-4)
    values = Biomarkers(age=70, p_tau217=0.5, nfl=20)
    assert kept.of_values(values) == pytest.approx(familiarity.of_values(values), rel=1e-3, abs=1e-3)
    assert kept.limits == familiarity.limits


def test_a_damaged_file_is_named(tmp_path):
    (tmp_path / "f.safetensors").write_bytes(b"123")
    with pytest.raises(InputError, match=r"f\.safetensors"):
        Familiarity.load(tmp_path / "f.safetensors")


LIMITS = {"scan_overall": 2.0, "scan_worst": 6.0, "values_amber": 2.3, "values_red": 3.2}


def _signs(**changes) -> Signs:
    fine = {
        "similarity": 0.92,
        "litres": 1.4,
        "scan": ScanDistance(1.0, 3.0),
        "values": 0.5,
        "limits": LIMITS,
        "warnings": (),
    }
    return Signs(**{**fine, **changes})


def test_an_ordinary_case_is_green_without_reasons():
    found = light(_signs())
    assert (found.level, found.reasons) == ("green", [])


@pytest.mark.parametrize(
    ("changes", "level", "word"),
    [
        ({"similarity": SIMILARITY["amber"] - 0.005}, "amber", "template"),
        ({"similarity": SIMILARITY["red"] - 0.01}, "red", "template"),
        ({"similarity": float("nan")}, "red", "template"),
        ({"litres": LITRES["amber"][0] - 0.05}, "amber", "litres"),
        ({"litres": LITRES["red"][0] - 0.05}, "red", "litres"),
        ({"scan": ScanDistance(2.0 * SCAN["overall"]["amber"] + 0.1, 3.0)}, "amber", "as a whole"),
        ({"scan": ScanDistance(2.0 * SCAN["overall"]["red"] + 0.1, 3.0)}, "red", "as a whole"),
        ({"scan": ScanDistance(1.0, 6.5)}, "amber", "in one place"),
        ({"values": 2.5}, "amber", "together"),
        ({"values": 9.0}, "red", "together"),
        ({"warnings": ("The header's qform and sform disagree.",)}, "amber", "qform"),
    ],
)
def test_each_sign_turns_the_light_and_says_why(changes, level, word):
    found = light(_signs(**changes))
    assert found.level == level
    assert any(word in reason for reason in found.reasons)


@given(st.floats(0, 1), st.floats(0.1, 4), st.floats(0, 20), st.floats(0, 60), st.floats(0, 40))
def test_the_light_is_green_exactly_when_it_has_no_reason(similarity, litres, overall, worst, values):
    found = light(_signs(similarity=similarity, litres=litres, scan=ScanDistance(overall, worst), values=values))
    assert (found.level == "green") == (not found.reasons)
