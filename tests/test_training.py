from types import SimpleNamespace

import numpy as np
import pytest

from petgen import training
from petgen.benchmark.calibrate import calibrate
from petgen.benchmark.evaluate import evaluate
from petgen.benchmark.gather import PAPERS_VALUES, gather
from petgen.benchmark.predictor import variants_in
from petgen.benchmark.status import measure_status
from petgen.case import InputError
from petgen.cohort.people import open_people
from petgen.diagnosis.intervals import fit_intervals
from petgen.generator.config import VARIANTS
from petgen.generator.fields import scaled_volumes
from petgen.generator.train import TrainSettings
from petgen.generator.weights import load_weights
from petgen.quantify import regions
from petgen.training import draw_people, people_of, structures_of, train_all, train_generator


def test_people_without_images_are_reproducible_and_differ_by_seed():
    people, centiloid, volumes, true_volumes = draw_people(50, 3)
    again, *_ = draw_people(50, 3)
    others, *_ = draw_people(50, 4)
    assert people == again
    assert people != others
    assert centiloid.shape == (50,)
    assert volumes.shape == (50, 2)
    assert np.abs(volumes - scaled_volumes(true_volumes)).mean() == pytest.approx(0.24, abs=0.06)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_of_the_samples_is_typical_and_not_measured(simulated, tmp_path, monkeypatch, share):
    people, seen = open_people(simulated), []
    conditioning = SimpleNamespace(
        table=lambda values, progress: np.zeros((len(values), 1, 30), np.float32), config=VARIANTS["numbers"]
    )
    monkeypatch.setattr(training, "train", lambda generator, draw, *rest: seen.append(draw))
    train_generator(None, conditioning, people, ["train00000"], TrainSettings(typical=share), tmp_path, print)
    person = people.read("train00000")
    sample = seen[0](np.random.default_rng(0))
    measured = np.sort(sample.pet[sample.cortex]) == np.sort(person.pet[person.cortex])
    assert measured.all() == (share == 0)
    assert (sample.load == person.centiloid) == (share == 0)


def test_a_folder_without_people_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="petgen simulate"):
        people_of(tmp_path, "train")


def test_from_people_to_weights_to_figures(simulated, tmp_path):
    said: list[str] = []
    settings = TrainSettings(steps=3, keep_every=2, alignment_steps=4)
    weights = tmp_path / "weights"
    train_all(simulated, weights, tmp_path / "run", settings=settings, people=60, progress=said.append)
    loaded = load_weights(weights / "petgen.safetensors")
    assert loaded.card["provenance"] == "simulated-cohort"
    assert loaded.card["training"]["anatomies"] == ["brain"]
    assert loaded.card["alignment"] > 0
    assert any("cross-entropy" in line for line in said)

    with pytest.raises(InputError, match="no people of the split validation"):
        calibrate(simulated, weights, "petgen", said.append)
    people = gather(simulated, weights, "petgen", "test", said.append, only=PAPERS_VALUES, work=tmp_path / "kept")
    assert people.suvr.shape == people.contrast.shape == (3, len(regions()))
    assert all(values.p_tau217 is None and values.apoe4 is None for values in people.values)
    np.testing.assert_allclose(people.chances.sum(1), 1, rtol=1e-3)
    again = gather(simulated, weights, "petgen", "test", said.append, only=PAPERS_VALUES, work=tmp_path / "kept")
    assert again.values == people.values
    np.testing.assert_array_equal(again.lines, people.lines)
    with pytest.raises(InputError, match=r"petgen-scores\.skops"):
        measure_status(simulated, weights, "petgen", said.append)
    rng, count = np.random.default_rng(0), len(regions())
    ranks = rng.random((60, count + 1))
    intervals = fit_intervals(["negative/core"] * 60, ranks[:, 0], ranks[:, 1:], np.full(count, 0.1), "test")
    intervals.save(weights / "petgen-intervals.json")
    metrics, people = evaluate(simulated, weights, ["petgen"], said.append, 2)
    assert len(people.splitlines()) == 1 + 2 * 4
    assert (metrics.n, metrics.n_anatomies, metrics.provenance) == (2, 1, "simulated-cohort")
    assert metrics.weights_sha256["petgen"] == loaded.checksum
    assert 0 < metrics.baselines["mean_map"]["ssim_brain"].value <= 1
    assert 0 <= metrics.variants["petgen"]["coverage_90_regions"].value <= 1
    assert metrics.ceiling["regional_r_within"].value > 0.9
    assert sum(cell.n for cell in metrics.cells.values()) == 2

    again = tmp_path / "again"
    settings = TrainSettings(steps=2, rate=1e-4, keep_every=2)
    train_all(simulated, again, tmp_path / "more", settings=settings, people=0, progress=said.append, start=weights)
    card = load_weights(again / "petgen.safetensors").card
    assert (card["from"]["sha256"], card["from"]["alignment"]) == (loaded.checksum, loaded.card["alignment"])
    assert card["sha256"] != loaded.checksum
    first, second = (folder / "values.safetensors" for folder in (weights, again))
    assert first.read_bytes() == second.read_bytes()


def test_an_unknown_variant_is_named(simulated, tmp_path):
    with pytest.raises(InputError, match="no such variant"):
        train_all(
            simulated, tmp_path, tmp_path, settings=TrainSettings(steps=1), people=9, progress=print, variant="best"
        )


def test_missing_weights_say_how_to_get_them(tmp_path):
    with pytest.raises(InputError, match="petgen train"):
        variants_in(tmp_path)
    (tmp_path / "petgen.safetensors").touch()
    assert variants_in(tmp_path) == ["petgen"]
    with pytest.raises(InputError, match="no weights of the variant paper"):
        variants_in(tmp_path, ["paper"])


def test_a_dataset_without_calibration_people_says_so(tmp_path):
    with pytest.raises(InputError, match=r"participants\.tsv"):
        calibrate(tmp_path, tmp_path, "petgen", print)


def test_structures_are_shares_of_their_blocks():
    tissue = np.zeros((4, 4, 4), np.int32)
    tissue[:2, :2, :1] = 17
    tissue[2:, 2:, 2:] = 43
    shares = structures_of(tissue, (8, 8, 8))
    assert shares.shape == (2, 4, 4, 4)
    assert (shares[0, 0, 0, 0], shares[1, 1, 1, 1]) == (0.5, 1.0)
    assert shares.sum() == 1.5
