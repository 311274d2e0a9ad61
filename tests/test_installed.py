"""A site's own model beside the bundled one: installed, listed, chosen, removed."""

import json
import shutil

import pytest
from page_tools import page, press, words
from typer.testing import CliRunner

from pages.parts import session
from petgen.assets import asset
from petgen.case import InputError
from petgen.checksums import CHECKSUMS, listed
from petgen.cli import app
from petgen.generator.weights import load_card, save_card
from petgen.installed import BUNDLED, install_folder, installed_models, model_folder, models_folder, remove_model
from petgen.jobs import model_of
from petgen.models import load_models
from petgen.store import LOCAL


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("PETGEN_DATA", str(tmp_path / "data"))


@pytest.fixture
def trained(tmp_path):
    """The bundled weights, whose card says that a site trained them."""
    folder = shutil.copytree(asset("weights"), tmp_path / "trained")
    file = folder / "petgen.safetensors"
    save_card(file, load_card(file) | {"provenance": "site-cohort", "version": "site 1"})
    return folder


def test_only_the_bundled_model_is_there_at_first():
    assert installed_models() == [BUNDLED]
    assert model_folder(BUNDLED) == asset("weights")


def test_an_installed_model_is_loaded_by_its_name_and_says_whose_it_is(trained):
    ran = CliRunner().invoke(app, ["install-model", str(trained), "--name", "ward-3"])
    assert ran.exit_code == 0, ran.output
    assert installed_models() == [BUNDLED, "ward-3"]
    found, bundled = load_models(name="ward-3"), load_models()
    assert (found.name, found.provenance, found.generator.version) == ("ward-3", "site-cohort", "site 1")
    assert (bundled.name, bundled.provenance) == (BUNDLED, "simulated-cohort")
    assert found.conditioning.encoder is bundled.conditioning.encoder
    told = CliRunner().invoke(app, ["models"])
    assert "ward-3" in told.output
    assert "site 1" in told.output
    assert CliRunner().invoke(app, ["remove-model", "ward-3"]).exit_code == 0
    assert installed_models() == [BUNDLED]
    assert not list(models_folder().iterdir())


def test_what_is_no_model_is_not_installed(trained):
    (trained / "petgen-scores.skops").unlink()
    with pytest.raises(InputError, match=r"petgen-scores\.skops: a file of the model is missing.*petgen calibrate"):
        CliRunner().invoke(app, ["install-model", str(trained), "--name", "half"], catch_exceptions=False)
    assert installed_models() == [BUNDLED]


def test_a_damaged_model_is_told_and_not_used(trained):
    place = install_folder(trained, "ward")
    listing = listed(place) | {"values.safetensors": "0" * 64}
    (place / CHECKSUMS).write_text(json.dumps(listing))
    with pytest.raises(InputError, match="damaged"):
        load_models(name="ward")


@pytest.mark.parametrize("name", ["", "../x", "a b", ".hidden", "bundled", "-x", "ä", "x" * 41])
def test_a_name_that_is_none_is_told(trained, name):
    with pytest.raises(InputError, match="cannot be the name"):
        install_folder(trained, name)


def test_what_is_not_there_or_there_already_is_told(trained):
    install_folder(trained, "ward")
    with pytest.raises(InputError, match="is there"):
        install_folder(trained, "ward")
    with pytest.raises(InputError, match=r"no model 'other'.*There are bundled, ward"):
        model_folder("other")
    with pytest.raises(InputError, match="belongs to petgen"):
        remove_model(BUNDLED)


def test_the_form_offers_it_and_the_case_is_run_with_it(seen, monkeypatch):
    at = page().run()
    assert "Model" not in [box.label for box in at.sidebar.selectbox]
    monkeypatch.setattr("pages.parts.case_form.installed_models", lambda: [BUNDLED, "ward"])
    at.run()
    box = next(box for box in at.sidebar.selectbox if box.label == "Model")
    assert list(box.options) == ["Bundled", "ward"]
    box.select("ward")
    press(at)
    (row,) = session.store().cases.of(LOCAL)
    assert model_of(row) == "ward"
    assert next(box for box in at.run().sidebar.selectbox if box.label == "Model").value == "ward"


def test_the_model_page_shows_its_card(seen, trained):
    install_folder(trained, "ward")
    at = page("model.py").run()
    next(box for box in at.selectbox if box.label == "Model").select("ward").run()
    assert not at.exception
    assert any("without a card" in info.value for info in at.info)
    (models_folder() / "ward" / "MODEL_CARD.md").write_text("# Ward 3")
    assert "# Ward 3" in words(at.run())
