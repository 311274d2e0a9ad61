import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from petgen.imaging.scratch import scratch_folder, sweep_scratch

HOLDS = """
import time
from petgen.imaging.scratch import scratch_folder

with scratch_folder() as folder:
    (folder / "to_1Warp.nii.gz").write_bytes(b"a patient")
    print(folder, flush=True)
    time.sleep(60)
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no locks on folders")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def holder(temporary):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "TMPDIR": str(temporary)}
    return subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True, env=environment)


def test_a_folder_goes_away_also_after_an_error(temporary):
    def breaks():
        with scratch_folder() as folder:
            (folder / "deep").mkdir()
            assert folder.stat().st_mode & 0o777 == 0o700
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        breaks()
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_swept_and_a_living_one_s_stays(temporary):
    killed, living = holder(temporary), holder(temporary)
    with killed, living:
        left, kept = (Path(process.stdout.readline().strip()) for process in (killed, living))
        assert sweep_scratch() == 0
        killed.kill()
        killed.wait()
        assert left.exists()
        with scratch_folder() as mine:
            assert sweep_scratch() == 0
            assert sorted(temporary.iterdir()) == sorted([kept, mine])
        living.kill()
        living.wait()
    assert sweep_scratch() == 1
    assert list(temporary.iterdir()) == []


def test_folders_of_others_are_left_alone(temporary):
    for name in ("petgen-results", "petgen-scratch"):
        (temporary / name).mkdir()
    (temporary / "petgen-scratch-file").write_text("no folder")
    (temporary / "petgen-scratch-link").symlink_to(temporary / "petgen-results")
    assert sweep_scratch() == 0
    assert len(list(temporary.iterdir())) == 4
