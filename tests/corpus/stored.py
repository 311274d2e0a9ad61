"""What petgen kept: a store of another version or damaged, results in it that were changed."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from corpus.kind import Kind
from petgen.case import check_biomarkers
from petgen.store import CHECKSUMS, LOCAL, CaseRow, Store
from petgen.store.database import Database
from petgen.store.migrate import migrate

DEEP = "[" * 200_000


def opened(folder: Path) -> Store:
    return Store(f"sqlite:///{folder / 'petgen.sqlite'}", folder)


def _with_case(folder: Path) -> str:
    """A store with one case and its result; gives the id of the case."""
    with opened(folder) as store:
        case = store.cases.add(LOCAL, "A1", "demo", values={"age": 74}).id
        store.save_result(case, LOCAL, lambda place: (place / "result.json").write_text("{}"))
    return case


def _sql(*statements: str) -> Callable[[Path], Path]:
    """A store with one case in which these were run."""

    def make(folder: Path) -> Path:
        _with_case(folder)
        connection = sqlite3.connect(folder / "petgen.sqlite")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return folder

    return make


def _database(content: bytes) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        (folder / "petgen.sqlite").write_bytes(content)
        return folder

    return make


def _cut(folder: Path) -> Path:
    _with_case(folder)
    path = folder / "petgen.sqlite"
    path.write_bytes(path.read_bytes()[:5000])
    return folder


def _folder_as_database(folder: Path) -> Path:
    (folder / "petgen.sqlite").mkdir()
    return folder


def _older(folder: Path) -> Path:
    database = Database(f"sqlite:///{folder / 'petgen.sqlite'}")
    migrate(database, to="0001")
    with database.connected(write=True) as connection:
        connection.exec_driver_sql(
            'INSERT INTO cases (id, owner, code, title, source, input_sha256, "values", options, created) VALUES '
            """('c1', 'local', 'A1', '', 'demo', '', '{"age": 74}', '{}', '2026-01-02 03:04:05.000000')"""
        )
    database.close()
    return folder


def cases(folder: Path) -> list[CaseRow]:
    """The cases of a store, one by one, their values checked as when one is run again."""
    with opened(folder) as store:
        found = [store.cases.get(case, LOCAL) for case in sorted(store.cases.ids())]
        for case in found:
            check_biomarkers(case.values, where="Values")
        return found


def result(folder: Path) -> Path:
    with opened(folder) as store:
        return store.open_result(store.cases.of(LOCAL)[0].id, LOCAL)


def _one_of_74(found: list[CaseRow]) -> None:
    assert [case.values for case in found] == [{"age": 74}]


def _harmed(name: str, content: str | None) -> Callable[[Path], Path]:
    """A store with a result of which one file is changed, or gone."""

    def make(folder: Path) -> Path:
        path = folder / "results" / _with_case(folder) / name
        path.unlink() if content is None else path.write_text(content)
        return folder

    return make


STORES = {
    "store: text": (_database(b"not a database, but long enough " * 99), "store cannot be used"),
    "store: cut short": (_cut, "store cannot be used"),
    "store: a folder": (_folder_as_database, "store cannot be opened"),
    "store: of a newer version": (_sql("UPDATE alembic_version SET version_num = '9999'"), "newer petgen"),
    "store: without a table": (_sql("DROP TABLE cases"), "store cannot be used"),
    "store: without a column": (_sql("ALTER TABLE cases DROP COLUMN title"), "store cannot be used"),
    "store: values that are no JSON": (
        _sql("""UPDATE cases SET "values" = '{"age": '"""),
        "row of the store is damaged",
    ),
    "store: deep values": (_sql(f"""UPDATE cases SET "values" = '{DEEP}'"""), "row of the store is damaged"),
    "store: a time that is none": (_sql("UPDATE cases SET created = 'yesterday'"), "row of the store is damaged"),
    "store: values that are refused now": (_sql("""UPDATE cases SET "values" = '{"tau": 1}'"""), "tau: no such value"),
    "store: values that are a list": (_sql("""UPDATE cases SET "values" = '[74]'"""), "row of the store is damaged"),
}
HARMED = {
    "result: file changed": (_harmed("result.json", "{} "), "result is damaged: result.json"),
    "result: file missing": (_harmed("result.json", None), "result is damaged: result.json"),
    "result: file added": (_harmed("more.txt", "me"), "result is damaged: more.txt"),
    "result: checksums missing": (_harmed(CHECKSUMS, None), "there is no result"),
    "result: checksums cut short": (_harmed(CHECKSUMS, "{"), "result is damaged: checksums.json"),
    "result: checksums deep": (_harmed(CHECKSUMS, DEEP), "result is damaged: checksums.json"),
    "result: checksums are a list": (_harmed(CHECKSUMS, "[]"), "result is damaged: checksums.json"),
}
KINDS = [
    *(Kind(name, make, cases, refused=words) for name, (make, words) in STORES.items()),
    *(Kind(name, make, result, refused=words) for name, (make, words) in HARMED.items()),
    Kind("store: of an older version", _older, cases, right=_one_of_74),
]  # fmt: skip
