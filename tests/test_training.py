import json

import numpy as np
import pytest

from petgen.case import InputError
from petgen.cohort.anatomy import template_anatomy
from petgen.cohort.run import simulate_into
from petgen.generator.train import TrainSettings
from petgen.generator.weights import load_weights
from petgen.training import draw_people, evaluate_all, people_of, train_all


def test_people_without_images_are_reproducible_and_differ_by_seed():
    people, centiloid = draw_people(50, 3)
    again, _ = draw_people(50, 3)
    others, _ = draw_people(50, 4)
    assert people == again
    assert people != others
    assert centiloid.shape == (50,)


def test_a_folder_without_people_says_what_to_do(tmp_path):
    with pytest.raises(InputError, match="petgen simulate"):
        people_of(tmp_path, "train")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cohort")
    brain = folder / "brain.npz"
    template_anatomy().save(brain)
    for split in ("train", "test"):
        assert sorted(simulate_into(folder, [brain], split, 3, jobs=1)) == [f"{split}0000{k}" for k in range(3)]
    return folder


def test_from_people_to_weights_to_figures(data, tmp_path):
    said: list[str] = []
    settings = TrainSettings(steps=3, keep_every=2, alignment_steps=4)
    train_all(data, tmp_path / "weights", tmp_path / "run", settings=settings, people=60, progress=said.append)
    loaded = load_weights(tmp_path / "weights" / "petgen.safetensors")
    assert loaded.card["provenance"] == "simulated-cohort"
    assert loaded.card["training"]["anatomies"] == ["brain"]
    assert any("cross-entropy" in line for line in said)

    figures = evaluate_all(data, tmp_path / "weights", said.append)
    assert figures["n"] == 3
    assert 0 < figures["mean_map"]["ssim_brain"] <= 1
    assert np.isfinite(figures["petgen"]["centiloid_mae"])
    kept = json.loads((tmp_path / "weights" / "petgen.json").read_text())
    assert kept["metrics"] == figures
    assert kept["sha256"] == loaded.checksum

    again = tmp_path / "again"
    settings = TrainSettings(steps=2, rate=1e-4, keep_every=2)
    train_all(
        data, again, tmp_path / "more", settings=settings, people=0, progress=said.append, start=tmp_path / "weights"
    )
    card = load_weights(again / "petgen.safetensors").card
    assert card["from"]["sha256"] == loaded.checksum
    assert card["sha256"] != loaded.checksum
    first, second = (folder / "values.safetensors" for folder in (tmp_path / "weights", again))
    assert first.read_bytes() == second.read_bytes()
