"""Statistics of readers against worked examples of the literature and against other libraries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from petgen.benchmark.estimates import LEAST_CASES, over_cases, proportion
from petgen.benchmark.reader_agreement import between, fleiss_kappa
from petgen.benchmark.reader_origin import by_origin
from petgen.benchmark.readers import Read, by_reader, cohens_kappa, same_patient

BOOLS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30)


def reads(pairs, *, reader="R1", scan="synthetic", first=0):
    """One read a case of (said, truth)."""
    return [
        Read(reader, f"c{k:02}", scan, bool(said), bool(truth), 1 + k % 5, 3, 10.0 * (k + 1))
        for k, (said, truth) in enumerate(pairs, start=first)
    ]


def test_wilson_is_that_of_the_textbook():
    """81 of 263 (Newcombe 1998, Stat Med 17:857, table I, method 3)."""
    found = proportion(81, 263)
    assert (found.value, found.n) == (81 / 263, 263)
    assert found.interval == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert proportion(0, 20).interval == pytest.approx((0, 0.1611), abs=5e-5)
    assert proportion(1, 29).interval == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_the_exact_interval_is_that_of_clopper_and_pearson():
    """Newcombe 1998, table I, method 5."""
    assert proportion(81, 263, "exact").interval == pytest.approx((0.2527, 0.3676), abs=5e-5)
    assert proportion(1, 29, "exact").interval == pytest.approx((0.0009, 0.1776), abs=5e-5)


def test_nothing_read_gives_nothing():
    found = proportion(0, 0)
    assert (found.value, found.n, found.interval) == (None, 0, None)


def test_sensitivity_and_specificity_are_counted_on_their_own():
    rows = by_reader(reads([(1, 1)] * 8 + [(0, 1)] * 2 + [(0, 0)] * 9 + [(1, 0)]))
    (found,) = rows
    assert (found.reader, found.scan, found.n) == ("R1", "synthetic", 20)
    assert (found.accuracy.value, found.sensitivity.value, found.specificity.value) == (0.85, 0.8, 0.9)
    assert (found.sensitivity.n, found.specificity.n) == (10, 10)
    assert found.kappa.value == pytest.approx(0.7)
    assert found.kappa.interval[0] < 0.7 < found.kappa.interval[1]
    assert (found.confidence, found.quality, found.seconds) == (3, 3, 105)


def test_a_series_without_positives_has_no_sensitivity():
    (found,) = by_reader(reads([(0, 0)] * 12))
    assert (found.sensitivity.value, found.sensitivity.n, found.sensitivity.interval) == (None, 0, None)
    assert found.specificity.value == 1
    assert found.kappa.value is None


def test_the_scans_of_each_kind_are_counted_apart():
    found = by_reader(reads([(1, 1), (0, 0)], scan="reference") + reads([(0, 1), (0, 0)]) + reads([(1, 1)], reader="A"))
    assert [(row.reader, row.scan, row.n, row.accuracy.value) for row in found] == [
        ("A", "synthetic", 1, 1.0),
        ("R1", "reference", 2, 1.0),
        ("R1", "synthetic", 2, 0.5),
    ]


@given(BOOLS)
def test_cohens_kappa_is_scikit_learns(pairs):
    one, other = (np.array(column) for column in zip(*pairs, strict=True))
    found = cohens_kappa(one, other, ["one case"] * len(pairs)).value
    if len({*one, *other}) == 1:
        assert found is None
    else:
        assert found == pytest.approx(cohen_kappa_score(one, other, labels=[False, True]))


@given(BOOLS)
def test_kappa_cannot_tell_who_is_who_and_rises_to_one(pairs):
    one, other = (np.array(column) for column in zip(*pairs, strict=True))
    cases = [str(k) for k in range(len(pairs))]
    value = cohens_kappa(one, other, cases[:1] * len(pairs)).value
    assert value == pytest.approx(cohens_kappa(other, one, cases[:1] * len(pairs)).value)
    assert value is None or value <= 1 + 1e-12
    if one.any() and not one.all():
        assert cohens_kappa(one, one, cases[:1] * len(pairs)).value == pytest.approx(1)


def test_few_cases_or_full_agreement_get_no_bootstrap_interval():
    said = np.arange(LEAST_CASES * 2) % 3 == 0
    cases = [str(k) for k in range(len(said))]
    assert cohens_kappa(said, said, cases).interval is None
    other = said ^ (np.arange(len(said)) < 4)
    few = slice(0, LEAST_CASES - 1)
    assert cohens_kappa(said, other, cases).interval is not None
    assert cohens_kappa(said[few], other[few], cases[few]).interval is None
    assert cohens_kappa(said, other, [str(k // 4) for k in range(len(said))]).interval is None
    rare = np.arange(len(said)) == 0
    assert cohens_kappa(rare, rare, cases).interval is None


def test_the_bootstrap_covers_the_truth_as_often_as_it_says():
    """A mean of 40 cases that come in twins; rows drawn one by one would cover far too rarely."""
    rng, covered = np.random.default_rng(0), 0
    cases = [str(k // 2) for k in range(80)]
    for _ in range(40):
        values = np.repeat(rng.normal(size=40), 2)
        low, high = over_cases(lambda rows, values=values: float(values[rows].mean()), cases).interval
        covered += low <= 0 <= high
    assert covered >= 34


def test_fleiss_kappa_is_that_of_a_worked_example():
    """Four scans by three readers, by hand: P = (1 + 1/3 + 1/3 + 1) / 4 = 2/3, yes on half, so (2/3 - 1/2) / (1/2)."""
    said = np.array([[1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]], bool)
    assert fleiss_kappa(said) == pytest.approx(1 / 3)
    assert fleiss_kappa(np.ones((5, 3), bool)) is None


@settings(max_examples=30)
@given(st.lists(st.tuples(*[st.booleans()] * 3), min_size=1, max_size=20))
def test_fleiss_kappa_is_its_formula(rows):
    said = np.array(rows)
    counts = np.stack([said.sum(1), 3 - said.sum(1)], 1)
    seen = ((counts**2).sum(1) - 3).mean() / 6
    chance = ((counts.sum(0) / counts.sum()) ** 2).sum()
    found = fleiss_kappa(said)
    if chance == 1:
        assert found is None
    else:
        assert found == pytest.approx((seen - chance) / (1 - chance))


def test_readers_are_compared_on_what_all_of_them_read():
    rows = reads([(1, 1), (0, 0), (1, 0), (0, 1)]) + reads([(1, 1), (0, 0)], reader="R2") + reads([(0, 0)], reader="R3")
    found = between(rows, "synthetic")
    assert [(row.readers, row.n) for row in found] == [
        (("R1", "R2"), 2),
        (("R1", "R3"), 1),
        (("R2", "R3"), 1),
        (("R1", "R2", "R3"), 1),
    ]
    assert (found[0].same.value, found[0].kappa.value) == (1, 1)
    assert (found[1].same.value, found[1].kappa.value) == (0, 0)
    assert between(rows, "reference") == []
    assert between(reads([(1, 1)])) == []


def test_readers_without_a_scan_in_common_have_no_figure():
    (found,) = between(reads([(1, 1)]) + reads([(1, 1)], reader="R2", first=5))
    assert (found.n, found.same.value, found.kappa.value) == (0, None, None)


def test_patients_that_count_twice_get_no_wilson_interval():
    rows = [*reads([(1, 1), (0, 0)]), *reads([(1, 1), (0, 0)], scan="reference")]
    both = rows + [Read("R2", *list(vars(row).values())[1:]) for row in rows]
    assert between(both)[0].n == 4
    assert between(both)[0].same.interval is None
    assert between(both, "synthetic")[0].same.interval is not None


def test_reads_of_the_same_patient_are_compared():
    rows = reads([(1, 1), (1, 1), (0, 0), (0, 0), (1, 1)], scan="reference") + reads([(1, 1), (0, 1), (1, 0), (0, 0)])
    (found,) = same_patient(rows)
    assert (found.n, found.same.value, found.only_reference, found.only_synthetic) == (4, 0.5, 1, 1)
    assert found.kappa.value == 0
    (none,) = same_patient(reads([(1, 1)]))
    assert (none.n, none.same.value, none.kappa.value) == (0, None, None)


def test_telling_synthetic_from_reference_is_held_against_chance():
    rows = reads([(1, 1)] * 9 + [(0, 1)]) + reads([(0, 0)] * 6 + [(1, 0)] * 4, scan="reference")
    (found,) = by_origin(rows)
    assert (found.n, found.right.value) == (20, 0.75)
    assert (found.synthetic_found.value, found.reference_found.value) == (0.9, 0.6)
    assert found.p_value == pytest.approx(0.0414, abs=5e-5)
    assert found.right.interval == pytest.approx((0.509, 0.9134), abs=5e-5)
    (guess,) = by_origin(reads([(1, 1), (0, 1)]) + reads([(1, 0), (0, 0)], scan="reference"))
    assert (guess.right.value, guess.p_value) == (0.5, 1)
