import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect

from petgen.assets import data_folder
from petgen.case import InputError, Step
from petgen.store import CHECKSUMS, LOCAL, Store, open_store, owner_of
from petgen.store.database import Database
from petgen.store.migrate import configuration, migrate, revision_of
from petgen.store.tables import Table

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def opened(folder: Path, **options) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder, **options)


@pytest.fixture
def store(tmp_path):
    with opened(tmp_path / "data") as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("shared")) as store:
        yield store


def writes(**files):
    def writer(folder: Path) -> None:
        for name, text in files.items():
            (folder / name).write_text(text)

    return writer


def python(code: str, *arguments: object) -> subprocess.Popen:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80) | st.from_regex(r"[A-Za-z0-9]{1,64}", fullmatch=True))
def test_a_code_is_letters_and_digits_or_refused(shared, code):
    if code.isascii() and code.isalnum() and len(code) <= 64:
        assert shared.cases.get(shared.cases.add("codes", code, "demo").id, "codes").code == code
    else:
        with pytest.raises(InputError, match="never a name"):
            shared.cases.add("codes", code, "demo")


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_values_come_back_as_they_went_in(shared, values):
    case = shared.cases.add("values", "A1", "upload", values=values, options=values)
    kept = shared.cases.get(case.id, "values")
    assert kept.values == values
    assert kept.options == values


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object()])
def test_what_is_not_json_is_refused(shared, value):
    with pytest.raises(InputError, match="Values"):
        shared.cases.add("values", "A1", "upload", values={"age": value})


def test_an_owner_sees_only_their_own(store):
    case = store.cases.add("anna", "A1", "demo")
    job = store.jobs.add(case.id, "anna")
    store.save_result(case.id, "anna", writes(a="x"))
    store.reads.add(case.id, "anna", "anna", "positive", confidence=4)
    store.audit.note("anna", "saw", "A1")
    for ask in (
        lambda: store.cases.get(case.id, "ben"),
        lambda: store.cases.set_source(case.id, "ben", "stripped"),
        lambda: store.jobs.add(case.id, "ben"),
        lambda: store.jobs.get(job, "ben"),
        lambda: store.jobs.position(job, "ben"),
        lambda: store.jobs.cancel(job, "ben"),
        lambda: store.reads.add(case.id, "ben", "ben", "accept"),
        lambda: store.reads.of(case.id, "ben"),
        lambda: store.save_result(case.id, "ben", writes(a="y")),
        lambda: store.save_stripped(case.id, "ben", writes(a="y")),
        lambda: store.open_result(case.id, "ben"),
        lambda: store.has_result(case.id, "ben"),
        lambda: store.delete_case(case.id, "ben"),
    ):
        with pytest.raises(InputError, match="there is no such"):
            ask()
    assert [*store.cases.of("ben"), *store.jobs.of("ben"), *store.jobs.of("ben", case.id), *store.audit.of("ben")] == []
    assert [row.id for row in store.cases.of("anna")] == [case.id]
    assert [row.id for row in store.jobs.of("anna", case.id)] == [job]
    assert [row.verdict for row in store.reads.of(case.id, "anna")] == ["positive"]
    assert [row.deed for row in store.audit.of("anna")] == ["saw", "read", "ran"]
    assert (store.open_result(case.id, "anna") / "a").read_text() == "x"


def test_times_are_utc(store):
    case = store.cases.add(LOCAL, "A1", "demo")
    kept = store.cases.get(case.id, LOCAL).created
    assert kept.tzinfo is UTC
    assert kept == case.created
    assert abs(datetime.now(UTC) - kept) < timedelta(minutes=1)


@pytest.mark.parametrize(("verdict", "confidence"), [("maybe", 3), ("accept", 0), ("reject", 6)])
def test_a_read_says_one_of_few_things(store, verdict, confidence):
    case = store.cases.add(LOCAL, "A1", "demo")
    with pytest.raises(InputError, match=r"Verdict|Confidence"):
        store.reads.add(case.id, LOCAL, "r1", verdict, confidence=confidence)


@pytest.mark.parametrize(
    ("address", "single", "user", "owner"),
    [
        ("localhost", "", None, "local"),
        ("127.0.0.1", "", None, "local"),
        ("[::1]", "", None, "local"),
        ("0.0.0.0", "", None, "session:s1"),
        ("petgen.example.org", "", None, "session:s1"),
        ("localhost", "0", None, "session:s1"),
        ("0.0.0.0", "1", None, "local"),
        ("localhost", "1", "local", "user:local"),
    ],
)
def test_whose_a_case_is(monkeypatch, address, single, user, owner):
    monkeypatch.setenv("PETGEN_SINGLE_USER", single)
    assert owner_of(address, session="s1", user=user) == owner


def test_the_environment_says_where(tmp_path):
    with open_store({"PETGEN_DATA": str(tmp_path / "with ?%")}) as store:
        store.cases.add(LOCAL, "A1", "demo")
    assert (tmp_path / "with ?%" / "petgen.sqlite").stat().st_mode & 0o777 == 0o600
    with open_store({"PETGEN_DATA": str(tmp_path), "PETGEN_STORE_URL": f"sqlite:///{tmp_path}/else.db"}) as store:
        assert store.cases.of(LOCAL) == []
    assert (tmp_path / "else.db").exists()
    (tmp_path / "secret").write_text(f"sqlite:///{tmp_path}/third.db\n")
    open_store({"PETGEN_DATA": str(tmp_path / "more"), "PETGEN_STORE_URL_FILE": str(tmp_path / "secret")}).close()
    assert (tmp_path / "third.db").exists()
    with pytest.raises(InputError, match="PETGEN_STORE_URL_FILE"):
        open_store({"PETGEN_DATA": str(tmp_path), "PETGEN_STORE_URL_FILE": str(tmp_path / "none")})
    assert data_folder({"XDG_DATA_HOME": "/somewhere"}) == Path("/somewhere/petgen")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "nonsense", "nobody+knows://x/y"])
def test_an_unusable_address_is_told(tmp_path, url):
    with pytest.raises(InputError, match="PETGEN_STORE_URL"):
        Store(url, tmp_path)


def test_a_file_that_is_no_database_is_told(tmp_path):
    (tmp_path / "petgen.sqlite").write_text("not a database, but long enough to be looked at" * 99)
    with pytest.raises(InputError, match="cannot be used"):
        opened(tmp_path)


def test_sqlite_waits_logs_ahead_and_keeps_keys(store):
    with store._database.connected(write=False) as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 30000, "secure_delete": 1}


def test_models_and_migrations_agree(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store._database.connected(write=False) as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_an_older_store_is_brought_up(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'petgen.sqlite'}")
    migrate(database, to="0001")
    with database.connected(write=True) as connection:
        assert revision_of(connection) == "0001"
        assert not inspect(connection).has_table("reads")
        columns = 'id, owner, code, title, source, input_sha256, "values", options, created'
        connection.exec_driver_sql(
            f"INSERT INTO cases ({columns}) VALUES "
            """('c1', 'local', 'A1', '', 'demo', '', '{"age": 71}', '{}', '2026-01-02 03:04:05.000000')"""
        )
    database.close()
    with opened(tmp_path) as store:
        kept = store.cases.get("c1", LOCAL)
        assert (kept.values, kept.created) == ({"age": 71}, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        assert store.reads.add("c1", LOCAL, "r1", "accept").verdict == "accept"


def test_a_newer_store_is_refused_and_left_alone(tmp_path):
    opened(tmp_path).close()
    with sqlite3.connect(tmp_path / "petgen.sqlite") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(InputError, match="newer petgen"):
        opened(tmp_path)
    with sqlite3.connect(tmp_path / "petgen.sqlite") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]


def test_the_revisions_are_one_line_inside_the_package():
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(configuration())
    assert [revision.revision for revision in script.walk_revisions()] == ["0004", "0003", "0002", "0001"]
    assert Path(script.dir).parts[-3:] == ("petgen", "store", "migrations")


def test_a_result_is_private_and_listed(store, tmp_path):
    def writer(folder):
        (folder / "deep").mkdir(mode=0o755)
        (folder / "deep" / "b.txt").write_text("b")
        (folder / "a.txt").write_text("a")

    case = store.cases.add(LOCAL, "A1", "demo")
    assert not store.has_result(case.id, LOCAL)
    with pytest.raises(InputError, match="no result"):
        store.open_result(case.id, LOCAL)
    place = store.save_result(case.id, LOCAL, writer)
    assert store.has_result(case.id, LOCAL)
    assert store.open_result(case.id, LOCAL) == place
    assert set(json.loads((place / CHECKSUMS).read_text())) == {"a.txt", "deep/b.txt"}
    for path in (place, *place.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600)
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (lambda place: (place / "a").write_text("y"), "a"),
        (lambda place: (place / "a").unlink(), "a"),
        (lambda place: (place / "c").write_text("more"), "c"),
        (lambda place: (place / CHECKSUMS).write_text("{"), CHECKSUMS),
        (lambda place: (place / CHECKSUMS).write_text("[]"), CHECKSUMS),
    ],
)
def test_a_damaged_file_is_named(store, harm, named):
    case = store.cases.add(LOCAL, "A1", "demo")
    harm(store.save_result(case.id, LOCAL, writes(a="x", b="x")))
    with pytest.raises(InputError, match=f"A1: the result is damaged: {named}"):
        store.open_result(case.id, LOCAL)


def test_a_writer_that_fails_leaves_the_earlier_result(store, tmp_path):
    def fails(folder):
        (folder / "a").write_text("half")
        raise OSError(28, "No space left on device")

    case = store.cases.add(LOCAL, "A1", "demo")
    with pytest.raises(InputError, match="No space left"):
        store.save_result(case.id, LOCAL, fails)
    assert not store.has_result(case.id, LOCAL)
    store.save_result(case.id, LOCAL, writes(a="one", b="one"))
    store.save_result(case.id, LOCAL, writes(a="two"))
    with pytest.raises(InputError):
        store.save_result(case.id, LOCAL, fails)
    place = store.open_result(case.id, LOCAL)
    assert {path.name for path in place.iterdir()} == {"a", CHECKSUMS}
    assert (place / "a").read_text() == "two"
    assert list((tmp_path / "data" / "results" / "unfinished").iterdir()) == []


KILLED_WHILE_WRITING = """
import sys, time
from pathlib import Path
from petgen.store import open_store

def slow(folder):
    (folder / "a").write_text("half")
    print("writing", flush=True)
    time.sleep(60)

with open_store({"PETGEN_DATA": sys.argv[1]}) as store:
    store.save_result(sys.argv[2], "local", slow)
"""


def test_a_half_written_folder_is_swept_once_its_process_is_dead(store, tmp_path):
    folder = tmp_path / "data"
    case = store.cases.add(LOCAL, "A1", "demo")
    writer = python(KILLED_WHILE_WRITING, folder, case.id)
    assert writer.stdout.readline() == "writing\n"
    unfinished = folder / "results" / "unfinished"
    opened(folder).close()
    assert len(list(unfinished.iterdir())) == 1
    writer.kill()
    writer.communicate()
    with opened(folder) as again:
        assert list(unfinished.iterdir()) == []
        assert not again.has_result(case.id, LOCAL)


def test_a_result_without_a_case_is_swept(tmp_path):
    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo")
        store.save_result(case.id, LOCAL, writes(a="x"))
        (tmp_path / "results" / case.id).rename(tmp_path / "results" / "orphan")
    opened(tmp_path).close()
    assert not (tmp_path / "results" / "orphan").exists()


def test_a_folder_of_another_database_is_refused_and_left_alone(tmp_path):
    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo")
        store.save_result(case.id, LOCAL, writes(a="x"))
    other = f"sqlite:///{tmp_path}/other.db"
    for _ in range(2):
        with pytest.raises(InputError, match="another store"):
            Store(other, tmp_path)
        (tmp_path / "store.id").unlink(missing_ok=True)
    with opened(tmp_path) as store:
        assert (store.open_result(case.id, LOCAL) / "a").read_text() == "x"
    assert (tmp_path / "store.id").stat().st_mode & 0o777 == 0o600


def test_a_case_deleted_while_its_result_is_written_stays_deleted(store, tmp_path):
    case = store.cases.add(LOCAL, "A1", "demo")
    with pytest.raises(InputError, match="deleted"):
        store.save_result(case.id, LOCAL, lambda folder: store.delete_case(case.id, LOCAL))
    assert not (tmp_path / "data" / "results" / case.id).exists()


def test_deletion_leaves_no_byte_but_the_code_in_the_audit(store, tmp_path):
    secret = "fourteen73"
    case = store.cases.add(LOCAL, "A1", "upload", title=secret, input_sha256=secret, values={"note": secret})
    store.jobs.add(case.id, LOCAL)
    job = store.runs.claim(any_process=False)
    store.runs.progress(job.id, Step(secret, 1, 2))
    store.runs.end(job.id, "failed", secret)
    store.reads.add(case.id, LOCAL, "r1", "accept", reason=secret)
    store.save_result(case.id, LOCAL, writes(a=secret))
    store.save_stripped(case.id, LOCAL, writes(a=secret))
    assert store.cases.get(case.id, LOCAL).source == "stripped"

    def holding(word):
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        return [path.name for path in files if word.encode() in path.read_bytes() or word in str(path)]

    assert len(holding(secret)) >= 3
    store.delete_case(case.id, LOCAL)
    assert holding(secret) == []
    assert holding(case.id) == []
    assert store.jobs.of(LOCAL) == []
    newest = store.audit.of(LOCAL)[0]
    assert (newest.deed, newest.code) == ("deleted", "A1")


CLAIMS = """
import sys
from petgen.store import open_store

with open_store({"PETGEN_DATA": sys.argv[1]}) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    while job := store.runs.claim(any_process=True):
        print(job.id, flush=True)
        store.runs.end(job.id, "done")
"""


def test_two_processes_open_an_empty_store_and_claim_nothing_twice(tmp_path):
    arguments = [sys.executable, "-c", CLAIMS, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": environment}
    claimers = [subprocess.Popen(arguments, **pipes) for _ in range(2)]
    assert [claimer.stdout.readline() for claimer in claimers] == ["ready\n"] * 2
    with opened(tmp_path) as store:
        case = store.cases.add(LOCAL, "A1", "demo")
        jobs = [store.jobs.add(case.id, LOCAL) for _ in range(60)]
    for claimer in claimers:
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    claimed = [claimer.communicate(timeout=30)[0].split() for claimer in claimers]
    assert sorted(claimed[0] + claimed[1]) == sorted(jobs)
    assert [claimer.returncode for claimer in claimers] == [0, 0]
