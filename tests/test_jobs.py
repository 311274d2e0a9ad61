import gc
import logging
import os
import subprocess
import sys
import time
import weakref
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from petgen.case import InputError, Step
from petgen.jobs import LocalPool, Submitter
from petgen.store import LOCAL, Store, open_store
from petgen.store.tables import ProcessRow
from petgen.store.times import now

NAMES = ("Strip", "Paint", "Measure")


def opened(folder: Path, **options) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder, **options)


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path) as store:
        yield store


def until(true, seconds: float = 15.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def ended(pool: Submitter, *jobs: str) -> list[str]:
    until(lambda: all(pool.status(job, LOCAL).state not in ("queued", "running") for job in jobs))
    return [pool.status(job, LOCAL).state for job in jobs]


def a_case(store, source="demo", owner=LOCAL, code="A1"):
    return store.cases.add(owner, code, source).id


class Work:
    """Three steps and an outcome; holds before the step `hold` until it is let go."""

    def __init__(self, hold=None, outcome="finished"):
        self.hold, self.outcome = hold, outcome
        self.begun, self.go, self.closed, self.seen = Event(), Event(), Event(), []

    def __call__(self):
        try:
            for number, name in enumerate(NAMES, 1):
                if self.hold == number:
                    self.begun.set()
                    assert self.go.wait(20)
                self.seen.append(name)
                yield Step(name, number, len(NAMES))
            yield self.outcome
        finally:
            self.closed.set()


def write(outcome, folder):
    (folder / "result.txt").write_text(str(outcome))


def test_a_job_is_run_told_and_its_outcome_kept(store):
    with LocalPool(store, write=write) as pool:
        case, work = a_case(store), Work(hold=2)
        job = pool.submit(case, LOCAL, work)
        assert work.begun.wait(10)
        status = pool.status(job, LOCAL)
        assert (status.state, status.step, status.step_index, status.step_total) == ("running", "Strip", 1, 3)
        assert status.started
        assert not status.ended
        work.go.set()
        assert ended(pool, job) == ["done"]
        status = pool.status(job, LOCAL)
        assert (status.step_index, status.attempts, status.message) == (3, 1, "")
        assert status.created <= status.started <= status.ended
    assert (store.open_result(case, LOCAL) / "result.txt").read_text() == "finished"


def test_first_come_first_served_and_the_position_is_told(store):
    order = []

    def tells(name):
        def work():
            order.append(name)
            yield Step("Only", 1, 1)

        return work

    with LocalPool(store) as pool:
        first = Work(hold=1)
        running = pool.submit(a_case(store), LOCAL, first)
        assert first.begun.wait(10)
        queued = [pool.submit(a_case(store), LOCAL, tells(number)) for number in range(5)]
        assert pool.position(running, LOCAL) is None
        assert [pool.position(job, LOCAL) for job in queued] == [1, 2, 3, 4, 5]
        assert pool.cancel(queued[1], LOCAL)
        assert [pool.position(job, LOCAL) for job in queued] == [1, None, 2, 3, 4]
        first.go.set()
        assert ended(pool, *queued) == ["done", "cancelled", "done", "done", "done"]
        assert not pool.cancel(queued[0], LOCAL)
    assert order == [0, 2, 3, 4]


@settings(max_examples=4, deadline=None)
@given(workers=st.integers(1, 3), count=st.integers(1, 8))
def test_never_more_than_so_many_at_once(tmp_path_factory, workers, count):
    lock, running, most = Lock(), 0, 0

    def work():
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        yield Step("Only", 1, 1)
        time.sleep(0.01)
        with lock:
            running -= 1

    with opened(tmp_path_factory.mktemp("pool")) as store, LocalPool(store, workers) as pool:
        case = a_case(store)
        assert set(ended(pool, *[pool.submit(case, LOCAL, work) for _ in range(count)])) == {"done"}
    assert 1 <= most <= workers


def test_cancelling_before_the_start_lets_the_upload_go(store):
    class Upload:
        pass

    def holding(upload):
        def work():
            assert upload
            yield Step("Only", 1, 1)

        return work

    with LocalPool(store) as pool:
        first = Work(hold=1)
        pool.submit(a_case(store), LOCAL, first)
        assert first.begun.wait(10)
        upload = Upload()
        gone = weakref.ref(upload)
        job = pool.submit(a_case(store, "upload"), LOCAL, holding(upload))
        del upload
        assert gone()
        assert pool.cancel(job, LOCAL)
        gc.collect()
        assert gone() is None
        first.go.set()


def test_cancelling_between_steps_stops_the_work_and_keeps_nothing(store):
    with LocalPool(store, write=write) as pool:
        case, work = a_case(store), Work(hold=2)
        job = pool.submit(case, LOCAL, work)
        assert work.begun.wait(10)
        assert pool.cancel(job, LOCAL)
        assert pool.status(job, LOCAL).state == "cancelled"
        work.go.set()
        assert work.closed.wait(10)
        last = pool.submit(a_case(store), LOCAL, Work())
        assert ended(pool, last, job) == ["done", "cancelled"]
        assert work.seen == ["Strip", "Paint"]
    assert not store.has_result(case, LOCAL)


def test_cancelling_while_the_result_is_written_keeps_nothing(store):
    def cancels(outcome, folder):
        write(outcome, folder)
        pool.cancel(store.jobs.of(LOCAL)[0].id, LOCAL)

    case = a_case(store)
    with LocalPool(store, write=cancels) as pool:
        assert ended(pool, pool.submit(case, LOCAL, Work())) == ["cancelled"]
    assert not store.has_result(case, LOCAL)


def test_deleting_the_case_of_a_running_job_stops_it(store):
    with LocalPool(store, write=write) as pool:
        case, work = a_case(store), Work(hold=2)
        pool.submit(case, LOCAL, work)
        assert work.begun.wait(10)
        store.delete_case(case, LOCAL)
        work.go.set()
        assert work.closed.wait(10)
        assert ended(pool, pool.submit(a_case(store), LOCAL, Work())) == ["done"]
    assert work.seen == ["Strip", "Paint"]


def test_unusable_input_is_told_in_full_and_a_defect_in_general(store, caplog):
    def unusable():
        yield Step("Strip", 1, 3)
        raise InputError("there is no brain in it", where="scan.nii", mend="Choose a T1w.")

    def defect():
        yield Step("Strip", 1, 3)
        raise ZeroDivisionError("Mrs Smith, born 1950")

    def empty():
        yield Step("Strip", 1, 3)

    with LocalPool(store, write=write) as pool, caplog.at_level(logging.DEBUG):
        jobs = [pool.submit(a_case(store), LOCAL, work) for work in (unusable, defect, empty)]
        assert ended(pool, *jobs) == ["failed"] * 3
        told = [pool.status(job, LOCAL).message for job in jobs]
        assert ended(pool, pool.submit(a_case(store), LOCAL, Work())) == ["done"]
    assert told[0] == "scan.nii: there is no brain in it. Choose a T1w."
    assert "Something went wrong inside petgen" in told[1]
    assert jobs[1] in told[1]
    assert "Smith" not in told[1] + caplog.text
    assert "ZeroDivisionError at test_jobs.py" in caplog.text
    assert "without a result" in told[2]


def test_a_case_of_another_owner_is_not_run(store):
    with LocalPool(store) as pool:
        case = a_case(store, owner="anna")
        with pytest.raises(InputError, match="no such case"):
            pool.submit(case, "ben", Work())
        job = pool.submit(case, "anna", Work())
        for ask in (pool.status, pool.position, pool.cancel):
            with pytest.raises(InputError, match="no such job"):
                ask(job, "ben")


def test_a_reloaded_page_finds_its_job_again(store, tmp_path):
    with LocalPool(store) as pool:
        case, work = a_case(store), Work(hold=3)
        job = pool.submit(case, LOCAL, work)
        assert work.begun.wait(10)
        with opened(tmp_path) as page:
            (found,) = page.jobs.of(LOCAL, case)
            assert (found.id, found.state, found.step) == (job, "running", "Paint")
        assert pool.status(job, LOCAL).state == "running"
        work.go.set()
        assert ended(pool, job) == ["done"]


def dead_after(store, process, seconds):
    with store._database.writing() as session:
        session.get_one(ProcessRow, process).beat = now() - timedelta(seconds=seconds)


def test_jobs_of_a_dead_process_are_settled_once_it_is_silent(store, tmp_path):
    other = opened(tmp_path, process="other")
    cases = {source: a_case(other, source) for source in ("demo", "upload", "stripped")}
    queued = {source: other.jobs.add(case, LOCAL) for source, case in cases.items()}
    running = other.runs.claim(any_process=False)
    assert running.id == queued["demo"]
    other.runs.progress(running.id, Step("Paint", 2, 3))
    remade = []

    def rebuild(case):
        remade.append(case.source)
        return Work()

    with LocalPool(store, rebuild=rebuild, lease_s=60, beat_s=0.05) as pool:
        time.sleep(0.2)
        assert [pool.status(job, LOCAL).state for job in queued.values()] == ["running", "queued", "queued"]
        dead_after(store, "other", 61)
        assert ended(pool, *queued.values()) == ["done", "upload again", "done"]
        assert "Upload the scan again" in pool.status(queued["upload"], LOCAL).message
        assert pool.status(queued["demo"], LOCAL).attempts == 2
    assert remade == ["demo", "stripped"]
    assert not other.runs.progress(running.id, Step("Measure", 3, 3))
    assert not other.runs.end(running.id, "done")


def test_a_job_that_kills_its_process_is_not_tried_for_ever(store, tmp_path):
    job = store.jobs.add(a_case(store), LOCAL)
    store.processes.leave()
    for attempt in range(1, 4):
        victim = opened(tmp_path, process=f"victim{attempt}")
        assert victim.runs.claim(any_process=True).attempts == attempt
        dead_after(store, victim.process, 61)
        assert store.processes.recover(60) == 1
    assert store.jobs.get(job, LOCAL).state == "failed"
    assert "3 times" in store.jobs.get(job, LOCAL).message


def test_what_cannot_be_rebuilt_fails_and_the_next_job_runs(store, tmp_path):
    with opened(tmp_path) as gone:
        job = gone.jobs.add(a_case(gone), LOCAL)

    def rebuild(case):
        raise InputError("the demo is no longer bundled", where=case.code)

    with LocalPool(store, rebuild=rebuild) as pool:
        assert ended(pool, job, pool.submit(a_case(store), LOCAL, Work())) == ["failed", "done"]
        assert pool.status(job, LOCAL).message == "A1: the demo is no longer bundled"


def test_a_pool_that_closes_settles_its_jobs_at_once(store, tmp_path):
    other = opened(tmp_path)
    pool, work = LocalPool(other), Work(hold=2)
    running = pool.submit(a_case(other, "upload"), LOCAL, work)
    queued = pool.submit(a_case(other, "demo"), LOCAL, Work())
    assert work.begun.wait(10)
    pool.close(wait_s=0.1)
    assert [store.jobs.get(job, LOCAL).state for job in (running, queued)] == ["upload again", "queued"]
    with pytest.raises(InputError, match="stopping"):
        pool.submit(a_case(other), LOCAL, Work())
    work.go.set()
    assert work.closed.wait(10)
    assert store.jobs.get(running, LOCAL).state == "upload again"
    with LocalPool(store, rebuild=lambda case: Work()) as again:
        assert ended(again, queued) == ["done"]
    other.close()


KILLED = """
import sys, time
from petgen.case import Step
from petgen.jobs import LocalPool
from petgen.store import open_store

def work():
    yield Step("Strip", 1, 2)
    sys.stdout.write("running\\n")
    sys.stdout.flush()
    time.sleep(60)

store = open_store({"PETGEN_DATA": sys.argv[1]})
pool = LocalPool(store, workers=2)
for source in ("demo", "upload", "demo", "upload"):
    sys.stdout.write(pool.submit(store.cases.add("local", "A1", source).id, "local", work) + "\\n")
    sys.stdout.flush()
time.sleep(60)
"""


def test_a_killed_process_leaves_nothing_running(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        lines = [process.stdout.readline().strip() for _ in range(6)]
        process.kill()
    jobs = [line for line in lines if line != "running"]
    with open_store({"PETGEN_DATA": str(tmp_path)}) as store:
        assert [store.jobs.get(job, LOCAL).state for job in jobs] == ["running", "running", "queued", "queued"]
        with LocalPool(store, rebuild=lambda case: Work(), lease_s=60 if sys.platform == "linux" else 0.1) as pool:
            assert ended(pool, *jobs) == ["done", "upload again", "done", "upload again"]
