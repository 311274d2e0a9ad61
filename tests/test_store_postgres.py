"""The store on PostgreSQL: what holds on SQLite holds there, and two processes share it."""

import itertools
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from page_tools import metrics, page, press
from postgres_server import find_programs, server
from sqlmodel import delete, func, select
from test_jobs import (
    test_a_case_of_another_owner_is_not_run,
    test_a_job_is_run_told_and_its_outcome_kept,
    test_cancelling_between_steps_stops_the_work_and_keeps_nothing,
    test_deleting_the_case_of_a_running_job_stops_it,
    test_first_come_first_served_and_the_position_is_told,
)
from test_store import (
    test_a_case_deleted_while_its_result_is_written_stays_deleted,
    test_an_owner_sees_only_their_own,
    test_models_and_migrations_agree,
    test_times_are_utc,
    test_values_come_back_as_they_went_in,
)
from test_store_series import (
    cases,
    test_a_case_can_be_left_out_of_one_series,
    test_an_owner_sees_only_their_own_series,
    test_nothing_is_recorded_once_a_series_is_closed,
    test_reads_come_back_and_stand,
)

from petgen.case import InputError
from petgen.store import LOCAL, CaseRow, Item, JobRow, Store, UnreachableError, items_of
from petgen.store.database import Database
from petgen.store.migrate import migrate

__all__ = [
    "cases",
    "test_a_case_can_be_left_out_of_one_series",
    "test_a_case_deleted_while_its_result_is_written_stays_deleted",
    "test_a_case_of_another_owner_is_not_run",
    "test_a_job_is_run_told_and_its_outcome_kept",
    "test_an_owner_sees_only_their_own",
    "test_an_owner_sees_only_their_own_series",
    "test_cancelling_between_steps_stops_the_work_and_keeps_nothing",
    "test_deleting_the_case_of_a_running_job_stops_it",
    "test_first_come_first_served_and_the_position_is_told",
    "test_models_and_migrations_agree",
    "test_nothing_is_recorded_once_a_series_is_closed",
    "test_reads_come_back_and_stand",
    "test_times_are_utc",
    "test_values_come_back_as_they_went_in",
]
PROGRAMS = find_programs()
pytestmark = pytest.mark.skipif(PROGRAMS is None, reason="no PostgreSQL on this machine (Debian: postgresql)")
NAMES = (f"store{number}" for number in itertools.count())


@pytest.fixture(scope="module")
def running():
    with server(PROGRAMS) as found:
        yield found


@pytest.fixture(scope="module")
def migrated(running, tmp_path_factory):
    Store(running.make("migrated"), tmp_path_factory.mktemp("migrated")).close()
    return "migrated"


@pytest.fixture
def url(running, migrated):
    return running.make(next(NAMES), like=migrated)


@pytest.fixture
def store(url, tmp_path):
    with Store(url, tmp_path / "data") as store:
        yield store


@pytest.fixture(scope="module")
def shared(running, tmp_path_factory):
    with Store(running.make("shared"), tmp_path_factory.mktemp("shared")) as store:
        yield store


def test_a_reader_sees_one_state_and_cannot_write(store):
    case = store.cases.add(LOCAL, "A1", "demo")
    with store._database.reading() as session:
        assert len(session.exec(select(CaseRow)).all()) == 1
        store.cases.add(LOCAL, "A2", "demo")
        assert len(session.exec(select(CaseRow)).all()) == 1
    with pytest.raises(InputError, match="read-only"), store._database.reading() as session:
        session.exec(delete(CaseRow))
    assert store.cases.get(case.id, LOCAL).code == "A1"


def test_an_older_store_is_brought_up(running, tmp_path):
    url = running.make(next(NAMES))
    database = Database(url)
    migrate(database, to="0001")
    columns = 'id, owner, code, title, source, input_sha256, "values", options, created'
    values = """'c1', 'local', 'A1', '', 'demo', '', '{"age": 71}', '{}', '2026-01-02 03:04:05.000000'"""
    with database.connected(write=True) as connection:
        connection.exec_driver_sql(f"INSERT INTO cases ({columns}) VALUES ({values})")
    database.close()
    with Store(url, tmp_path) as store:
        kept = store.cases.get("c1", LOCAL)
        assert (kept.values, kept.created) == ({"age": 71}, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        assert store.reads.add("c1", LOCAL, "r1", "accept").verdict == "accept"


def test_cases_are_deleted_while_others_add_to_them(store):
    """Nothing is added to a case that is gone, and no series shows one; what is refused is told in words."""
    cases = [store.cases.add(LOCAL, f"A{k}", "demo").id for k in range(24)]
    series = [store.series.make(LOCAL, "amyloid", cases, seed).id for seed in range(2)]
    refused = Counter()

    def attempt(deed, *arguments, **named):
        try:
            return deed(*arguments, **named)
        except InputError as error:
            refused[error.what] += 1

    def adds(reader):
        for case in cases:
            for row, scan in itertools.product(series, ("reference", "synthetic")):
                given = {"confidence": 3, "quality": 3, "seconds": 1.0}
                attempt(store.series.record, row, LOCAL, Item(case, scan), reader, "positive", **given)
            attempt(store.jobs.add, case, LOCAL)
            attempt(store.cases.set_source, case, LOCAL, "stripped")
            attempt(store.reads.add, case, LOCAL, reader, "accept")
            attempt(store.processes.beat)
            attempt(store.processes.recover, 0.0)

    def deletes(some):
        for case in some:
            store.delete_case(case, LOCAL)

    with ThreadPoolExecutor(4) as threads:
        deeds = [threads.submit(adds, f"R{k}") for k in range(2)]
        deeds += [threads.submit(deletes, cases[k:20:2]) for k in range(2)]
        for deed in deeds:
            deed.result(timeout=60)
    assert {row.id for row in store.cases.of(LOCAL)} == set(cases[20:])
    for row in series:
        assert {item.case for item in items_of(store.series.get(row, LOCAL))} == set(cases[20:])
        assert {read.case_id for read in store.series.reads(row, LOCAL)} == set(cases[20:])
        assert len(store.series.reads(row, LOCAL)) == 2 * 2 * 4
    assert all("deleted" in told for told in refused), refused


WORKER = """
import os, sys, time
from petgen.case import Step
from petgen.jobs import LocalPool
from petgen.store import open_store

def say(*words):
    os.write(1, (" ".join(words) + "\\n").encode())

def make(case):
    def work():
        say("ran", case.id)
        yield Step("Only", 1, 1)
        time.sleep(pause_s)
        yield case.id
    return work

def write(outcome, folder):
    (folder / "result").write_text(outcome)

with open_store() as store:
    say("ready")
    for told in sys.stdin:
        count, pause_s, keeps = int(told.split()[0]), float(told.split()[1]), "keep" in told
        with LocalPool(store, 2, write=write if keeps else None, rebuild=make, beat_s=0.25, lease_s=60) as pool:
            for number in range(count):
                case = store.cases.add("local", f"P{os.getpid()}N{number}", "demo")
                pool.submit(case.id, "local", make(case))
            say("submitted")
            sys.stdin.readline()
        say("rests")
"""


class Worker:
    """A process that, when it is told to, submits cases of its own and works through everybody's queue."""

    def __init__(self, url, folder, log):
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        environment |= {"PETGEN_STORE_URL": url, "PETGEN_DATA": str(folder)}
        self.log = log
        with log.open("w") as file:
            pipes = {"stdin": subprocess.PIPE, "stdout": file, "stderr": subprocess.DEVNULL, "text": True}
            self.process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment, **pipes)

    def tell(self, words=""):
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def has_said(self, word):
        return word in self.log.read_text().splitlines()

    def ran(self):
        return [line.split()[1] for line in self.log.read_text().splitlines() if line.startswith("ran ")]


@pytest.fixture(scope="module")
def two(running, tmp_path_factory):
    """Two processes that opened an empty database at the same time, and their store."""
    url, folder = running.make("two"), tmp_path_factory.mktemp("two")
    workers = [Worker(url, folder / "data", folder / f"said{number}") for number in range(2)]
    try:
        until(lambda: all(worker.has_said("ready") for worker in workers))
        with Store(url, folder / "data") as store:
            yield workers, store
    finally:
        for worker in workers:
            worker.process.kill()
            worker.process.wait()


def until(true, seconds=60.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def queue_up(store, owner, count):
    """Ids of new cases whose jobs wait for whichever process comes first."""
    rows = [store.cases.add(owner, f"S{number}", "demo") for number in range(count)]
    for row in rows:
        store.jobs.add(row.id, owner)
    store.processes.leave()
    return [row.id for row in rows]


def jobs(store):
    """Everybody's jobs."""
    with store._database.reading() as session:
        return session.exec(select(JobRow)).all()


def states(store):
    """How many jobs are in which state."""
    with store._database.reading() as session:
        return Counter(dict(session.exec(select(JobRow.state, func.count()).group_by(JobRow.state)).all()))


def test_two_processes_lose_no_job_and_run_none_twice(two):
    workers, store = two
    waiting = queue_up(store, LOCAL, 150)
    for worker in workers:
        worker.tell("75 0")
    until(lambda: states(store) == {"done": 300})
    for worker in workers:
        worker.tell()
    until(lambda: all(worker.has_said("rests") for worker in workers))
    cases = store.cases.of(LOCAL)
    assert len({case.id for case in cases}) == len({case.code for case in cases}) == 300
    assert Counter(job.case_id for job in jobs(store)) == Counter(case.id for case in cases)
    assert {job.attempts for job in jobs(store)} == {1}
    assert Counter(line.deed for line in store.audit.of(LOCAL)) == {"ran": 300}
    ran = [worker.ran() for worker in workers]
    assert Counter(ran[0] + ran[1]) == Counter(case.id for case in cases)
    assert all(set(each) & set(waiting) for each in ran)
    for case in cases:
        store.cases.delete(case.id, LOCAL)


def test_the_queue_outlives_a_crash_of_the_server_and_a_killed_process(two, running):
    workers, store = two
    queue_up(store, LOCAL, 40)
    for worker in workers:
        worker.tell("5 0.05 keep")
    until(lambda: states(store)["done"] > 5 and sum(states(store).values()) == 50)
    running.stop("immediate")
    try:
        with pytest.raises(UnreachableError, match="goes on by itself"):
            store.cases.of(LOCAL)
    finally:
        running.start()
    done = states(store)["done"]
    until(lambda: states(store)["done"] > done + 5)
    workers[0].process.kill()
    workers[0].process.wait()
    until(lambda: states(store) == {"done": 50})
    for case in store.cases.of(LOCAL):
        assert (store.open_result(case.id, LOCAL) / "result").read_text() == case.id
    ran = Counter(workers[0].ran() + workers[1].ran())
    again = {job.case_id for job in jobs(store) if job.attempts > 1}
    assert len(again) <= 2
    assert all(ran[job.case_id] <= job.attempts for job in jobs(store))


def test_the_page_says_that_the_server_is_away_and_goes_on_when_it_is_back(running, url, seen, monkeypatch):
    monkeypatch.setenv("PETGEN_STORE_URL", url)
    at = press(page().run())
    running.stop("fast")
    try:
        at.run()
        assert not at.exception
        assert "cannot be reached" in at.error[0].value
        assert "goes on by itself" in at.error[0].value
    finally:
        running.start()
    at.run()
    assert [*at.exception, *at.error] == []
    assert metrics(at)["Centiloid"] == "64 CL"
