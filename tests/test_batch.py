"""A site's dataset with faults: found by `check`, gone around by `batch`, which goes on where it stopped."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from petgen.batch import INPUT, run_batch, write_group
from petgen.batch.person import is_made_from
from petgen.case import InputError
from petgen.cli import app
from petgen.cohort.site_check import check_dataset
from petgen.cohort.site_columns import FILE, read_columns, values_of
from petgen.cohort.site_files import pet_of, read_participants, t1_of, tracer_of
from petgen.models import load_models
from petgen.report import read_outputs


@pytest.fixture(scope="module")
def site(simulated, tmp_path_factory):
    """Six people: one fine, five with a fault each; values under the site's own names and units."""
    root = tmp_path_factory.mktemp("site") / "data"
    root.mkdir()
    (root / "dataset_description.json").write_text('{"Name": "site", "BIDSVersion": "1.11.1"}')
    t1 = next((simulated / "sub-train00000" / "anat").glob("*_T1w.nii.gz"))
    pet = next((simulated / "sub-train00000" / "pet").glob("*_pet.nii.gz"))
    for name in ("fine", "damaged", "value", "nopet", "orphan"):
        for kind, source in (("anat", t1), ("pet", pet)):
            place = root / f"sub-{name}" / kind / source.name.replace("train00000", name)
            place.parent.mkdir(parents=True)
            shutil.copy(source, place)
    (root / "sub-damaged" / "anat" / t1.name.replace("train00000", "damaged")).write_bytes(t1.read_bytes()[:5000])
    shutil.rmtree(root / "sub-nopet" / "pet")
    header = nib.load(root / "sub-nopet" / "anat" / t1.name.replace("train00000", "nopet"))
    turned = nib.Nifti1Image(np.asarray(header.dataobj), header.affine)
    turned.set_sform(header.affine, 1)
    turned.set_qform(np.diag([-1, 1, 1, 1]) @ header.affine, 1)
    nib.save(turned, root / "sub-nopet" / "anat" / t1.name.replace("train00000", "nopet"))
    rows = [
        ("participant_id", "AGE", "gender", "ptau217"),
        ("sub-fine", "74", "2", "0.00082"),
        ("sub-damaged", "70", "1", "0.0003"),
        ("sub-value", "66", "2", "0.9"),
        ("sub-nopet", "59", "1", "n/a"),
        ("sub-gone", "59", "1", "0.0002"),
    ]
    (root / "participants.tsv").write_text("\n".join("\t".join(row) for row in rows) + "\n")
    columns = {
        "age": "AGE",
        "sex": {"column": "gender", "values": {"1": "M", "2": "F"}},
        "p_tau217": {"column": "ptau217", "unit": "ng/mL", "assay": "ALZpath"},
    }
    (root / FILE).write_text(json.dumps(columns))
    return root


def test_check_lists_every_planted_fault_by_person(site):
    problems = list(check_dataset(site))
    found = {problem.person: problem for problem in problems if problem.fatal}
    assert set(found) == {"damaged", "value", "orphan", "gone"}
    assert "cut short" in found["damaged"].what
    assert "plausible range" in found["value"].what
    assert "no row" in found["orphan"].what
    assert found["gone"].what == "no T1w"
    assert all(problem.mend for problem in problems)
    assert any(problem.person == "nopet" and "qform" in problem.what for problem in problems)
    assert not [problem for problem in problems if problem.person == "fine"]


def test_check_ends_with_one_when_somebody_cannot_be_used(site):
    found = CliRunner().invoke(app, ["check", str(site)])
    assert found.exit_code == 1
    assert "4 people cannot be used" in found.output


def test_a_simulated_dataset_has_nothing_fatal(simulated):
    assert not [problem for problem in check_dataset(simulated) if problem.fatal]


def test_columns_are_mapped_converted_and_decoded(site):
    columns, row = read_columns(site), read_participants(site).loc["fine"].to_dict()
    values = values_of(row, columns, "here")
    assert (values.age, values.sex, values.p_tau217) == (74, "F", pytest.approx(0.82))
    assert values.assay == {"p_tau217": "ALZpath"}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "not a JSON text"),
        ('{"height": "H"}', "no such value: height"),
        ('{"age": {"column": "A", "unit": "months"}}', "age cannot be converted from months"),
        ('{"nfl": {"column": "N", "unit": "mg"}}', "nfl cannot be converted from mg"),
        ('{"age": {"name": "A"}}', "not described"),
        ("[1]", "not described"),
        (f'{{"age": {"7" * 5000}}}', "not a JSON text"),
    ],
)
def test_a_wrong_description_of_columns_is_told(tmp_path, content, words):
    (tmp_path / FILE).write_text(content)
    with pytest.raises(InputError, match=words):
        read_columns(tmp_path)


def test_somebody_named_twice_is_told(tmp_path):
    (tmp_path / "participants.tsv").write_text("participant_id\tage\nsub-a\t70\nsub-a\t71\n")
    with pytest.raises(InputError, match="names a more than once"):
        read_participants(tmp_path)


def test_the_t1_without_contrast_agent_and_the_amyloid_tracer_are_taken(tmp_path):
    for file in (
        "anat/sub-a_ce-gd_T1w",
        "anat/sub-a_run-2_T1w",
        "pet/sub-a_trc-18FFDG_pet",
        "pet/sub-a_trc-18FFBB_pet",
    ):
        place = tmp_path / "sub-a" / f"{file}.nii.gz"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(gzip.compress(b""))
    assert t1_of(tmp_path, "a").name == "sub-a_run-2_T1w.nii.gz"
    assert tracer_of(pet_of(tmp_path, "a")) == "florbetaben"
    assert tracer_of(tmp_path / "sub-a_trc-18FFDG_pet.nii.gz") is None


def test_batch_does_what_can_be_done_and_goes_on_where_it_stopped(site, tmp_path):
    models, said = load_models(), []
    out = tmp_path / "out"
    states = {outcome.name: outcome for outcome in run_batch(site, out, models, said.append)}
    assert {name: outcome.state for name, outcome in states.items()} == {
        "fine": "done",
        "damaged": "failed",
        "value": "failed",
        "nopet": "done",
        "gone": "failed",
    }
    assert "cut short" in states["damaged"].message
    results = pd.read_csv(out / "results.tsv", sep="\t").set_index("participant_id")
    assert list(results.index) == ["sub-fine", "sub-nopet"]
    assert np.isfinite(results.at["sub-fine", "own_pet_centiloid"])
    assert np.isnan(results.at["sub-nopet", "own_pet_centiloid"])
    assert results.at["sub-nopet", "light"] != "green"
    assert len(pd.read_csv(out / "failures.tsv", sep="\t")) == 3
    validator = subprocess.run(
        [str(Path(sys.executable).parent / "bids-validator-deno"), str(out), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    issues = json.loads(validator.stdout)["issues"]["issues"]
    assert not [issue for issue in issues if issue["severity"] == "error"]

    before = (out / "sub-fine" / "result.json").stat().st_mtime_ns
    (again,) = run_batch(site, out, models, said.append, only={"fine"})
    assert (again.name, again.state) == ("fine", "kept")
    assert (out / "sub-fine" / "result.json").stat().st_mtime_ns == before
    assert not list(out.rglob("*.part"))
    table = (out / "results.tsv").read_bytes()
    (out / "results.tsv").unlink()
    run = CliRunner().invoke(app, ["bids", str(site), str(out), "group"])
    assert run.exit_code == 0, run.output
    assert (out / "results.tsv").read_bytes() == table
    assert set(json.loads((out / "results.json").read_text())) == set(results.reset_index().columns)
    reopened = read_outputs(out / "sub-fine")
    assert reopened.result.centiloid == pytest.approx(results.at["sub-fine", "centiloid"], abs=1e-3)
    assert reopened.reference.shape == reopened.suvr.shape

    made_from = json.loads((out / "sub-nopet" / INPUT).read_text())
    assert is_made_from(out / "sub-nopet", made_from)
    assert not is_made_from(out / "sub-nopet", made_from | {"seed": 1})
    (out / "sub-nopet" / INPUT).write_text("{")
    assert not is_made_from(out / "sub-nopet", made_from)


def test_the_bids_app_says_what_it_cannot_do(site, tmp_path):
    with pytest.raises(InputError, match=r"nobody is called nobody.*It names fine, damaged"):
        run_batch(site, tmp_path / "out", None, print, only={"nobody"})
    with pytest.raises(InputError, match="participant first"):
        write_group(tmp_path)
    run = CliRunner().invoke(app, ["bids", str(site), str(tmp_path), "group", "--participant-label", "sub-fine"])
    assert "takes everybody" in str(run.exception)
    assert CliRunner().invoke(app, ["bids", str(site), str(tmp_path), "session"]).exit_code == 2


def test_somebody_who_fails_now_keeps_the_record_of_earlier_results(site, tmp_path):
    models = SimpleNamespace(generator=SimpleNamespace(checksum="a" * 64))
    record = tmp_path / "sub-damaged" / INPUT
    record.parent.mkdir()
    record.write_text('{"seed": 0}')
    (outcome,) = run_batch(site, tmp_path, models, print, only={"damaged"})
    assert outcome.state == "failed"
    assert record.read_text() == '{"seed": 0}'


@pytest.mark.parametrize("option", ["--participant-label", "--participant_label"])
def test_somebody_damaged_is_told_by_the_bids_app(site, tmp_path, monkeypatch, option):
    models = SimpleNamespace(generator=SimpleNamespace(checksum="a" * 64))
    monkeypatch.setattr("petgen.models.load_models", lambda progress=None, name="": models)
    run = CliRunner().invoke(app, ["bids", str(site), str(tmp_path), "participant", option, "sub-damaged"])
    assert run.exit_code == 1
    assert not (tmp_path / "results.tsv").exists()
