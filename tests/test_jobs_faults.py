import time
from pathlib import Path

from petgen.case import InputError, Step
from petgen.jobs import LocalPool
from petgen.store import LOCAL, Store


def opened(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder)


def ended(pool, job):
    deadline = time.monotonic() + 15
    while pool.status(job, LOCAL).state in ("queued", "running"):
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)
    return pool.status(job, LOCAL)


def work():
    yield Step("Only", 1, 1)
    yield "finished"


def write(outcome, folder):
    (folder / "a").write_text(outcome)


def test_a_job_whose_end_could_not_be_written_does_not_run_for_ever(tmp_path, monkeypatch):
    with opened(tmp_path) as store, LocalPool(store, write=write, beat_s=0.05) as pool:
        end, refused = store.runs.end, []

        def full(job, state, message=""):
            if not refused:
                refused.append(state)
                raise InputError("the store cannot be used (database or disk is full)")
            return end(job, state, message)

        monkeypatch.setattr(store.runs, "end", full)
        case = store.cases.add(LOCAL, "A1", "demo").id
        found = ended(pool, pool.submit(case, LOCAL, work))
        assert refused == ["done"]
        assert (found.state, "could not be written" in found.message) == ("failed", True)
        assert ended(pool, pool.submit(case, LOCAL, work)).state == "done"


def test_a_long_job_is_not_taken_for_one_that_was_left(tmp_path):
    def slow():
        yield Step("Only", 1, 1)
        time.sleep(0.5)
        yield "finished"

    with opened(tmp_path) as store, LocalPool(store, write=write, beat_s=0.02) as pool:
        case = store.cases.add(LOCAL, "A1", "demo").id
        assert ended(pool, pool.submit(case, LOCAL, slow)).state == "done"


def test_a_full_disk_fails_the_case_and_not_the_next(tmp_path):
    def full(outcome, folder):
        (folder / "half").write_text("half")
        raise OSError(28, "No space left on device")

    writers = [full, write]
    with opened(tmp_path) as store:
        with LocalPool(store, write=lambda outcome, folder: writers.pop(0)(outcome, folder)) as pool:
            case = store.cases.add(LOCAL, "A1", "demo").id
            found = ended(pool, pool.submit(case, LOCAL, work))
            assert (found.state, "No space left" in found.message) == ("failed", True)
            assert not store.has_result(case, LOCAL)
            assert ended(pool, pool.submit(case, LOCAL, work)).state == "done"
        assert (store.open_result(case, LOCAL) / "a").read_text() == "finished"
    assert list((tmp_path / "results" / "unfinished").iterdir()) == []
