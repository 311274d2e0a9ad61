"""A model recalibrated and adapted to a site's people."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from petgen.assets import asset
from petgen.benchmark.predictor import load_predictor
from petgen.benchmark.site import folds
from petgen.benchmark.site.change import ADAPTING, BLURS, Line, changed, line_of, moments_of, tracer_of
from petgen.benchmark.site.demonstration import Demonstration, Sizes, demonstrate, demonstration_lines
from petgen.benchmark.site.figures import GAPS, closed, columns, shown, tables
from petgen.benchmark.site.folder import change_model, check_start, write_model
from petgen.benchmark.site.folds import Outcome, Plan
from petgen.benchmark.site.seen import Seen, look
from petgen.case import InputError
from petgen.cli import app
from petgen.cohort.people import open_people
from petgen.diagnosis import intervals
from petgen.diagnosis.intervals import EVERYBODY, Intervals, fit_intervals
from petgen.generator.at_load import OnSubject, at_load
from petgen.generator.config import GeneratorConfig
from petgen.generator.load import CENTRES, CLASSES
from petgen.generator.network import Generator
from petgen.generator.synthesise import encode
from petgen.generator.weights import load_weights, save_weights
from petgen.installed import CARD, installed_models
from petgen.models import load_folder
from petgen.quantify import EQUATIONS, regions
from petgen.quantify.suvr import blurred

TINY = GeneratorConfig(conditioning="none", fields=(), width=4, levels=3, token=8, heads=2)
QUICK = replace(ADAPTING, steps=2, keep_every=1)
FEW = 9
LINE = Line(1.25, 4.0)


@pytest.fixture(scope="module", autouse=True)
def few():
    """Nine people are enough for these tests; looking at people has a test of its own and is a stand-in here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folds, "FEWEST", FEW)
        patch.setattr(intervals, "FEWEST", FEW)
        patch.setattr(folds, "look", lambda people, names, predictor, scores: _seen(len(names), len(names[0])))
        patch.setattr(folds, "moments_of", lambda person, tracer, start: np.ones((len(BLURS), 3)))
        yield


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """A small generator with the bundled model's calibration."""
    folder = shutil.copytree(asset("weights"), tmp_path_factory.mktemp("start") / "weights")
    torch.manual_seed(0)
    save_weights(Generator(TINY), folder / "petgen.safetensors", {"version": "7", "data": "nobody"})
    return folder


@pytest.fixture(scope="module")
def plan(simulated, start, tmp_path_factory):
    names = tuple(open_people(simulated).names(None))
    return Plan(simulated, start, names, tmp_path_factory.mktemp("work"), QUICK, folds=3, jobs=1)


@pytest.fixture(scope="module")
def made(plan, tmp_path_factory):
    """The folder of an adapted model, and what was told on the way."""
    out, told = tmp_path_factory.mktemp("out") / "model", []
    change_model(plan, out, told.append)
    return out, told


def _seen(n: int, seed: int = 0) -> Seen:
    """People whose numbers mean nothing."""
    rng = np.random.default_rng(seed)
    count, load = len(regions()), rng.uniform(0, 100, n)
    painted = 1 + rng.uniform(-0.2, 0.6, (n, count))
    chances = np.exp(-0.5 * ((CENTRES - load[:, None] + rng.normal(0, 20, (n, 1))) / 20) ** 2)
    ones = rng.uniform(0.5, 1, n)
    return Seen(
        *(np.array([f"a{k % 3}" for k in range(n)]), load, load + 5, load / 100, load / 100, ones, ones, ones, ones),
        *(ones, ones, painted, np.array(["positive/core"] * n)),
        *(chances / chances.sum(1, keepdims=True), np.ones((n, CLASSES, count)) * painted[:, None], ones),
    )


def test_a_sites_line_and_blur_are_found(simulated, plan):
    """Of a PET that is the painted image on a steeper line, blurred."""
    start, person = plan.start(), open_people(simulated).read("train00000")
    on = OnSubject(person.mask, person.parcels, person.cortex, person.cerebellum)
    features = start.conditioning.features(person.values)
    painted = at_load(start.network, encode(start.network, person.t1, person.parcels), on, features, person.centiloid)
    pet = blurred(painted, 5.0, on.mask)
    pet = 1 + 1.3 * (pet / pet[on.cerebellum].mean() - 1)
    moments = moments_of(replace(person, pet=pet * on.mask), "florbetapir", start)
    assert moments.shape == (len(BLURS), 3)
    found = line_of(moments[None])
    assert found.blur_mm == 5.0
    assert found.gain == pytest.approx(1.3, abs=0.01)
    assert line_of(-moments[None] * [1, -1, -1]).gain == 0.2


def test_people_are_seen_beside_their_pet(simulated, plan):
    person = open_people(simulated).read("train00000")
    seen = look(open_people(simulated), ["train00000"], changed(plan.start(), "flutemetamol", LINE), plan.scores())
    assert seen.centiloid[0] == pytest.approx(person.centiloid, abs=0.1)
    assert seen.made_centiloid[0] == pytest.approx(EQUATIONS["flutemetamol"].centiloid(seen.made_composite[0]))
    assert 0 < seen.score[0] < 1
    assert seen.regions.shape == (1, len(regions()))
    assert seen.lines.shape == (1, CLASSES, len(regions()))
    assert Seen.of([seen, seen]).rows(np.array([1])).cell == seen.cell


def test_an_adapted_model_keeps_what_looks_at_inputs_and_can_be_installed(made, start, plan, tmp_path, monkeypatch):
    out, told = made
    assert f"{len(plan.names)} people, florbetapir: the model as it is" in told
    before, after = (load_weights(folder / "petgen.safetensors") for folder in (start, out))
    changes = {
        name.split(".")[0]
        for name, value in after.network.state_dict().items()
        if not torch.equal(value, before.network.state_dict()[name])
    }
    assert changes == {"decoder"}
    for file in ("values.safetensors", "petgen-scores.skops", "petgen-familiarity.safetensors"):
        assert (out / file).read_bytes() == (start / file).read_bytes()
    assert after.card["provenance"] == "simulated-cohort"
    assert "9 SIMULATED people of one site, florbetapir, adapted" in after.card["data"]
    assert after.card["site"]["from"]["sha256"] == before.checksum
    found = Intervals.read(out / "petgen-intervals.json")
    assert found.n[EVERYBODY] == FEW
    assert found.find("negative/core") == EVERYBODY
    assert 0 < found.load[EVERYBODY] <= 0.5
    card = (out / CARD).read_text()
    for words in ("SYNTHETIC", "SIMULATED", before.checksum, "3 folds by person", "SSIM in the brain"):
        assert words in card
    figures = json.loads((out / "site.json").read_text())["figures"]
    assert set(figures) == {"as it is", "recalibrated", "adapted"}
    assert 0 <= figures["as it is"]["coverage_regions"]["value"] <= 1
    monkeypatch.setenv("PETGEN_DATA", str(tmp_path))
    assert CliRunner().invoke(app, ["install-model", str(out), "--name", "ward"]).exit_code == 0
    assert installed_models() == ["bundled", "ward"]


def test_a_run_goes_on_where_it_stopped(made, plan, tmp_path):
    out, _ = made
    (plan.work / "fold1" / "adapted.npz").unlink()
    change_model(plan, tmp_path / "again", lambda text: None)
    assert (tmp_path / "again" / "petgen.safetensors").read_bytes() == (out / "petgen.safetensors").read_bytes()
    with pytest.raises(InputError, match="holds another run"):
        folds.run(replace(plan, folds=4), print)


def test_recalibration_alone_writes_a_model_with_a_line(made, plan, start, tmp_path):
    kept = Seen.load(plan.work / "fold0" / "recalibrated.npz")
    rest = [Seen.load(plan.work / f"fold{number}" / "recalibrated.npz") for number in (1, 2)]
    outcome = Outcome(
        "flutemetamol",
        changed(plan.start(), "flutemetamol", LINE),
        LINE,
        Seen.of([kept, *rest]),
        Seen.of([kept, *rest]),
    )
    write_model(replace(plan, settings=None), outcome, tmp_path)
    found = load_folder(tmp_path, "site")
    config = found.network.config
    assert (config.tracer, config.gain, config.blur_mm) == ("flutemetamol", LINE.gain, LINE.blur_mm)
    assert torch.equal(found.network.decoder.out.weight, load_predictor(start, "petgen").network.decoder.out.weight)
    card = (tmp_path / CARD).read_text()
    assert "blurred by 4 mm FWHM and put on the line SUVR = 1 + 1.250 x" in card
    assert "121.42" in card
    assert "reader's rule is florbetapir's and is withheld" in card
    with pytest.raises(InputError, match="changed for a site already"):
        check_start(tmp_path)


def test_a_closed_gap_is_told_with_an_interval():
    n = 30
    rng = np.random.default_rng(0)
    groups = [str(k) for k in range(n)]
    base = {key: rng.uniform(1, 2, n) for key in GAPS}
    half, best = ({key: values * factor for key, values in base.items()} for factor in (0.75, 0.5))
    found = closed(base, half, best, groups)
    assert found["mae_suvr"].value == pytest.approx(0.5)
    assert found["mae_suvr"].ci95[0] == pytest.approx(0.5)
    assert "mae_suvr" not in closed(base, half, base, groups)
    methods, differences = tables({"a": base, "b": half}, groups, "a")
    assert differences["b"]["mae_suvr"].value == pytest.approx(-0.25 * base["mae_suvr"].mean(), abs=1e-4)
    assert shown(None) == ""
    lines = demonstration_lines(Demonstration("PiB", True, Sizes(), QUICK, methods, differences, {"b": found}))
    assert any("SIMULATED" in line for line in lines)
    assert any(line.startswith("| mean absolute error, SUVR | 0.500") for line in lines)


def test_coverage_is_told_where_there_are_intervals():
    seen = _seen(60)
    ranks = np.random.default_rng(1).random((60, len(regions()) + 1))
    fitted = fit_intervals(list(seen.cell), ranks[:, 0], ranks[:, 1:], np.full(len(regions()), 0.2), "test")
    told = columns(seen, fitted)
    assert "coverage_regions" not in columns(seen)
    assert 0.5 < told["coverage_regions"].mean() <= 1
    assert told["composite_mae"].max() == 0
    np.testing.assert_allclose(told["centiloid_mae"], 5)


def test_what_cannot_be_used_is_told(simulated, plan, tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"3 people .* are too few, 9 are needed"):
        folds.run(replace(plan, names=plan.names[:3]), print)
    with pytest.raises(InputError, match="a file of the model is missing"):
        check_start(tmp_path)
    with pytest.raises(InputError, match="too few people to compare"):
        demonstrate(simulated, plan.weights, tmp_path, QUICK, Sizes(), print)
    people = open_people(simulated)
    monkeypatch.setattr(type(people), "tracer", lambda self, name: "PiB" if name.endswith("1") else "florbetaben")
    with pytest.raises(InputError, match="several tracers: PiB, florbetaben"):
        tracer_of(people, plan.names)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["train", "--adapt"], "too few to begin with"),
        (["train", "--adapt", "--from", "WEIGHTS", "--variant", "paper"], "too few to begin with"),
        (["train", "--adapt", "--from", "EMPTY"], "a file of the model is missing"),
        (["train", "--adapt", "--from", "WEIGHTS", "--split", "demo"], "0 people"),
        (["recalibrate", "--split", "test", "--weights", "WEIGHTS"], "3 people"),
        (["adaptation", "--weights", "WEIGHTS"], "too few people to compare"),
    ],
)
def test_the_terminal_says_what_is_wrong(simulated, start, tmp_path, words, told):
    (tmp_path / "empty").mkdir()
    places = {"WEIGHTS": str(start), "EMPTY": str(tmp_path / "empty")}
    words = [places.get(word, word) for word in words]
    words += ["--data", str(simulated), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    with pytest.raises(InputError, match=told):
        CliRunner().invoke(app, words, catch_exceptions=False)


def test_a_sites_data_without_weights_asks_for_them(tmp_path):
    (tmp_path / "participants.tsv").write_text("participant_id\nsub-1\n")
    words = ["train", "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    with pytest.raises(InputError, match="too few to begin with"):
        CliRunner().invoke(app, words, catch_exceptions=False)
