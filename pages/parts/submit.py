"""From the form to a case in the queue, or to a finished demo."""

import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from pages.parts.current_case import open_case
from pages.parts.scan_form import Entry
from pages.parts.session import models, owner, pool, store
from petgen.case import InputError, check_biomarkers
from petgen.demos import DemoCase
from petgen.installed import BUNDLED
from petgen.jobs import Files, kept_work, upload_work
from petgen.store import CHECKSUMS, CaseRow


def submit(entry: Entry) -> None:
    """Keeps what the form holds as a new case, queues it and opens it.

    Raises:
        InputError: A value cannot be, the code is none, or there is no scan.
    """
    biomarkers = check_biomarkers(entry.values, where="Values")
    values = biomarkers.model_dump(exclude_none=True, exclude={"assay"})
    if entry.cutoffs[0] > entry.cutoffs[1]:
        raise InputError("the zones overlap", where="Limits of the zones", mend="Give a lower one than the upper one.")
    settings: dict[str, Any] = {"cutoffs": list(entry.cutoffs)}
    if entry.model != BUNDLED:
        settings["model"] = entry.model
    if entry.demo:
        options = {"demo": entry.demo.code, **settings}
        row = store().cases.add(owner(), entry.code, "demo", title=entry.demo.title, values=values, options=options)
        work = kept_work(store(), models)(row)
    elif entry.again:
        row = _copy(entry.again, values, settings)
        work = kept_work(store(), models)(row)
    elif entry.scan:
        options = {"tracer": entry.tracer, "own_pet": entry.pet is not None, **settings}
        row = store().cases.add(
            owner(), entry.code, "upload", input_sha256=_checksum(entry.scan), values=values, options=options
        )
        work = upload_work(store(), row, entry.scan, models, entry.pet)
    else:
        raise InputError("there is no MRI yet", where="Scan", mend="Upload a T1-weighted scan or choose a demo case.")
    pool().submit(row.id, row.owner, work)
    open_case(row.id, form=None if entry.scan else "Open case")


def _copy(old: CaseRow, values: dict[str, Any], settings: dict[str, Any]) -> CaseRow:
    """A new case with the scan of an old one and values of its own."""
    options = {name: value for name, value in old.options.items() if name not in ("beforehand", "model")} | settings
    new = store().cases.add(
        old.owner,
        old.code,
        old.source,
        title=old.title,
        input_sha256=old.input_sha256,
        values=values,
        options=options,
    )
    if old.source == "stripped":
        scan = store().open_stripped(old.id, old.owner)
        store().save_stripped(new.id, new.owner, lambda folder: copy_files(scan, folder))
    return new


def copy_files(scan: Path, folder: Path) -> None:
    """Copies the files of a result or a scan but for its seal."""
    for file in scan.iterdir():
        if file.name != CHECKSUMS:
            shutil.copy2(file, folder)


def run_again(row: CaseRow) -> None:
    """Queues a case whose scan is here once more and opens it.

    Raises:
        InputError: The case is gone, or its scan was not kept.
    """
    pool().submit(row.id, row.owner, kept_work(store(), models)(row))
    open_case(row.id)


def open_demo(demo: DemoCase) -> None:
    """Opens a demo case with the result that was computed beforehand; where there is none, queues it.

    Raises:
        InputError: The store cannot be written.
    """
    wanted = {"demo": demo.code, "beforehand": True}
    for row in store().cases.of(owner()):
        if row.options == wanted and store().has_result(row.id, row.owner):
            return open_case(row.id)
    values = demo.biomarkers.model_dump(exclude_none=True, exclude={"assay"})
    result = demo.result
    if result is None:
        row = store().cases.add(
            owner(), demo.code, "demo", title=demo.title, values=values, options={"demo": demo.code}
        )
        return run_again(row)
    row = store().cases.add(owner(), demo.code, "demo", title=demo.title, values=values, options=wanted)
    store().save_result(row.id, row.owner, lambda folder: copy_files(result, folder))
    open_case(row.id)


def _checksum(files: Files) -> str:
    found = sha256()
    for _, content in files:
        found.update(content)
    return found.hexdigest()
