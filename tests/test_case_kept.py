import zipfile

import numpy as np
import pytest
import torch

from petgen.case import InputError, kept
from petgen.cohort.anatomy import Anatomy
from petgen.generator.config import GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.train import TrainSettings, train
from petgen.language.cache import TextCache
from petgen.training import steps_taken, values_model

TINY = GeneratorConfig(width=4, text_features=6, fields=("age",), token=8, heads=2, padded=(48, 64, 48))


def half(file):
    """What a stopped copy leaves of a file."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    file = tmp_path / "new" / "a.npz"
    with kept.writing(file) as part:
        np.savez(part, a=np.ones(3))

    def stopped():
        with kept.writing(file) as part:
            part.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert np.load(file)["a"].sum() == 3
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("error", [KeyError("a"), EOFError(), zipfile.BadZipFile("no zip"), OSError(5, "I/O error")])
def test_what_a_kept_file_fails_with_is_told_with_its_name_and_the_mend(tmp_path, error):
    told = pytest.raises(InputError, match=r"a\.pt: what was kept here is damaged.*Delete it")
    with told, kept.reading(tmp_path / "a.pt", "Delete it."):
        raise error


def test_errors_of_another_cause_are_passed_on(tmp_path):
    with pytest.raises(MemoryError), kept.reading(tmp_path / "a", "Delete it."):
        raise MemoryError
    with pytest.raises(torch.OutOfMemoryError), kept.reading(tmp_path / "a", "", but=(torch.OutOfMemoryError,)):
        raise torch.OutOfMemoryError("CUDA out of memory")
    with pytest.raises(InputError, match="of its own"), kept.reading(tmp_path / "a", ""):
        raise InputError("of its own")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half", {"step": 1}, {"step": 1, "objective": {}}, [1]])
def test_a_damaged_checkpoint_is_told(tmp_path, content):
    file = tmp_path / "checkpoint.pt"
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        torch.save(content, file)
    with pytest.raises(InputError, match=r"checkpoint\.pt: what was kept.*Delete it; training then begins anew"):
        train(Generator(TINY), lambda rng: pytest.fail("nothing is drawn"), TrainSettings(steps=1), tmp_path)


@pytest.mark.parametrize("content", ["", "half", "1,2\nx", None])
def test_a_damaged_log_is_told(tmp_path, content):
    if content is not None:
        (tmp_path / "log.csv").write_text(content)
    with pytest.raises(InputError, match=r"log\.csv.*Delete the folder"):
        steps_taken(tmp_path)


def test_a_log_that_was_stopped_in_a_line_goes_on_with_the_next(tmp_path):
    from petgen.generator.train import opened

    log = tmp_path / "log.csv"
    for written in ("250,0.5,60\r\n500,0.", "750,0.4,180\r\n"):
        with opened(log) as file:
            file.write(written)
    assert log.read_text().split() == ["250,0.5,60", "500,0.", "750,0.4,180"]
    assert steps_taken(tmp_path) == 750


def test_damaged_texts_are_told(tmp_path):
    class Encoder:
        def encode(self, texts):
            return np.ones((len(texts), 2), np.float32)

    file = tmp_path / "texts-gemma.npz"
    TextCache(Encoder(), file).learn(["a", "b"])
    half(file)
    with pytest.raises(InputError, match=r"texts-gemma\.npz.*encoded again"):
        TextCache(Encoder(), file)


def test_a_damaged_values_model_of_a_training_is_told(tmp_path):
    (tmp_path / "values.safetensors").write_bytes(b"half")
    with pytest.raises(InputError, match=r"values\.safetensors.*training then begins anew"):
        values_model(tmp_path, 9, 0, print)


def test_a_damaged_anatomy_is_told(tmp_path):
    (tmp_path / "brain.npz").write_bytes(b"PK half")
    with pytest.raises(InputError, match=r"brain\.npz.*petgen simulate"):
        Anatomy.load(tmp_path / "brain.npz")
