"""One damaged row harms nothing but itself."""

import sqlite3
import time
from contextlib import closing

import pytest

from petgen.case import InputError, Step
from petgen.jobs import LocalPool
from petgen.store import LOCAL, open_store

HARM = {
    "values that are no JSON": """UPDATE cases SET "values" = '{"age": '""",
    "values that are a list": """UPDATE cases SET "values" = '[74]'""",
    "options that are nothing": "UPDATE cases SET options = 'null'",
    "a time that is none": "UPDATE cases SET created = 'yesterday'",
}


def harm(folder, sql, *where):
    with closing(sqlite3.connect(folder / "petgen.sqlite")) as database, database:
        database.execute(sql, where)


def kept(folder):
    return open_store({"PETGEN_DATA": str(folder)})


@pytest.fixture
def store(tmp_path):
    with kept(tmp_path) as store:
        yield store


def ended(pool, job):
    deadline = time.monotonic() + 15
    while pool.status(job, LOCAL).state in ("queued", "running"):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)
    return pool.status(job, LOCAL).state


def work():
    yield Step("Only", 1, 1)


@pytest.mark.parametrize("sql", HARM.values(), ids=HARM)
def test_a_damaged_case_hides_no_other_and_can_be_deleted(tmp_path, store, sql):
    first, bad, last = (store.cases.add(LOCAL, code, "demo", values={"age": 70}).id for code in ("A1", "A2", "A3"))
    other = store.cases.add("user:other", "B1", "demo").id
    series = store.series.make(LOCAL, "amyloid", [first, bad], seed=1).id
    store.jobs.add(bad, LOCAL)
    store.save_result(bad, LOCAL, lambda folder: (folder / "a").write_text("a"))
    harm(tmp_path, f"{sql} WHERE id IN (?, ?)", bad, other)
    assert [row.id for row in store.cases.of(LOCAL)] == [last, first]
    assert store.cases.damaged(LOCAL) == {bad: "A2"}
    with pytest.raises(InputError, match="row of the store is damaged"):
        store.cases.get(bad, LOCAL)
    with pytest.raises(InputError, match="no such case"):
        store.delete_case(bad, "user:other")
    store.delete_case(bad, LOCAL)
    assert store.cases.damaged(LOCAL) == {}
    assert store.jobs.of(LOCAL) == []
    assert len(store.series.get(series, LOCAL).items) == 2
    assert store.audit.of(LOCAL)[0].code == "A2"
    assert not (tmp_path / "results" / bad).exists()


def test_a_damaged_job_holds_up_no_other(tmp_path, store):
    cases = [store.cases.add(LOCAL, "A1", "demo").id for _ in range(2)]
    with kept(tmp_path) as other:
        bad = other.jobs.add(cases[0], LOCAL)
        harm(tmp_path, "UPDATE jobs SET created = 'yesterday', process = ?, attempts = 'x'", store.process)
        with LocalPool(store, beat_s=0.02) as pool:
            assert ended(pool, pool.submit(cases[1], LOCAL, work)) == "done"
    assert [row.case_id for row in store.jobs.of(LOCAL)] == [cases[1]]
    with closing(sqlite3.connect(tmp_path / "petgen.sqlite")) as database:
        assert database.execute("SELECT state FROM jobs WHERE id = ?", (bad,)).fetchone() == ("failed",)


def test_the_job_of_a_damaged_case_ends_and_says_why(tmp_path, store):
    bad, good = (store.cases.add(LOCAL, "A1", "demo").id for _ in range(2))
    job = store.jobs.add(bad, LOCAL)
    harm(tmp_path, """UPDATE cases SET "values" = 'x' WHERE id = ?""", bad)
    with LocalPool(store, beat_s=30) as pool:
        assert ended(pool, pool.submit(good, LOCAL, work)) == "done"
        assert ended(pool, job) == "failed"
    assert "damaged" in store.jobs.get(job, LOCAL).message


def test_damage_left_by_a_dead_process_does_not_keep_petgen_from_starting(tmp_path):
    with kept(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo").id
    with closing(sqlite3.connect(tmp_path / "petgen.sqlite")) as database, database:
        database.execute("INSERT INTO processes VALUES ('dead', 'another', 1, 'yesterday')")
        columns = "id, case_id, state, step, step_index, step_total, message, attempts, process, created"
        row = "'j', ?, 'running', '', 0, 0, '', 1, 'gone', 'yesterday'"
        database.execute(f"INSERT INTO jobs ({columns}) VALUES ({row})", (case,))
    with kept(tmp_path) as store:
        assert store.processes.recover() == 1
        assert store.runs.claim(any_process=True) is None


def test_damaged_reads_and_series_hide_no_others(tmp_path, store):
    cases = [store.cases.add(LOCAL, "A1", "demo").id for _ in range(2)]
    good, bad = (store.series.make(LOCAL, "amyloid", cases, seed=1).id for _ in range(2))
    harm(tmp_path, """UPDATE series SET items = '[["a"]]' WHERE id = ?""", bad)
    for reason in ("one", "two"):
        store.reads.add(cases[0], LOCAL, "R1", "accept", reason=reason)
    harm(tmp_path, "UPDATE reads SET created = 'x' WHERE reason = 'one'")
    assert [row.id for row in store.series.of(LOCAL)] == [good]
    assert [row.reason for row in store.reads.of(cases[0], LOCAL)] == ["two"]
    store.delete_case(cases[0], LOCAL)
    assert {case for case, _ in store.series.get(good, LOCAL).items} == {cases[1]}
