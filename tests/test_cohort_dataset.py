import dataclasses
import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import nibabel as nib
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from petgen.case import ANALYTES, Biomarkers, InputError
from petgen.cohort.bids_files import STEP, write_json
from petgen.cohort.bids_metadata import PROTOCOLS
from petgen.cohort.dataset import TRUTH, is_complete, read_ideal, read_subject, read_values, subjects, write_subject
from petgen.cohort.dataset_tables import open_dataset, read_splits, write_splits, write_tables
from petgen.cohort.ideal import LOADS, TYPICAL_LOADS, Ideal
from petgen.cohort.people import SimulatedPeople, open_people
from petgen.cohort.subject import Subject
from petgen.cohort.tracers import TRACERS
from petgen.imaging.grid import AFFINE, SHAPE, template, template_mask
from petgen.quantify import centiloid_cortex, parcellation, whole_cerebellum

VALUES = Biomarkers(age=74, sex="F", education=12, apoe4=1, mmse=26, abeta40=137.5, abeta42=4.21, p_tau217=0.512)
PEOPLE = [("train00012", 1, VALUES), ("test00000", 2, Biomarkers(age=66))]


def person(number: int = 0, values: Biomarkers = VALUES, **changes) -> Subject:
    """Somebody on the template, for tests; the scans mean nothing."""
    mask, noise = template_mask(), np.random.default_rng(number).random(template_mask().shape, dtype=np.float32)
    labels = np.where(mask, parcellation(), 0).astype(np.int32)
    fields = {
        "anatomy": "nichart-sub-01",
        "values": values,
        "diagnosis": "MCI",
        "t1": np.clip(template() + 0.1 * noise, 0, 2) * mask,
        "mask": mask,
        "pet": (1 + noise) * mask,
        "parcels": labels,
        "tissue": labels[::-1].copy(),
        "cortex": centiloid_cortex(),
        "cerebellum": whole_cerebellum(),
        "centiloid": 41.7,
        "truth": {"load": 38.25, "neurodegeneration": -1.5, "subtype": "typical", "scanner_fwhm": 6.0},
    }
    return Subject(**{**fields, **changes})


def bytes_of(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in sorted(root.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    root = tmp_path_factory.mktemp("data") / "cohort"
    open_dataset(root, 3)
    write_subject(root, "train00012", person(1))
    ideal = Ideal(template(), np.ones((len(LOADS), 5)))
    write_subject(root, "test00000", person(2, Biomarkers(age=66), ideal=ideal), tracer="flutemetamol")
    write_splits(root, {"train": ["b", "a"], "test": ["c"]})
    write_tables(root, seed=3)
    return root


@pytest.mark.parametrize(("name", "number", "values"), PEOPLE)
def test_a_person_comes_back(dataset, name, number, values):
    wrote, read = person(number, values), read_subject(dataset, name)
    for field in dataclasses.fields(Subject):
        if field.name == "ideal":
            continue
        before, after = getattr(wrote, field.name), getattr(read, field.name)
        if field.name in ("t1", "pet"):
            assert after.dtype == np.float32
            np.testing.assert_allclose(after, before, atol=STEP / 2)
            assert not after[~wrote.mask].any()
        elif isinstance(before, np.ndarray):
            assert after.dtype == before.dtype
            np.testing.assert_array_equal(after, before)
        else:
            assert after == before
    assert read_values(dataset, name) == values


def test_images_say_what_they_are_and_where(dataset):
    pet = nib.load(dataset / "sub-test00000" / "pet" / "sub-test00000_trc-18FFMM_pet.nii.gz")
    np.testing.assert_array_equal(pet.affine, AFFINE)
    assert pet.get_data_dtype() == np.int16
    for file in dataset.rglob("*.nii.gz"):
        assert b"SIMULATED" in nib.load(file).header["descrip"].tobytes()


@pytest.mark.parametrize("part", [".", TRUTH])
def test_the_validator_finds_no_error(dataset, part):
    command = "bids-validator-deno"
    found = shutil.which(command, path=Path(sys.executable).parent) or shutil.which(command)
    if found is None:
        pytest.skip(f"{command} is not installed")
    ran = subprocess.run([found, "--format", "json", dataset / part], capture_output=True, text=True, check=False)
    issues = json.loads(ran.stdout)["issues"]["issues"]
    assert [issue for issue in issues if issue["severity"] == "error"] == []
    assert ran.returncode == 0
    assert {issue["code"] for issue in issues} <= {"SIDECAR_KEY_RECOMMENDED", "JSON_KEY_RECOMMENDED", "TOO_FEW_AUTHORS"}


def test_a_second_making_gives_the_same_bytes(dataset, tmp_path):
    again = tmp_path / "again"
    open_dataset(again, 3)
    ideal = Ideal(template(), np.ones((len(LOADS), 5)))
    write_subject(again, "test00000", person(2, Biomarkers(age=66), ideal=ideal), tracer="flutemetamol")
    write_tables(again, seed=3)
    write_subject(again, "train00012", person(9), tracer="florbetaben")
    write_subject(again, "train00012", person(1))
    write_splits(again, {"test": ["c"], "train": ["a", "b"]})
    write_tables(again, seed=3)
    assert bytes_of(again) == bytes_of(dataset)


def test_participants_hold_what_a_site_would_have(dataset):
    table = pd.read_csv(dataset / "participants.tsv", sep="\t", keep_default_na=False, dtype=str)
    assert list(table["participant_id"]) == ["sub-test00000", "sub-train00012"]
    known = {name for name in Biomarkers.model_fields if name != "assay"}
    assert set(table) == {"participant_id", "diagnosis", *known}
    assert table.iloc[1]["p_tau217"] == "0.512"
    assert table.iloc[1]["age"] == "74"
    assert table.iloc[0]["abeta42_40"] == "n/a"
    told = json.loads((dataset / "participants.json").read_text())
    assert set(told) == set(table) - {"participant_id"}
    assert told["p_tau217"]["Units"] == "pg/mL"
    assert all(analyte.assay in told[name]["Description"] for name, analyte in ANALYTES.items())


def test_truth_has_a_table_of_its_own(dataset):
    table = pd.read_csv(dataset / TRUTH / "truth.tsv", sep="\t")
    assert list(table)[:4] == ["participant_id", "anatomy", "diagnosis", "centiloid"]
    assert table["load"].tolist() == [38.25, 38.25]
    assert table["subtype"].tolist() == ["typical"] * 2
    assert read_splits(dataset) == {"train": ["a", "b"], "test": ["c"]}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.integers(*analyte.plausible) if name == "apoe4" else st.floats(*analyte.plausible)
            for name, analyte in ANALYTES.items()
            if name != "abeta42_40"
        },
    )
)
def test_every_value_comes_back_from_the_table(values):
    if {"abeta40", "abeta42"} <= set(values):
        low, high = ANALYTES["abeta42_40"].plausible
        assume(low <= values["abeta42"] / values["abeta40"] <= high)
    record = {"anatomy": "a", "diagnosis": "CU", "tracer": "florbetapir", "centiloid": 1.0, "truth": {}}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        open_dataset(root, 0)
        write_json(root / TRUTH / "sub-a1" / "sub-a1_desc-truth.json", {**record, "values": values})
        write_tables(root, seed=0)
        table = pd.read_csv(root / "participants.tsv", sep="\t", dtype=str, keep_default_na=False)
        assert read_values(root, "a1") == Biomarkers(**values)
    row = table.iloc[0].drop(["participant_id", "diagnosis"])
    assert Biomarkers(**{name: cell for name, cell in row.items() if cell != "n/a"}) == Biomarkers(**values)
    assert (row == "n/a").sum() == len(row) - len(values)


def test_who_is_not_written_to_the_end_is_not_there(tmp_path):
    open_dataset(tmp_path, 0)
    write_subject(tmp_path, "train00000", person())
    assert subjects(tmp_path, "train") == ["train00000"]
    assert subjects(tmp_path, "tra") == []
    with pytest.raises(ValueError, match="shape"):
        write_subject(tmp_path, "train00000", person(tissue=np.zeros((2, 2, 2), np.int32)))
    assert not is_complete(tmp_path, "train00000")
    assert subjects(tmp_path) == []
    with pytest.raises(InputError, match="petgen simulate"):
        read_values(tmp_path, "train00000")


@pytest.mark.parametrize("ending", ["*_pet.nii.gz", "*desc-brain_mask.nii.gz", "*_desc-truth.json"])
@pytest.mark.parametrize("damage", ["missing", "cut", "short", "headless", "other"])
def test_damage_is_named(tmp_path, ending, damage):
    write_subject(tmp_path, "train00000", person())
    (file,) = tmp_path.rglob(ending)
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage in ("short", "headless"):
        kept = 1000 if damage == "short" else 100
        file.write_bytes(gzip.compress(gzip.decompress(content)[:kept]) if ending.endswith("gz") else b"{}")
    else:
        file.write_bytes(b"[1]")
    with pytest.raises(InputError) as caught:
        read_subject(tmp_path, "train00000")
    assert "train00000" in caught.value.where
    assert "petgen simulate" in caught.value.mend


def test_another_seed_and_a_strange_folder_are_refused(tmp_path):
    open_dataset(tmp_path / "cohort", 1)
    open_dataset(tmp_path / "cohort", 1)
    with pytest.raises(InputError, match=r"made with seed 1\. .*go on with 1"):
        open_dataset(tmp_path / "cohort", 2)
    with pytest.raises(InputError, match="seed 1"):
        write_tables(tmp_path / "cohort", seed=2)
    with pytest.raises(InputError, match="made with scanner usual"):
        open_dataset(tmp_path / "cohort", 1, scanner="coarse")
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / ".DS_Store").touch()
    open_dataset(strange, 1)
    (tmp_path / "file").touch()
    for taken in (tmp_path, tmp_path / "file"):
        with pytest.raises(InputError, match="something else"):
            open_dataset(taken, 1)


@pytest.mark.parametrize("name", ["sub-train1", "train 1", "", "../a"])
def test_a_name_that_is_no_label_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="BIDS label"):
        write_subject(tmp_path, name, person())


def test_what_cannot_be_stored_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be stored"):
        write_subject(tmp_path, "a1", person(pet=np.full(template_mask().shape, 40, np.float32)))
    with pytest.raises(ValueError, match="centiloid"):
        write_subject(tmp_path, "a1", person(truth={"centiloid": 3.0}))
    assert PROTOCOLS.keys() == TRACERS.keys()
    with pytest.raises(InputError, match="florbetaben"):
        write_subject(tmp_path, "a1", person(), tracer="water")


def test_other_anatomies_or_tracers_do_not_mix_into_a_cohort(tmp_path, dataset):
    import shutil

    root = tmp_path / "cohort"
    shutil.copytree(dataset, root)
    write_splits(root, {"train": ["a", "b"], "test": ["c"]})
    with pytest.raises(InputError, match="other anatomies"):
        write_splits(root, {"train": ["a", "c"], "test": ["b"]})
    with pytest.raises(InputError, match="made with tracer florbetapir"):
        open_dataset(root, 3, "flutemetamol")


def test_no_splits_yet(tmp_path):
    with pytest.raises(InputError, match="petgen simulate"):
        read_splits(tmp_path)


def test_what_could_be_known_comes_back(tmp_path):
    rng = np.random.default_rng(0)
    typical = rng.random((len(LOADS), 5))
    typical[:, 2] = np.nan
    ideal = Ideal(rng.random(SHAPE).astype(np.float32), typical)
    write_subject(tmp_path, "test00001", dataclasses.replace(person(3), ideal=ideal))
    read = read_ideal(tmp_path, "test00001")
    np.testing.assert_allclose(read.noise_free, ideal.noise_free, atol=STEP)
    np.testing.assert_array_equal(read.typical, typical)
    cohort = open_people_of(tmp_path)
    assert cohort.ideal("test00001") is not None
    assert cohort.ideal("train00001") is None
    typical_file = next(tmp_path.rglob("*_desc-typical.json"))
    typical_file.write_text('{"loads": [1], "typical": [[1]]}')
    with pytest.raises(InputError, match="other loads"):
        read_ideal(tmp_path, "test00001")


def test_a_training_brain_comes_with_typical_scans_at_other_loads(simulated):
    people = open_people(simulated)
    person = people.read("train00000")
    found = {scan.centiloid: scan for scan in (people.typical("train00000", number) for number in range(3))}
    for (low, high), (load, scan) in zip(TYPICAL_LOADS, sorted(found.items()), strict=True):
        assert low - 3 < load < high + 3
        assert not scan.suvr[~person.mask].any()
        assert scan.suvr[person.cerebellum].mean() == pytest.approx(1, abs=0.02)
        assert np.corrcoef(scan.suvr[person.mask], person.pet[person.mask])[0, 1] > 0.7
    assert people.typical("test00000", 0) is None


def open_people_of(root: Path) -> SimulatedPeople:
    (root / TRUTH / "simulation.json").write_text('{"seed": 3, "tracer": "florbetapir"}')
    cohort = open_people(root)
    assert isinstance(cohort, SimulatedPeople)
    return cohort


def test_the_template_alone_is_enough(tmp_path, monkeypatch):
    from petgen.cohort import sources

    monkeypatch.setattr(sources, "template_anatomy", lambda: SimpleNamespace(save=lambda path: path.write_bytes(b"x")))
    assert [file.name for file in sources.prepare_all([], tmp_path / "new" / "folder")] == ["icbm152.npz"]
