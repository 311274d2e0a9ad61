import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from petgen.case import InputError
from petgen.store import CHECKSUMS, LOCAL, Store, open_store
from petgen.store import processes as processes_module
from petgen.store.tables import ProcessRow


def opened(folder: Path, **options) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder, **options)


def writes(**files):
    def writer(folder: Path) -> None:
        for name, text in files.items():
            (folder / name).write_text(text)

    return writer


def run(code: str, *arguments: object, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    command = [*before, sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60, check=False)


KILLED_BETWEEN_TWO_RENAMES = """
import os, signal, sys
from pathlib import Path
from petgen.store import open_store

rename = Path.rename

def dies(self, target):
    if self.name == "new":
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)

Path.rename = dies
with open_store({"PETGEN_DATA": sys.argv[1]}) as store:
    store.save_result(sys.argv[2], "local", lambda folder: (folder / "a").write_text("two"))
"""


def test_the_earlier_result_comes_back_when_its_replacement_is_killed(tmp_path):
    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo").id
        store.save_result(case, LOCAL, writes(a="one", b="one"))
    assert run(KILLED_BETWEEN_TWO_RENAMES, tmp_path, case).returncode == -9
    assert not (tmp_path / "results" / case).exists()
    with opened(tmp_path) as store:
        place = store.open_result(case, LOCAL)
        assert {path.name for path in place.iterdir()} == {"a", "b", CHECKSUMS}
        assert (place / "a").read_text() == "one"
    assert list((tmp_path / "results" / "unfinished").iterdir()) == []


def test_the_earlier_result_stays_when_the_new_one_cannot_be_put_in_its_place(tmp_path, monkeypatch):
    rename = Path.rename

    def fails(self, target):
        if self.name == "new":
            raise OSError(28, "No space left on device")
        return rename(self, target)

    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo").id
        store.save_result(case, LOCAL, writes(a="one"))
        monkeypatch.setattr(Path, "rename", fails)
        with pytest.raises(InputError, match="No space left"):
            store.save_result(case, LOCAL, writes(a="two"))
        assert (store.open_result(case, LOCAL) / "a").read_text() == "one"


def test_a_deleted_case_does_not_come_back_with_its_earlier_result(tmp_path):
    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo").id
        store.save_result(case, LOCAL, writes(a="one"))
    run(KILLED_BETWEEN_TWO_RENAMES, tmp_path, case)
    with opened(tmp_path, process="other") as store:
        store.delete_case(case, LOCAL)
        assert not (tmp_path / "results" / case).exists()


def test_strange_names_among_the_unfinished_are_swept(tmp_path):
    opened(tmp_path).close()
    for name in ("lost", "x-y", ".hidden-"):
        (tmp_path / "results" / "unfinished" / name / "old").mkdir(parents=True)
    opened(tmp_path).close()
    assert [path.name for path in (tmp_path / "results").rglob("*")] == ["unfinished"]


READ_ONLY = """
import shutil, sys
from petgen.store import open_store

with open_store({"PETGEN_DATA": sys.argv[1]}) as store:
    case = store.cases.add("local", "A1", "demo").id
    store.save_result(case, "local", lambda folder: shutil.copytree(sys.argv[2], folder, dirs_exist_ok=True))
    print(sorted(path.name for path in store.open_result(case, "local").iterdir()))
    store.delete_case(case, "local")
"""


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_result_is_copied_out_of_assets_that_are_read_only(tmp_path):
    assets = tmp_path / "assets"
    (assets / "deep").mkdir(parents=True)
    for file in (assets / "a", assets / "deep" / "b"):
        file.write_text("a")
        file.chmod(0o444)
    for folder in (assets / "deep", assets):
        folder.chmod(0o555)
    root = os.geteuid() == 0
    if root and shutil.which("setpriv") is None:
        pytest.skip("nothing is read-only for root")
    before = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if root else ()
    done = run(READ_ONLY, tmp_path / "data", assets, before=before)
    for folder in (assets, assets / "deep"):
        folder.chmod(0o755)
    assert done.stdout == f"['a', '{CHECKSUMS}', 'deep']\n", done.stderr


def test_a_clock_that_went_back_keeps_no_dead_process_alive(tmp_path, monkeypatch):
    time = datetime.now(UTC)
    monkeypatch.setattr(processes_module, "now", lambda: time)
    with opened(tmp_path, process="me") as store:
        case = store.cases.add(LOCAL, "A1", "demo").id
        with store._database.writing() as session:
            session.add(ProcessRow(token="dead", machine="another", number=1, beat=time + timedelta(hours=1)))
        job = opened(tmp_path, process="dead").jobs.add(case, LOCAL)
        with store._database.writing() as session:
            session.merge(ProcessRow(token="dead", machine="another", number=1, beat=time + timedelta(hours=1)))
        assert store.processes.recover(60) == 0
        assert store.processes.alive(60) == {"me", "dead"}
        time += timedelta(seconds=61)
        assert store.processes.recover(60) == 1
        assert store.jobs.get(job, LOCAL).state == "queued"
        assert store.runs.claim(any_process=True).id == job


def test_a_full_database_is_told_and_what_was_kept_stays_readable(tmp_path):
    with open_store({"PETGEN_DATA": str(tmp_path)}) as store:
        case = store.cases.add(LOCAL, "A1", "demo", values={"age": 70}).id
        store.save_result(case, LOCAL, writes(a="one"))
        store._database.close()
        with store._database.connected(write=False) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(InputError, match=r"full.*disk is not full"):
            store.cases.add(LOCAL, "A2", "demo", values={"note": "x" * 100_000})
        assert store.cases.get(case, LOCAL).values == {"age": 70}
        assert (store.open_result(case, LOCAL) / "a").read_text() == "one"
        store._database.close()
        assert store.cases.add(LOCAL, "A3", "demo").id in store.cases.ids()
