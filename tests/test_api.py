"""The door for Python; tests/test_pipeline.py walks it with the real models, from the terminal."""

import inspect
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nibabel as nib
import pytest

import petgen
from petgen import api, pipeline
from petgen.case import Biomarkers, InputError, Step
from petgen.cli.case import synthesize as terminal
from petgen.imaging.grid import on_grid


@pytest.fixture
def t1(tmp_path, synthesis):
    nib.save(on_grid(synthesis.t1), tmp_path / "t1.nii.gz")
    return tmp_path / "t1.nii.gz"


@pytest.fixture
def cases(monkeypatch, synthesis):
    """The cases that reach a stand-in for the pipeline."""
    found = []

    def run(case, models, keep=None):
        found.append((case, models))
        yield Step("Generator", 1, 1)
        yield replace(synthesis, biomarkers=case.biomarkers, code=case.code)

    monkeypatch.setattr(pipeline, "synthesize", run)
    monkeypatch.setattr("petgen.models.load_models", lambda progress=None, name="": "loaded")
    return found


def test_the_package_gives_it_and_is_quick_to_import():
    assert petgen.synthesize is api.synthesize
    with pytest.raises(AttributeError, match="syntesise"):
        _ = petgen.syntesise
    code = "import sys, petgen; assert 'torch' not in sys.modules and 'nibabel' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_it_takes_what_the_terminal_takes():
    python, options = (list(inspect.signature(door).parameters) for door in (api.synthesize, terminal))
    assert python == [*options, "models", "progress", "loading"]


def test_values_come_from_a_file_a_mapping_or_one_by_one(cases, t1, tmp_path):
    file = tmp_path / "values.json"
    file.write_text(json.dumps({"age": 70, "nfl": 20}))
    for values in (file, str(file), {"age": 70, "nfl": 20}, Biomarkers(age=70, nfl=20)):
        made = petgen.synthesize(t1, biomarkers=values, age=71, p_tau217=0.5)
        assert made.biomarkers == Biomarkers(age=71, nfl=20, p_tau217=0.5)
    assert len(cases) == 4


def test_steps_are_told_and_files_written(cases, t1, tmp_path):
    told = []
    petgen.synthesize(str(t1), tmp_path / "out", age=70, code="A1", seed=3, models="mine", progress=told.append)
    assert told == [Step("Generator", 1, 1)]
    case, models = cases[0]
    assert (case.code, case.seed, models) == ("A1", 3, "mine")
    assert (tmp_path / "out" / "result.json").exists()
    assert list((tmp_path / "out").glob("*.pdf"))


def test_without_a_folder_nothing_is_written(cases, t1, tmp_path):
    before = sorted(tmp_path.iterdir())
    petgen.synthesize(t1, age=70)
    assert sorted(tmp_path.iterdir()) == before
    assert cases[0][1] == "loaded"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"t1": "none.nii.gz"}, "no such file"),
        ({"nfl": 24000}, "nfl"),
        ({"code": "a b"}, "code: a case code"),
        ({"tracer": "FDG"}, "FDG"),
        ({"negative_below": 40}, "zones overlap"),
        ({"biomarkers": {"height": 180}}, "height"),
    ],
)
def test_bad_input_is_told_before_any_work(cases, t1, arguments, words):
    with pytest.raises(InputError, match=words):
        petgen.synthesize(**{"t1": t1, **arguments})
    assert not cases


def test_the_readmes_example_runs(cases, t1, tmp_path, monkeypatch, capsys):
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    example = readme.partition("<!-- python -->\n```python\n")[2].partition("```")[0]
    shutil.copy(t1, tmp_path / "HEAD.nii.gz")
    monkeypatch.chdir(tmp_path)
    exec(example, {})
    assert "(91, 109, 91)" in capsys.readouterr().out
    assert cases[0][0].biomarkers.p_tau217 == 0.71
