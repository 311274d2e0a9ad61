import pytest

from petgen.benchmark.estimates import Estimate
from petgen.benchmark.reader_tables import accuracy_table, kappa, long_table, share
from petgen.benchmark.readers import Read, by_reader
from petgen.benchmark.series_reads import reads_with_truth, truth_of
from petgen.case import Reference
from petgen.store import SeriesReadRow, SeriesRow


def reference(centiloid):
    return Reference.model_construct(centiloid=centiloid, simulated=True)


def read(case, scan, verdict):
    return SeriesReadRow(
        series_id="s", case_id=case, scan=scan, reader="R1", verdict=verdict, confidence=3, quality=3, seconds=1
    )


def test_what_is_not_there_is_said_in_words():
    assert share(Estimate(n=0)) == "none to count"
    assert share(Estimate(value=0.5, n=4)) == "50 %, n 4"
    assert share(Estimate(value=0.5, n=4, interval=(0.15, 0.85))) == "50 % (15 to 85), n 4"
    assert kappa(Estimate(n=0)) == "not defined"
    assert kappa(Estimate(value=-0.123, n=4)) == "−0.12 (no interval)"
    assert kappa(Estimate(value=-0.001, n=30, interval=(-0.3, 0.4))) == "0.00 (−0.30 to 0.40)"


@pytest.mark.parametrize(("centiloid", "positive"), [(24.99, False), (25.0, True), (80, True)])
def test_the_truth_is_25_centiloid_on_the_reference_for_both_scans(centiloid, positive):
    series = SeriesRow(owner="o", mode="amyloid")
    for scan in ("reference", "synthetic"):
        assert truth_of(read("c", scan, "positive"), series, reference(centiloid)) is positive
    assert truth_of(read("c", "synthetic", "positive"), series, None) is None


def test_reads_without_truth_are_left_out_of_amyloid_but_not_of_origin():
    rows = [read("a", "reference", "positive"), read("b", "synthetic", "negative")]
    (found,) = reads_with_truth(SeriesRow(owner="o", mode="amyloid"), rows, {"a": reference(3.0)})
    assert (found.case, found.said, found.truth) == ("a", True, False)
    rows = [read("a", "reference", "synthetic"), read("b", "synthetic", "synthetic")]
    found = reads_with_truth(SeriesRow(owner="o", mode="origin"), rows, {})
    assert [(one.said, one.truth) for one in found] == [(True, False), (True, True)]


def test_the_long_table_has_every_figure_with_its_interval():
    figures = by_reader([Read("R1", f"c{k}", "reference", k < 3, k < 4, 4, 3, 9.0) for k in range(8)])
    table = long_table({"truth": figures}).set_index("figure")
    assert set(table.index) >= {"accuracy", "sensitivity", "specificity", "kappa", "confidence", "quality", "seconds"}
    assert table.loc["sensitivity", ["value", "n"]].tolist() == [0.75, 4]
    assert table.loc["sensitivity", "low"] < 0.75 < table.loc["sensitivity", "high"]
    assert table.loc["kappa", ["low", "high"]].isna().all()
    assert accuracy_table(figures)["Sensitivity"].tolist() == ["75 % (30 to 95), n 4"]
