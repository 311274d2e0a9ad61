"""What an upload leaves behind: no name in a log or on the disk, and after deletion nothing but a line of the audit."""

import gzip
import logging

import nibabel as nib
import pytest
from page_tools import page, press

from pages.parts import current_case, session
from petgen.store import LOCAL

NAMES = ("jane", "doe", "19410203")
UNREADABLE = [("doe_jane_19410203.nii.gz", b"DOE^JANE 19410203", "application/gzip")]


@pytest.fixture
def upload(demos):
    """A NIfTI whose header and file name name the patient."""
    image = nib.load(demos[0].t1)
    image.header["descrip"] = b"DOE^JANE 19410203"
    image.header["db_name"] = b"DOE^JANE"
    image.header.extensions.append(nib.nifti1.Nifti1Extension("comment", b"DOE^JANE 19410203"))
    assert b"JANE" in image.to_bytes()
    return [("doe_jane_19410203.nii.gz", gzip.compress(image.to_bytes()), "application/gzip")]


def _plain(path):
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def _holding(folder, words):
    """Files under a folder, unpacked where packed, that hold one of some words in content or name."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    found = ((path, (str(path.relative_to(folder)).encode() + _plain(path)).lower()) for path in files)
    return {path.name for path, content in found if any(word.lower().encode() in content for word in words)}


def _run(upload):
    at = page().run()
    at.radio(key="source").set_value("Own scan").run()
    at.file_uploader(key="upload").set_value(upload).run()
    at.text_input(key="code_own1").set_value("SITE07").run()
    return press(at)


def test_no_name_is_logged_or_kept(seen, upload, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    at = _run(upload)
    assert not at.exception
    assert not at.error
    data = tmp_path / "data"
    assert _holding(data, ["SITE07"])
    assert _holding(data, NAMES) == set()
    said = " ".join([caplog.text, *capfd.readouterr()]).lower()
    assert not [name for name in NAMES if name in said]
    assert b"jane" not in seen[0].scan.to_bytes().lower()


def test_a_scan_that_cannot_be_used_is_not_named_either(seen, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    _run(UNREADABLE)
    job = session.store().jobs.of(LOCAL)[0]
    assert job.state == "failed"
    assert _holding(tmp_path / "data", NAMES) == set()
    said = " ".join([job.message, caplog.text, *capfd.readouterr()]).lower()
    assert not [name for name in NAMES if name in said]


def test_deletion_leaves_one_line_of_the_audit(seen, upload, tmp_path):
    at = _run(upload)
    case, data = at.session_state[current_case.CASE], tmp_path / "data"
    before = {path.name for path in data.rglob("*") if path.is_file()}
    assert _holding(data, [case]) != set()
    at = page("history.py").run()
    at.button(key=f"delete_{case}").click().run()
    assert _holding(data, [case]) == set()
    left = {path.name for path in data.rglob("*") if path.is_file()}
    assert {name for name in left if not name.startswith("petgen.sqlite")} == {"store.id"}
    assert len(before) > len(left)
    assert [row.code for row in session.store().audit.all() if row.deed == "deleted"] == ["SITE07"]
    assert _holding(data, ["SITE07"]) == {"petgen.sqlite"}
