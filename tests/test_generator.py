import json

import numpy as np
import pytest
import torch

from petgen.case import InputError
from petgen.generator.align import align_fields
from petgen.generator.config import PADDED, GeneratorConfig
from petgen.generator.fields import FieldHead
from petgen.generator.network import Generator, crop, pad
from petgen.generator.synthesise import synthesise_suvr
from petgen.generator.train import Sample, TrainSettings, image_loss, train
from petgen.generator.weights import load_weights, save_weights
from petgen.imaging.grid import SHAPE, template

TINY = GeneratorConfig(width=4, text_features=6, fields=("prediction", "age"), token=8, heads=2)


@pytest.fixture
def tiny():
    torch.manual_seed(0)
    return Generator(TINY).eval()


def _features(seed: int = 0) -> torch.Tensor:
    return torch.randn(1, 2, 6, generator=torch.Generator().manual_seed(seed))


def _t1() -> torch.Tensor:
    return torch.from_numpy(template())[None, None]


def test_padding_is_undone_by_cropping():
    volume = torch.rand(1, 1, *SHAPE)
    assert tuple(pad(volume).shape[2:]) == PADDED
    assert torch.equal(crop(pad(volume), volume.shape[2:]), volume)


def test_suvr_is_positive_in_the_brain_and_zero_outside(tiny):
    with torch.inference_mode():
        suvr = tiny(_t1(), _features())
    assert suvr.shape == (1, 1, *SHAPE)
    brain = _t1() > 0
    assert (suvr[brain] > 0).all()
    assert (suvr[~brain] == 0).all()


def test_values_change_the_image_and_encoder_features_can_be_kept(tiny):
    with torch.inference_mode():
        levels = tiny.encode(_t1())
        one, other = (tiny.decode(_t1(), levels, _features(seed)) for seed in (0, 1))
        torch.testing.assert_close(one, tiny(_t1(), _features(0)))
    assert not torch.allclose(one, other)


def test_encoder_never_sees_the_values(tiny):
    assert [tuple(level.shape[1:]) for level in tiny.encode(_t1())] == [
        (4 * 2**k, *(size // 2 ** (k + 1) for size in PADDED)) for k in range(4)
    ]


def test_every_part_learns_from_the_loss(tiny):
    suvr = tiny.train()(_t1(), _features())
    image_loss(suvr, torch.ones_like(suvr), (_t1() > 0).float()).backward()
    idle = {name for name, p in tiny.named_parameters() if p.grad is None and not name.startswith("fields.load")}
    assert not idle


def test_loss_is_zero_for_a_perfect_image_and_ignores_the_outside():
    brain = (_t1() > 0).float()
    assert image_loss(brain, brain, brain) == 0
    assert image_loss(brain + (1 - brain) * 5, brain, brain) == 0
    assert image_loss(brain * 1.1, brain, brain) > 0.1


def test_alignment_learns_the_load_from_the_fields():
    rng = np.random.default_rng(0)
    centiloid = rng.uniform(-10, 100, 3000)
    features = rng.normal(size=(3000, 2, 6)).astype(np.float32)
    features[:, 1, 0] = centiloid / 20
    torch.manual_seed(0)
    head = FieldHead(TINY.model_copy(update={"token": 32}))
    checked = align_fields(head, lambda chosen: features[chosen], centiloid, steps=300, size=64)
    assert checked < 2.0


def test_training_learns_and_goes_on_from_its_checkpoint(tmp_path):
    def draw(rng: np.random.Generator) -> Sample:
        return Sample(template(), template() * 1.2, np.zeros((2, 6), np.float32))

    def fresh() -> Generator:
        torch.manual_seed(1)
        return Generator(TINY)

    losses: list[float] = []
    steps = TrainSettings(steps=12, rate=5e-3, keep_every=6)
    whole = train(fresh(), draw, steps, tmp_path / "a", lambda _, loss: losses.append(loss))
    assert losses[-1] < losses[0]

    class StoppedError(Exception):
        pass

    def stop(step: int, _: float) -> None:
        if step == 8:
            raise StoppedError

    with pytest.raises(StoppedError):
        train(fresh(), draw, steps, tmp_path / "b", stop)
    resumed = train(fresh(), draw, steps, tmp_path / "b")
    for name, value in whole.state_dict().items():
        torch.testing.assert_close(value, resumed.state_dict()[name], rtol=1e-3, atol=1e-4, msg=name)
    assert len((tmp_path / "b" / "log.csv").read_text().splitlines()) == 2


def test_weights_come_back_and_damage_is_seen(tiny, tmp_path):
    path = tmp_path / "w.safetensors"
    save_weights(tiny, path, {"version": "t"})
    loaded = load_weights(path)
    t1, features = template(), _features()[0].numpy()
    np.testing.assert_allclose(
        synthesise_suvr(tiny, t1, features), synthesise_suvr(loaded.network, t1, features), atol=0.02
    )
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="checksum"):
        load_weights(path)


def test_a_pickle_in_disguise_is_not_read(tiny, tmp_path):
    path = tmp_path / "w.safetensors"
    save_weights(tiny, path, {"version": "t"})
    torch.save(tiny.state_dict(), path)
    card = json.loads(path.with_suffix(".json").read_text())
    from petgen.generator.weights import file_checksum, save_card

    save_card(path, {**card, "sha256": file_checksum(path)})
    with pytest.raises(InputError, match="cannot be read"):
        load_weights(path)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.safetensors"):
        load_weights(tmp_path / "none.safetensors")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_gpu_gives_the_same_image(tiny):
    features = _features()[0].numpy()
    on_cpu = synthesise_suvr(tiny, template(), features)
    on_gpu = synthesise_suvr(tiny.cuda(), template(), features)
    np.testing.assert_allclose(on_cpu, on_gpu, atol=0.05)
