import json
from dataclasses import replace
from threading import Lock
from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

import petgen.verify
from petgen import __version__
from petgen.case import Biomarkers, InputError, Light, MadeFrom, Probabilities, Step, values_checksum
from petgen.cli import app
from petgen.imaging import read_scan
from petgen.imaging.grid import on_grid
from petgen.report import compare, write_outputs
from petgen.report.compare import CENTILOID_AT_MOST, SUVR_AT_MOST
from petgen.verify import verify

SMALL = nib.Nifti1Image(np.zeros((4, 4, 4)), np.eye(4))
CHANCES = "Probabilities, largest difference"
WEIGHTS = {"petgen.safetensors": "a" * 64, "petgen-scores.skops": "b" * 64}


@pytest.fixture
def t1(tmp_path, synthesis):
    file = tmp_path / "t1.nii.gz"
    nib.save(on_grid(synthesis.t1), file)
    return file


@pytest.fixture
def case(synthesis, t1):
    """A synthesis that says it was made from that T1w."""
    made_from = MadeFrom(
        model="petgen",
        scan_sha256=read_scan(t1).sha256,
        values_sha256=values_checksum(synthesis.biomarkers),
        weights=WEIGHTS,
    )
    said = {"made_from": made_from, "weights_sha256": "a" * 64, "petgen_version": __version__, "seed": 7}
    return replace(synthesis, result=synthesis.result.model_copy(update=said))


@pytest.fixture
def out(case, tmp_path, request):
    write_outputs(case, tmp_path / "out" / "sub-TEST01", getattr(request, "param", "flat"))
    return tmp_path / "out" / "sub-TEST01"


@pytest.fixture
def models():
    return SimpleNamespace(generator=SimpleNamespace(checksum="a" * 64), checksums=dict(WEIGHTS), lock=Lock())


@pytest.fixture
def asked(monkeypatch, case, models):
    """The cases given to a stand-in for the pipeline, which answers with the case itself."""
    cases = []

    def synthesize(given, loaded):
        assert loaded is models
        cases.append(given)
        yield Step("Generator", 1, 1)
        yield case

    monkeypatch.setattr(petgen.verify, "synthesize", synthesize)
    monkeypatch.setattr("petgen.models.load_models", lambda progress=None, name="": models)
    return cases


def _differing(verdict):
    return [check.name for check in verdict.differing]


def _rewrite(file, **changes):
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize("out", ["flat", "bids"], indirect=True)
def test_the_same_is_confirmed_with_seed_and_values_of_the_record(out, t1, models, asked, case):
    told = []
    verdict = verify(out, t1, lambda name: models, told.append)
    assert verdict.confirmed
    assert [check.fine for check in verdict.checks] == [True] * len(verdict.checks)
    assert told == ["Step 1 of 1: Generator"]
    assert asked[0].seed == 7
    assert asked[0].biomarkers == case.biomarkers


def test_another_scan_is_not_confirmed_and_nothing_is_computed(out, tmp_path, synthesis, asked):
    other = tmp_path / "other.nii.gz"
    nib.save(on_grid(synthesis.t1 * np.float32(1.001)), other)
    verdict = verify(out, other, lambda: pytest.fail("models loaded"), print)
    assert not verdict.confirmed
    assert _differing(verdict) == ["T1w as read"]


def test_the_same_voxels_elsewhere_in_space_are_another_scan(out, tmp_path, synthesis, asked):
    moved = on_grid(synthesis.t1)
    affine = moved.affine.copy()
    affine[0, 3] += 1
    nib.save(nib.Nifti1Image(moved.get_fdata(dtype=np.float32), affine), tmp_path / "moved.nii.gz")
    verdict = verify(out, tmp_path / "moved.nii.gz", lambda: pytest.fail("models loaded"), print)
    assert _differing(verdict) == ["T1w as read"]


def test_changed_values_are_found(out, t1, asked):
    _rewrite(out / "values.json", p_tau217=0.3)
    verdict = verify(out, t1, lambda: pytest.fail("models loaded"), print)
    assert _differing(verdict) == ["values.json"]


@pytest.mark.parametrize(("name", "said"), [("petgen.safetensors", "Generator"), ("petgen-scores.skops",) * 2])
def test_other_weights_are_found(out, t1, models, asked, name, said):
    if said == "Generator":
        models.generator.checksum = "c" * 64
    models.checksums[name] = "c" * 64
    verdict = verify(out, t1, lambda name: models, print)
    assert _differing(verdict) == [said]
    assert not verdict.recomputed
    assert not asked


def test_another_version_alone_proves_nothing(out, t1, models, asked):
    _rewrite(out / "result.json", petgen_version="0.0.1")
    verdict = verify(out, t1, lambda name: models, print)
    assert verdict.confirmed
    assert verdict.checks[0].fine is None


def test_a_result_without_a_record_is_confirmed_by_its_numbers(out, t1, models, asked):
    _rewrite(out / "result.json", made_from=None)
    verdict = verify(out, t1, lambda name: models, print)
    assert verdict.confirmed
    assert [check.recorded for check in verdict.checks[1:3]] == ["not recorded"] * 2


def _changed(synthesis, **changes):
    return replace(synthesis, result=synthesis.result.model_copy(update=changes))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda s: replace(s, suvr=s.suvr + np.float32(0.001)), []),
        (lambda s: replace(s, suvr=s.suvr + np.float32(0.01)), ["SUVR template, mean difference"]),
        (lambda s: replace(s, suvr=_spot(s.suvr)), ["SUVR template, largest difference"]),
        (lambda s: replace(s, suvr_native=SMALL), ["SUVR scan's grid, voxels"]),
        (lambda s: _changed(s, centiloid=64.5 + CENTILOID_AT_MOST - 0.1), []),
        (lambda s: _changed(s, centiloid=64.5 + CENTILOID_AT_MOST + 0.1), ["Centiloid"]),
        (lambda s: _changed(s, centiloid=None), ["Centiloid"]),
        (lambda s: _changed(s, light=Light(level="red")), ["Light"]),
        (lambda s: _changed(s, p_amyloid_positive=Probabilities(t1=0.5, inputs=0.7, spet=0.68)), [CHANCES]),
        (lambda s: _changed(s, p_amyloid_positive=Probabilities(t1=0.42)), [CHANCES]),
    ],
)
def test_what_may_differ_and_what_not(synthesis, change, names):
    found = compare(change(synthesis), synthesis)
    assert [check.name for check in found if not check.fine] == names


def _spot(volume):
    changed = volume.copy()
    changed[45, 54, 45] += SUVR_AT_MOST * 1.1
    return changed


def test_the_terminal_says_so_by_words_and_exit_code(out, t1, asked, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    run = CliRunner().invoke(app, ["verify", str(out), "--t1", str(t1)])
    assert run.exit_code == 0, run.output
    assert "Confirmed" in run.output
    _rewrite(out / "result.json", centiloid=20.0)
    run = CliRunner().invoke(app, ["verify", str(out), "--t1", str(t1)])
    assert run.exit_code == 1
    assert "Not confirmed: Centiloid." in run.output
    _rewrite(out / "values.json", age=75)
    assert "not computed again" in CliRunner().invoke(app, ["verify", str(out), "--t1", str(t1)]).output


def test_bad_input_is_told(out, t1, tmp_path):
    with pytest.raises(InputError, match=r"by person.*such as .*sub-TEST01"):
        verify(out.parent, t1, lambda: None, print)
    with pytest.raises(InputError, match="nowhere"):
        verify(tmp_path / "nowhere", t1, lambda: None, print)
    with pytest.raises(InputError, match="no such file"):
        verify(out, tmp_path / "none.nii.gz", lambda: None, print)


def test_values_have_one_checksum_however_they_are_written():
    written = values_checksum(Biomarkers(age=74, sex="F", p_tau217=0.91))
    assert written == values_checksum(Biomarkers.model_validate({"sex": "female", "p_tau217": "0.91", "age": 74.0}))
    assert written != values_checksum(Biomarkers(age=74, sex="F", p_tau217=0.92))
    assert written != values_checksum(Biomarkers(age=74, sex="F"))
