import itertools
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import inspect

from petgen.case import InputError
from petgen.store import LOCAL, Item, Store, items_of
from petgen.store.database import Database
from petgen.store.migrate import migrate
from petgen.store.series_items import drawn
from petgen.store.tables import Table


def opened(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder)


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path / "data") as store:
        yield store


@pytest.fixture
def cases(store):
    return [store.cases.add(LOCAL, f"A{k}", "demo").id for k in range(3)]


def read(store, series, item, reader="R1", verdict="positive", **more):
    given = {"confidence": 4, "quality": 3, "seconds": 12.34, **more}
    return store.series.record(series, LOCAL, item, reader, verdict, **given)


@given(st.sets(st.text(st.sampled_from("abcdef"), min_size=1, max_size=4), min_size=1, max_size=30), st.integers(0, 99))
def test_each_half_of_a_series_holds_every_patient_once(cases, seed):
    items = drawn(cases, seed)
    half = len(cases)
    assert sorted(items) == sorted(Item(case, scan) for case in cases for scan in ("reference", "synthetic"))
    assert {item.case for item in items[:half]} == {item.case for item in items[half:]} == cases
    assert items == drawn(sorted(cases, reverse=True), seed)
    if half > 1:
        assert all(one.case != other.case for one, other in itertools.pairwise(items))


def test_the_order_is_random_in_patients_and_in_what_comes_first():
    cases = [f"c{k}" for k in range(20)]
    orders = [drawn(cases, seed) for seed in range(200)]
    assert len({tuple(items) for items in orders}) == 200
    first = [items[0] for items in orders]
    assert 70 < sum(item.scan == "reference" for item in first) < 130
    assert len({item.case for item in first}) > 15


def test_reads_come_back_and_stand(store, cases):
    row = store.series.make(LOCAL, "amyloid", cases, seed=5)
    assert items_of(store.series.get(row.id, LOCAL)) == drawn(cases, 5)
    item = items_of(row)[0]
    read(store, row.id, item)
    read(store, row.id, item, reader="R2", verdict="negative")
    with pytest.raises(InputError, match="R1 has read this scan already"):
        read(store, row.id, item, verdict="negative")
    found = store.series.reads(row.id, LOCAL)
    assert [(one.reader, one.verdict, one.case_id, one.scan) for one in found] == [
        ("R1", "positive", item.case, item.scan),
        ("R2", "negative", item.case, item.scan),
    ]
    assert (found[0].confidence, found[0].quality, found[0].seconds) == (4, 3, 12.3)
    assert [one.reader for one in store.series.reads(row.id, LOCAL, "R2")] == ["R2"]
    assert [line.deed for line in store.audit.of("R1")] == ["read"]


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"reader": "Anna Muster"}, "Reader"),
        ({"reader": ""}, "Reader"),
        ({"reader": "R" * 17}, "Reader"),
        ({"verdict": "synthetic"}, "Verdict"),
        ({"confidence": 0}, "Confidence"),
        ({"confidence": 2.5}, "Confidence"),
        ({"quality": 6}, "Image quality"),
        ({"seconds": -1}, "Time"),
        ({"seconds": float("nan")}, "Time"),
        ({"item": Item("other", "reference")}, "no such scan"),
    ],
)
def test_what_cannot_be_is_refused(store, cases, more, named):
    row = store.series.make(LOCAL, "amyloid", cases, seed=0)
    with pytest.raises(InputError, match=named):
        read(store, row.id, **{"item": items_of(row)[0], **more})
    assert store.series.reads(row.id, LOCAL) == []


def test_the_origin_is_asked_in_its_own_words(store, cases):
    row = store.series.make(LOCAL, "origin", cases, seed=0)
    read(store, row.id, items_of(row)[0], verdict="synthetic")
    with pytest.raises(InputError, match="Verdict"):
        read(store, row.id, items_of(row)[1], verdict="positive")


def test_a_series_needs_cases_of_its_owner_and_a_mode(store, cases):
    foreign = store.cases.add("ben", "B1", "demo").id
    for chosen, mode in (([], "amyloid"), ([*cases, foreign], "amyloid"), (cases, "tau")):
        with pytest.raises(InputError):
            store.series.make(LOCAL, mode, chosen, seed=0)
    assert store.series.of(LOCAL) == []


def test_nothing_is_recorded_once_a_series_is_closed(store, cases):
    row = store.series.make(LOCAL, "amyloid", cases, seed=0)
    read(store, row.id, items_of(row)[0])
    store.series.close(row.id, LOCAL)
    closed = store.series.get(row.id, LOCAL).closed
    store.series.close(row.id, LOCAL)
    assert store.series.get(row.id, LOCAL).closed == closed
    with pytest.raises(InputError, match="closed"):
        read(store, row.id, items_of(row)[1])
    assert len(store.series.reads(row.id, LOCAL)) == 1


def test_an_owner_sees_only_their_own_series(store, cases):
    row = store.series.make(LOCAL, "amyloid", cases, seed=0)
    item = items_of(row)[0]
    for ask in (
        lambda: store.series.get(row.id, "ben"),
        lambda: store.series.reads(row.id, "ben"),
        lambda: store.series.record(row.id, "ben", item, "R1", "positive", confidence=1, quality=1, seconds=1),
        lambda: store.series.close(row.id, "ben"),
        lambda: store.series.leave_out(row.id, "ben", item.case),
        lambda: store.series.delete(row.id, "ben"),
    ):
        with pytest.raises(InputError, match="no such series"):
            ask()
    assert store.series.of("ben") == []
    assert [found.id for found in store.series.of(LOCAL)] == [row.id]


def test_a_deleted_case_leaves_its_series_and_takes_its_reads_along(store, cases, tmp_path):
    rows = [store.series.make(LOCAL, mode, cases, seed=2) for mode in ("amyloid", "origin")]
    alone = store.series.make(LOCAL, "amyloid", cases[:1], seed=0)
    for item in items_of(rows[0]):
        read(store, rows[0].id, item)
    order = [item for item in items_of(rows[0]) if item.case != cases[0]]
    store.delete_case(cases[0], LOCAL)
    assert items_of(store.series.get(rows[0].id, LOCAL)) == order
    assert [Item(one.case_id, one.scan) for one in store.series.reads(rows[0].id, LOCAL)] == order
    assert len(items_of(store.series.get(rows[1].id, LOCAL))) == 4
    with pytest.raises(InputError, match="no such series"):
        store.series.get(alone.id, LOCAL)
    assert not any(cases[0].encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_a_case_can_be_left_out_of_one_series(store, cases):
    one, other = (store.series.make(LOCAL, "amyloid", cases, seed=0) for _ in range(2))
    item = items_of(one)[0]
    for row in (one, other):
        read(store, row.id, item)
    store.series.leave_out(one.id, LOCAL, item.case)
    assert len(items_of(store.series.get(one.id, LOCAL))) == 4
    assert store.series.reads(one.id, LOCAL) == []
    assert len(store.series.reads(other.id, LOCAL)) == 1
    assert len(store.cases.of(LOCAL)) == 3


def test_a_deleted_series_takes_its_reads_and_leaves_the_cases(store, cases, tmp_path):
    row = store.series.make(LOCAL, "amyloid", cases, seed=0)
    read(store, row.id, items_of(row)[0])
    store.series.delete(row.id, LOCAL)
    assert store.series.of(LOCAL) == []
    assert len(store.cases.of(LOCAL)) == 3
    with sqlite3.connect(tmp_path / "data" / "petgen.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM series_reads").fetchone() == (0,)


def test_a_store_of_the_earlier_revision_gets_its_series(tmp_path):
    url = f"sqlite:///{tmp_path / 'petgen.sqlite'}"
    database = Database(url)
    migrate(database, "0002")
    assert "series" not in inspect(database.engine).get_table_names()
    database.close()
    with sqlite3.connect(tmp_path / "petgen.sqlite") as connection:
        connection.execute(
            "INSERT INTO cases VALUES ('c1', ?, 'A1', '', 'demo', '', '{}', '{}', '2026-01-02 03:04:05')", (LOCAL,)
        )
    with opened(tmp_path) as store:
        row = store.series.make(LOCAL, "amyloid", ["c1"], seed=0)
        for item in items_of(row):
            read(store, row.id, item)
    with opened(tmp_path) as store:
        assert len(store.series.reads(row.id, LOCAL)) == 2


def test_the_migrated_tables_are_those_of_the_models(tmp_path):
    opened(tmp_path).close()
    database = Database(f"sqlite:///{tmp_path / 'petgen.sqlite'}")
    seen = inspect(database.engine)
    for name in ("series", "series_reads"):
        table = Table.metadata.tables[name]
        assert {column["name"]: column["nullable"] for column in seen.get_columns(name)} == {
            column.name: column.nullable for column in table.columns
        }
        assert {index["name"] for index in seen.get_indexes(name)} == {index.name for index in table.indexes}
    assert seen.get_unique_constraints("series_reads")[0]["column_names"] == ["series_id", "case_id", "scan", "reader"]
