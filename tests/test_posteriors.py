import numpy as np
import pytest

from petgen.benchmark.posterior_figures import compare, figures_of, posterior_lines
from petgen.benchmark.posteriors import EXACT, Said, Trial, compare_posteriors, held_out
from petgen.benchmark.wording import CONDITIONS
from petgen.case import InputError
from petgen.generator.load import CENTRES, CLASSES, EDGES, class_of

TRUE = np.array([-5.0, 3.0, 40.0, 95.0])


def said_of(loads: np.ndarray, sure: float = 1.0) -> Said:
    """Posteriors with a share `sure` in the class of each load and the rest spread evenly."""
    chances = np.full((len(loads), CLASSES), (1 - sure) / (CLASSES - 1))
    chances[np.arange(len(loads)), class_of(loads)] = sure
    return Said.of(chances, TRUE)


def test_a_sure_posterior_says_the_class():
    said = said_of(TRUE)
    classes = class_of(TRUE)
    np.testing.assert_allclose(said.median, CENTRES[classes], atol=1e-6)
    np.testing.assert_allclose(said.chance, [0, 0, 1, 1], atol=1e-9)
    np.testing.assert_allclose(said.nats, 0, atol=1e-9)
    assert ((EDGES[classes] <= said.low) & (said.high <= EDGES[classes + 1])).all()
    figures = figures_of(said, TRUE, np.arange(4))
    assert (figures["auc"], figures["nats"]) == (1.0, pytest.approx(0, abs=1e-9))
    assert figures["centiloid_mae"] < 9


def test_a_wrong_posterior_is_found_out():
    wrong = figures_of(said_of(TRUE[::-1].copy(), 0.9), TRUE, np.arange(4))
    assert wrong["auc"] < 0.5
    assert wrong["nats"] > 4
    assert wrong["coverage_90"] < 0.5


def test_differences_are_from_ours_and_paired():
    ours = dict.fromkeys(CONDITIONS, said_of(TRUE))
    off = dict.fromkeys(CONDITIONS, said_of(TRUE + 20))
    figures, differences = compare({"petgen": [ours, ours], "numbers": [off], EXACT: [ours]}, TRUE)
    assert set(differences) == {"numbers", EXACT}
    same, other = (differences[name]["as trained"]["centiloid_mae"] for name in (EXACT, "numbers"))
    assert (same.value, same.ci95) == (0.0, (0.0, 0.0))
    assert other.value > 5
    assert other.value == pytest.approx(
        figures["numbers"]["as trained"]["centiloid_mae"].value
        - figures["petgen"]["as trained"]["centiloid_mae"].value,
        abs=1e-4,
    )
    lines = posterior_lines(figures, differences, "Simulated people.")
    assert lines[2] == "Simulated people."
    rows = [line.split(" | ")[0] for line in lines if line.startswith("| ") and not line.startswith(("| | ", "| --- "))]
    assert rows[:3] == [f"| {EXACT}", "| petgen", "| numbers"]


def test_variants_learn_are_tested_and_not_run_again(tmp_path):
    trial = Trial(tmp_path, people=1500, steps=150, tested=300, seeds=1)
    told: list[str] = []
    found = compare_posteriors(trial, ["numbers", "t1-only"], told.append)
    true = held_out(trial).centiloid
    figures, differences = compare(found, true)
    assert differences == {}

    def auc(name: str, label: str = "as trained") -> float:
        return figures[name][label]["auc"].value

    assert auc("t1-only") + 0.03 < auc("numbers") <= auc(EXACT)
    assert auc("numbers", "no blood") < auc("numbers")
    assert auc(EXACT, "no blood") < auc(EXACT)
    assert auc("numbers", "other words") == auc("numbers")
    assert auc("t1-only", "no blood") == auc("t1-only")
    assert figures[EXACT]["as trained"]["coverage_90"].value == pytest.approx(0.9, abs=0.06)
    assert figures[EXACT]["as trained"]["nats"].value < figures["numbers"]["as trained"]["nats"].value
    before = len(told)
    assert compare(compare_posteriors(trial, ["numbers"], told.append), true)[0]["numbers"] == figures["numbers"]
    assert len(told) == before


def test_the_paper_has_no_posterior(tmp_path):
    with pytest.raises(InputError, match="paper"):
        compare_posteriors(Trial(tmp_path), ["paper"], print)


def test_a_damaged_run_is_named(tmp_path):
    trial = Trial(tmp_path, people=1500, steps=150, tested=300, seeds=1)
    for name in ("numbers", EXACT):
        (tmp_path / f"said-{name.replace(' ', '-')}-0-1500-150-300.npz").write_bytes(b"no")
    with pytest.raises(InputError, match=r"said-numbers-0"):
        compare_posteriors(trial, ["numbers"], print)
