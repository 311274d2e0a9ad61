import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from petgen.cli import app, main
from petgen.doctor import examine


def _petgen(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from petgen.cli import main; main()"
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


def test_schema_is_json():
    run = CliRunner().invoke(app, ["schema"])
    assert json.loads(run.stdout)["title"] == "Result"


def test_metrics_have_a_schema_too():
    run = CliRunner().invoke(app, ["schema", "--of", "metrics"])
    assert {"variants", "baselines", "ceiling"} <= set(json.loads(run.stdout)["properties"])


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["schema", "--of", "x"], "x"),
        (["evaluate", "--data", "none", "--out", "o", "--variants", "best"], "best"),
        (["evaluate", "--data", "none", "--out", "o"], "participants.tsv"),
        (["calibrate", "--data", "none", "--weights", "w"], "participants.tsv"),
        (["train", "--data", "none", "--out", "o", "--work", "w", "--variant", "best"], "best"),
        (["report", "none"], "none"),
        (["export-dicom", "none", "--out", "o"], "none"),
        (["ablate", "--data", "none", "--work", "w", "--out", "o", "--variants", "best"], "best"),
    ],
)
def test_training_and_measuring_say_what_is_missing(tmp_path, monkeypatch, capsys, arguments, named):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["petgen", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert named in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--t1", "none.nii.gz", "--age", "70"], "none.nii.gz"),
        (["--t1", "none.nii.gz", "--nfl", "24000"], "nfl"),
        (["--t1", "none.nii.gz", "--biomarkers", "none.json"], "none.json"),
        (["--t1", "none.nii.gz", "--code", "../x"], "code"),
        (["--t1", "none.nii.gz", "--age", "old"], "--age"),
        (["--t2", "none.nii.gz"], "--t2"),
        ([], "--t1"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(tmp_path, arguments, named):
    run = _petgen("synthesize", *arguments, "--out", str(tmp_path / "out"))
    assert run.returncode == 2
    assert named in run.stderr
    assert len(run.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_simulating_without_anatomies_says_what_is_expected(tmp_path):
    run = _petgen("simulate", "--anatomies", str(tmp_path), "--out", str(tmp_path / "out"))
    assert run.returncode == 2
    assert "sub-*_dseg.nii.gz" in run.stderr


def test_training_without_people_says_what_to_do(tmp_path):
    run = _petgen("train", "--data", str(tmp_path), "--out", str(tmp_path / "w"), "--work", str(tmp_path / "run"))
    assert run.returncode == 2
    assert "petgen simulate" in run.stderr


def test_doctor_finds_everything_here():
    findings = {finding.name: finding for finding in examine()}
    assert {"device", "weights", "language model", "atlas", "torch"} <= set(findings)
    assert all(finding.fine for finding in findings.values())
    run = CliRunner().invoke(app, ["doctor"])
    assert run.exit_code == 0


def test_doctor_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr("petgen.assets._ROOT", tmp_path)
    run = CliRunner().invoke(app, ["doctor"])
    assert run.exit_code == 1
    assert "weights" in run.output
