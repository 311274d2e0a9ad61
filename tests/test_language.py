import os
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from petgen.case import InputError, check_biomarkers
from petgen.conditioning import Conditioning
from petgen.generator.config import GeneratorConfig
from petgen.language import FIELD_NAMES, prediction_text, prompt_fields, prompt_text
from petgen.language import convert as convert_module
from petgen.language.cache import TextCache
from petgen.language.convert import convert
from petgen.language.encoder import WIDTH, TextEncoder
from petgen.language.minilm import MINILM_WIDTH, SentenceEncoder
from petgen.language.table import FeatureTable

VALUES = check_biomarkers({"age": 74, "sex": "F", "p_tau217": 0.71, "nfl": 24, "abeta42_40": 0.025, "mmse": 24})


@pytest.fixture(scope="module")
def encoder():
    return TextEncoder.load()


def test_an_unusable_cache_is_named(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("PETGEN_CACHE", str(blocked))
    with pytest.raises(InputError, match="PETGEN_CACHE"):
        convert()


def test_what_a_killed_conversion_left_is_swept_and_a_running_one_stays(tmp_path, monkeypatch):
    old, new = tmp_path / "converting-old", tmp_path / "converting-new"
    for folder in (old, new):
        (folder / "ready").mkdir(parents=True)
    os.utime(old, (0, 0))

    def stop(work):
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("PETGEN_CACHE", str(tmp_path))
    monkeypatch.setattr(convert_module, "_convert_into", stop)
    with pytest.raises(InputError, match="No space left"):
        convert()
    assert list(tmp_path.iterdir()) == [new]


def test_prompt_has_the_papers_four_parts():
    lines = prompt_text(prompt_fields(VALUES, 0.8)).splitlines()
    assert [line.split("]")[0] for line in lines] == [
        "[Prediction", "[Demographics", "[Blood-based biomarkers", "[Neuropsychological assessment",
    ]  # fmt: skip


def test_fields_come_in_the_generators_order():
    assert tuple(field.name for field in prompt_fields(VALUES, None)) == FIELD_NAMES


def test_values_carry_unit_and_meaning_and_gaps_are_said():
    texts = {field.name: field.text for field in prompt_fields(VALUES, 0.8)}
    assert texts["p_tau217"] == "Plasma phosphorylated tau 217: 0.71 pg/mL, high, speaks for amyloid"
    assert texts["gfap"].endswith(": not measured")
    assert texts["sex"] == "Sex: female"
    assert prompt_fields(VALUES, 0.8, interpret=False)[10].text == "Plasma phosphorylated tau 217: 0.71 pg/mL"


@given(st.floats(0, 1))
def test_prediction_words_rise_with_probability(chance):
    order = ["negative", "probably negative", "uncertain", "probably positive", "positive"]
    word = prediction_text(chance).split(": ")[1].split(" (")[0]
    higher = prediction_text(min(chance + 0.3, 1)).split(": ")[1].split(" (")[0]
    assert order.index(higher) >= order.index(word)


def test_same_text_same_features_and_other_value_other_features(encoder):
    a, b, c = encoder.encode(["Age: 74 years", "Age: 74 years", "Age: 75 years"])
    assert a.shape == (WIDTH,)
    np.testing.assert_array_equal(a, b)
    assert np.abs(a - c).max() > 1e-3


def test_values_can_be_read_back_out_of_field_features(encoder):
    from sklearn.linear_model import RidgeCV
    from sklearn.model_selection import cross_val_score

    values = np.random.default_rng(0).permutation(np.linspace(0.05, 2.0, 150))
    texts = [f"Plasma phosphorylated tau 217: {value:.3g} pg/mL" for value in values]
    features = encoder.encode(texts)
    features = (features - features.mean(0)) / (features.std(0) + 1e-3)
    score = cross_val_score(RidgeCV(np.logspace(0, 5, 12)), features, values, cv=5, scoring="r2").mean()
    assert score > 0.9


def test_table_encodes_each_text_once(encoder, tmp_path):
    prompts = [prompt_fields(VALUES, 0.8), prompt_fields(VALUES, 0.8), prompt_fields(VALUES, 0.1)]
    table = FeatureTable(TextCache(encoder, tmp_path / "texts.npz"), prompts)
    assert len(table.features) == len({field.text for prompt in prompts for field in prompt})
    np.testing.assert_array_equal(table[0], encoder.encode([field.text for field in prompts[0]]))
    assert table[np.array([0, 2])].shape == (2, len(FIELD_NAMES), WIDTH)


def test_a_pooled_prompt_is_the_mean_of_its_fields(encoder, tmp_path):
    prompts = [prompt_fields(VALUES, 0.8), prompt_fields(VALUES, 0.1)]
    cache = TextCache(encoder, tmp_path / "texts.npz")
    single, pooled = (FeatureTable(cache, prompts, pooled=how) for how in (False, True))
    np.testing.assert_allclose(pooled[1], single[1].mean(0, keepdims=True))
    assert pooled[np.array([0, 1])].shape == (2, 1, WIDTH)
    config = GeneratorConfig(conditioning="pooled", fields=("prompt",))
    values = SimpleNamespace(probability=lambda people: np.full(len(people), 0.1))
    conditioning = Conditioning(config, values, cache)
    np.testing.assert_allclose(conditioning.features(VALUES), pooled[1], rtol=1e-5)
    np.testing.assert_allclose(conditioning.table([VALUES])[0], pooled[1], rtol=1e-5)


def test_texts_are_remembered_on_disk(tmp_path):
    class Counting:
        asked = 0

        def encode(self, texts):
            self.asked += len(texts)
            return np.array([[len(text), hash(text) % 97] for text in texts], np.float32)

    first, second = Counting(), Counting()
    file = tmp_path / "deep" / "texts.npz"
    TextCache(first, file).learn(["a", "bb", "a", "ccc"])
    cache = TextCache(second, file)
    cache.learn(["bb", "dddd"])
    assert (first.asked, second.asked) == (3, 1)
    np.testing.assert_array_equal(cache.encode(["bb"]), first.encode(["bb"]))
    assert len(TextCache(Counting(), file).encode(["a", "dddd"])) == 2
    assert [item.name for item in file.parent.iterdir()] == ["texts.npz"]


def test_the_sentence_encoder_tells_meanings_apart():
    encoder = SentenceEncoder()
    same, near, far = encoder.encode(["amyloid is high", "amyloid is elevated", "the train leaves at noon"])
    assert same.shape == (MINILM_WIDTH,)

    def cosine(a, b):
        return float(a @ b / np.linalg.norm(a) / np.linalg.norm(b))

    assert cosine(same, near) > 0.7 > 0.4 > cosine(same, far)
