"""Bundled files and the model's cache on a file system that is mounted read-only, as in a container."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from petgen.assets import assets_folder
from petgen.language.convert import cache_folder, is_converted

ROOT = Path(__file__).parents[1]
RUN = """
import os, sys
from pathlib import Path
from petgen.assets import asset
from petgen.case import InputError
from petgen.language.convert import convert
from petgen.language.encoder import TextEncoder

try:
    (asset("weights") / "written").touch()
except OSError as error:
    print(error.strerror)
from petgen.demos import demo_cases
from petgen.diagnosis.scores import Scores
from petgen.generator.weights import load_weights
from petgen.report import read_outputs
from petgen.store import open_store

print(len(demo_cases()), load_weights(asset("weights", "petgen.safetensors")).version)
Scores.load(asset("weights", "petgen-scores.skops"))
read_outputs(demo_cases()[0].result)
with open_store() as store:
    print(store.cases.add("local", "A1", "demo").code)
print(TextEncoder.load().encode(["Age: 70 years"]).shape)
os.environ["PETGEN_CACHE"] = str(asset("weights") / "nothing-here")
try:
    convert()
except InputError as error:
    print(error)
"""


def read_only(folders, code, environment):
    """Runs code where some folders are mounted read-only; None where that is not allowed."""
    mounts = [f"mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'" for folder in folders]
    user = [] if os.geteuid() == 0 else ["--map-root-user"]
    allowed = ["unshare", "--mount", *user, "sh", "-c", " && ".join([*mounts, "true"])]
    try:
        subprocess.run(allowed, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.CalledProcessError):
        return None
    command = " && ".join([*mounts, f"exec '{sys.executable}' -c \"$0\""])
    around = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        ["unshare", "--mount", *user, "sh", "-c", command, code],
        capture_output=True, text=True, env=around, timeout=120, check=False,
    )  # fmt: skip


def test_nothing_is_written_beside_what_petgen_brings(tmp_path):
    if not is_converted():
        pytest.skip("the language model has not been converted on this machine")
    places = [assets_folder(), cache_folder()]
    done = read_only(places, RUN, {"PETGEN_DATA": str(tmp_path / "data"), "PETGEN_CACHE": str(cache_folder())})
    if done is None:
        pytest.skip("no leave to mount anything")
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr[-500:]
    assert said[0] == "Read-only file system"
    assert said[2:4] == ["A1", "(1, 640)"]
    assert "cannot be kept here (Read-only file system). Set PETGEN_CACHE to a folder with 1.5 GB to spare" in said[4]
