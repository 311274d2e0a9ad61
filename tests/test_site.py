import json

import nibabel as nib
import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from petgen.assets import asset
from petgen.benchmark.site import folds
from petgen.case import InputError
from petgen.cli import app
from petgen.cohort.at_site import AtSite
from petgen.cohort.dataset import read_subject
from petgen.cohort.people import open_people
from petgen.cohort.site import SitePeople
from petgen.diagnosis import intervals
from petgen.generator.config import GeneratorConfig
from petgen.generator.weights import load_weights
from petgen.imaging.grid import AFFINE
from petgen.imaging.pet import read_pet
from petgen.installed import CARD
from petgen.models import load_folder
from petgen.training import sample_of


@pytest.fixture(scope="module")
def cohort(simulated, tmp_path_factory):
    """Two simulated people, and the same as a site would have them: no truth, counts, PET and T1w apart."""
    root, names = simulated, ["train00000", "train00001"]
    site = tmp_path_factory.mktemp("site")
    moved = np.eye(4)
    moved[:3, 3] = (6, -9, 12)
    for name in names:
        for kind in ("anat", "pet"):
            (site / f"sub-{name}" / kind).mkdir(parents=True)
        t1 = next((root / f"sub-{name}" / "anat").glob("*.nii.gz"))
        pet = next((root / f"sub-{name}" / "pet").glob("*.nii.gz"))
        (site / f"sub-{name}" / "anat" / t1.name).write_bytes(t1.read_bytes())
        counts = np.asarray(nib.load(pet).dataobj)[..., None] * np.array([4000.0, 6000.0])
        nib.save(nib.Nifti1Image(counts.astype(np.float32), moved @ AFFINE), site / f"sub-{name}" / "pet" / pet.name)
    lines = (root / "participants.tsv").read_text().splitlines()
    kept = [line for line in lines if line.split("\t")[0].removeprefix("sub-") in ("participant_id", *names)]
    (site / "participants.tsv").write_text("\n".join(kept) + "\n")
    return root, site, names


def test_a_site_is_read_like_the_simulated_cohort(cohort):
    root, site, names = cohort
    people = open_people(site)
    assert people.provenance == "site-cohort"
    assert (people.names("test"), people.names("train")) == (names[:1], names[1:])
    truth, found = read_subject(root, names[0]), people.read(names[0])
    assert found.values == truth.values
    assert people.ideal(names[0]) is None
    both = found.mask & truth.mask
    assert both.sum() / truth.mask.sum() > 0.9
    assert np.corrcoef(found.pet[both], truth.pet[both])[0, 1] > 0.93
    assert found.pet[found.cerebellum].mean() == pytest.approx(1, abs=0.01)
    assert found.centiloid == pytest.approx(truth.centiloid, abs=20)
    kept = list((site / "derivatives" / "petgen").rglob("*.npz"))
    assert len(kept) == 1
    before = kept[0].read_bytes()
    assert people.read(names[0]).centiloid == found.centiloid
    assert kept[0].read_bytes() == before


def test_a_site_can_be_trained_on_without_what_it_does_not_know(cohort):
    root, site, names = cohort
    people = AtSite(open_people(site))
    assert people.names(None) == names
    assert {people.tracer(name) for name in names} == {"florbetapir"}
    assert people.ideal(names[0]) is None
    sample = sample_of(
        people.read(names[0]), np.zeros((16, 640), np.float32), GeneratorConfig(), np.random.default_rng(0)
    )
    assert np.isnan(sample.volumes).all()
    assert sample.load == people.read(names[0]).centiloid
    simulated = AtSite(open_people(root)).read(names[0])
    assert not simulated.truth
    assert not simulated.tissue.any()
    np.testing.assert_allclose(simulated.pet, read_subject(root, names[0]).pet, atol=2e-3)


def test_the_bundled_model_is_adapted_to_a_sites_scans_from_the_terminal(cohort, tmp_path, monkeypatch):
    """Two people are enough here; the scans are prepared, painted and trained on by what a site would call."""
    _, site, names = cohort
    for module in (folds, intervals):
        monkeypatch.setattr(module, "FEWEST", len(names))
    out = tmp_path / "model"
    words = ["train", "--from", str(asset("weights")), "--data", str(site), "--out", str(out)]
    words += ["--work", str(tmp_path / "work"), "--folds", "2", "--steps", "1"]
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = load_folder(out, "site")
    assert found.provenance == "site-cohort"
    assert found.generator.card["data"].startswith("2 people of one site, florbetapir, adapted")
    first, now = (
        load_weights(folder / "petgen.safetensors").network.state_dict() for folder in (asset("weights"), out)
    )
    assert {name.split(".")[0] for name in now if not torch.equal(first[name], now[name])} == {"decoder"}
    figures = json.loads((out / "site.json").read_text())["figures"]
    assert set(figures) == {"as it is", "recalibrated", "adapted"}
    assert 0.5 < figures["adapted"]["ssim_brain"]["value"] < 1
    card = (out / CARD).read_text()
    assert "SIMULATED" not in card.split("## ")[0]
    assert "2 folds by person" in card


def test_a_column_may_name_the_splits(cohort):
    _, site, names = cohort
    file = site / "participants.tsv"
    before = file.read_text()
    lines = before.splitlines()
    file.write_text("\n".join([f"{lines[0]}\tsplit", f"{lines[1]}\ttrain", f"{lines[2]}\ttest"]) + "\n")
    assert SitePeople(site).names("test") == names[1:]
    file.write_text(before)


def test_what_is_missing_is_named(tmp_path, cohort):
    with pytest.raises(InputError, match=r"participants\.tsv"):
        open_people(tmp_path)
    (tmp_path / "participants.tsv").write_text("name\nx\n")
    with pytest.raises(InputError, match="participant_id"):
        open_people(tmp_path)
    (tmp_path / "participants.tsv").write_text("participant_id\tage\nsub-a\t170\n")
    people = open_people(tmp_path)
    assert people.names("test") == []
    with pytest.raises(InputError, match="T1w or PET is missing"):
        people.read("a")
    with pytest.raises(InputError, match="sub-a"):
        people.values("a")


def test_bad_pet_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_pet(tmp_path / "none.nii.gz")
    bad = tmp_path / "bad.nii.gz"
    bad.write_bytes(b"not an image")
    with pytest.raises(InputError, match="not a NIfTI"):
        read_pet(bad)
    below = -np.random.default_rng(0).random((40, 40, 40), dtype=np.float32)
    nib.save(nib.Nifti1Image(below, np.diag([4, 4, 4, 1])), tmp_path / "empty.nii.gz")
    with pytest.raises(InputError, match="no signal"):
        read_pet(tmp_path / "empty.nii.gz")
