import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from petgen.case import InputError
from petgen.generator.align import align_fields
from petgen.generator.config import PADDED, VARIANTS, GeneratorConfig
from petgen.generator.fields import VOLUMES, FieldHead, scaled_volumes
from petgen.generator.grid import crop, pad
from petgen.generator.load import CENTRES, CLASSES, EDGES, LoadEmbedding, below, between, class_of, part, quantile
from petgen.generator.network import Generator, median
from petgen.generator.objective import AnyGenerator, LossWeights, objective_of
from petgen.generator.paper import PaperGenerator
from petgen.generator.places import kinds
from petgen.generator.sample import Batch, Sample, batch_of
from petgen.generator.synthesise import encode, outlook, paint, posterior, scenario_loads, spread_map
from petgen.generator.train import TrainSettings, learning_rate, train
from petgen.generator.weights import load_weights, make_generator, save_weights
from petgen.imaging.grid import SHAPE, template
from petgen.quantify.atlas import parcellation, regions

SMALL = (48, 64, 48)
TINY = GeneratorConfig(
    width=4, text_features=6, fields=("prediction", "age"), token=8, heads=2, padded=SMALL, places=True
)
BRAIN = np.ascontiguousarray(template()[::2, ::2, ::2])
ATLAS = np.ascontiguousarray(parcellation()[::2, ::2, ::2])
KINDS = {name: config.model_copy(update={"width": 4, "token": 8, "heads": 2, "padded": SMALL})
         for name, config in VARIANTS.items()}  # fmt: skip


@pytest.fixture
def tiny():
    torch.manual_seed(0)
    return Generator(TINY).eval()


def _features(seed: int = 0) -> torch.Tensor:
    return torch.randn(1, 2, 6, generator=torch.Generator().manual_seed(seed))


def _t1() -> torch.Tensor:
    return torch.from_numpy(BRAIN)[None, None]


def _atlas() -> torch.Tensor:
    return torch.from_numpy(ATLAS)[None, None].long()


def _default(network: Generator, features: np.ndarray) -> np.ndarray:
    encoded = encode(network, BRAIN, ATLAS)
    return paint(network, encoded, features, outlook(network, encoded, features, 25.0).median)


def sample(config: GeneratorConfig = TINY, load: float = 20.0) -> Sample:
    """A pair on the small grid: PET is 1.2 times the T1w, the left half is cortex and the right cerebellum."""
    inside = BRAIN > 0
    half = np.zeros_like(inside)
    half[:23] = True
    structures = np.zeros((2, *(size // 2 for size in SMALL)), np.float32)
    structures[0, 8, 8, 8] = 0.7
    return Sample(
        BRAIN,
        BRAIN * np.float32(1.2),
        np.zeros((len(config.fields), config.text_features), np.float32),
        load,
        inside & half,
        inside & ~half,
        np.where(inside, 1 + half, 0).astype(np.int32),
        ATLAS,
        np.array([0.1, -0.2], np.float32),
        structures,
    )


def test_padding_is_undone_by_cropping():
    volume = torch.rand(1, 1, *SHAPE)
    assert tuple(pad(volume, PADDED).shape[2:]) == PADDED
    assert torch.equal(crop(pad(volume, PADDED), volume.shape[2:]), volume)


def test_suvr_is_positive_in_the_brain_and_zero_outside(tiny):
    with torch.inference_mode():
        suvr = tiny(_t1(), _atlas(), _features())
    assert suvr.shape == _t1().shape
    brain = _t1() > 0
    assert (suvr[brain] > 0).all()
    assert (suvr[~brain] == 0).all()


def test_fields_and_load_change_the_image_and_encoder_features_can_be_kept(tiny):
    load = torch.tensor([30.0])
    with torch.inference_mode():
        levels = tiny.encode(_t1())
        volumes, _ = tiny.find_volumes(_t1(), levels)
        kept = levels, tiny.locate(_atlas()), volumes
        one, other = (tiny.decode(_t1(), *kept, _features(seed), load) for seed in (0, 1))
        heavier = tiny.decode(_t1(), *kept, _features(0), load + 60)
        at_median = tiny.decode(_t1(), *kept, _features(0), median(tiny.posterior(_features(0), volumes)))
        torch.testing.assert_close(at_median, tiny(_t1(), _atlas(), _features(0)))
    assert not torch.allclose(one, other)
    assert not torch.allclose(one, heavier)


def test_the_decoder_alone_is_told_of_places(tiny):
    load, elsewhere = torch.tensor([30.0]), torch.roll(_atlas(), 4, 2)
    levels = tiny.encode(_t1())
    volumes, _ = tiny.find_volumes(_t1(), levels)

    def painted() -> list[torch.Tensor]:
        places = (tiny.locate(atlas) for atlas in (_atlas(), elsewhere))
        return [tiny.decode(_t1(), levels, where, volumes, _features(), load) for where in places]

    same = painted()
    torch.testing.assert_close(*same)
    torch.nn.init.normal_(tiny.decoder.places.region.weight)
    told = painted()
    assert not torch.allclose(*told)
    with pytest.raises(ValueError, match="atlas"):
        paint(tiny, encode(tiny, BRAIN, None), _features()[0].numpy(), 30.0)


def test_a_decoder_that_knows_no_places_can_learn_them():
    torch.manual_seed(0)
    before = Generator(TINY.model_copy(update={"places": False})).eval()
    after = before.with_places().eval()
    assert (before.locate(_atlas()), after.config.places) == (None, True)
    torch.testing.assert_close(*(network(_t1(), _atlas(), _features()) for network in (before, after)))
    torch.nn.init.normal_(after.decoder.places.region.weight)
    assert not torch.allclose(*(network(_t1(), _atlas(), _features()) for network in (before, after)))
    assert after.with_places() is after


def test_shares_of_regions_are_those_of_the_labels(tiny):
    shares = tiny.decoder.places.shares(_atlas())[0]
    assert tuple(shares.shape[:3]) == tuple(size // 2 for size in SMALL)
    torch.testing.assert_close(shares.sum(-1), torch.ones(shares.shape[:3]))
    for name, number in kinds().items():
        labels = [region.index for region in regions() if region.name == name]
        assert float(shares[..., number].sum()) * 8 == pytest.approx(np.isin(ATLAS, labels).sum(), abs=1e-2)
    corner = np.array([14, 18, 8])
    block = ATLAS[tuple(slice(2 * i, 2 * i + 2) for i in corner)]
    assert float(shares[(*corner, 0)]) == np.isin(block, [region.index for region in regions()], invert=True).mean()


def test_encoder_never_sees_the_values(tiny):
    assert [tuple(level.shape[1:]) for level in tiny.encode(_t1())] == [
        (4 * 2**k, *(size // 2 ** (k + 1) for size in SMALL)) for k in range(4)
    ]


@pytest.mark.parametrize("name", KINDS)
def test_every_variant_learns_from_one_loop(name):
    torch.manual_seed(0)
    config = KINDS[name]
    model = make_generator(config)
    objective = objective_of(model, LossWeights(adversarial=0.01, adversarial_from=0.5, without_fields=0.0))
    batch = batch_of([sample(config)], torch.device("cpu"))
    touched: set[str] = set()
    for done in (0.1, 0.9):
        loss, made = objective(batch, done, [0.5] * 4)
        loss.backward()
        assert made.shape == batch.pet.shape
        assert torch.isfinite(loss)
        touched |= {key for key, p in model.named_parameters() if p.grad is not None}
    idle = {key for key, p in model.named_parameters() if p.requires_grad} - touched
    assert not idle
    if isinstance(model, PaperGenerator):
        assert not any(p.requires_grad for p in model.down.parameters())
    else:
        assert not any(p.requires_grad for p in model.fields.parameters())


def test_missing_numbers_and_missing_volumes_are_no_obstacle():
    config = KINDS["numbers"]
    pair = sample(config)
    pair.features[0, :5] = np.nan
    pair.volumes[:] = np.nan
    pair.structures[:] = np.nan
    loss, made = objective_of(make_generator(config), LossWeights())(
        batch_of([pair], torch.device("cpu")), 0.5, [0.9] * 4
    )
    assert torch.isfinite(loss)
    assert torch.isfinite(made).all()


def test_the_head_finds_the_volume_that_its_shares_hold(tiny):
    levels = tiny.encode(_t1())
    volumes, logits = tiny.find_volumes(_t1(), levels)
    share = logits.sigmoid().sum((2, 3, 4))[0] * 8 / float((_t1() > 0).sum())
    np.testing.assert_allclose(volumes[0].detach().numpy(), scaled_volumes(share.detach().numpy()), atol=1e-4)


def test_alignment_learns_the_load_from_fields_and_volumes():
    rng = np.random.default_rng(0)
    centiloid = rng.uniform(-10, 100, 3000)
    for told_by in ("fields", "volumes"):
        features = rng.normal(size=(3000, 2, 6)).astype(np.float32)
        volumes = rng.normal(size=(3000, 2)).astype(np.float32)
        if told_by == "fields":
            features[:, 1, 0] = centiloid / 20
        else:
            volumes[:, 0] = (centiloid - 45) / 20
        torch.manual_seed(0)
        head = FieldHead(TINY.model_copy(update={"token": 32}))
        assert align_fields(head, lambda k, f=features: f[k], volumes, centiloid, steps=300, size=64) < 2.2


def test_volumes_are_scaled_about_their_centre():
    centre = np.array([pair[0] for pair in VOLUMES])
    np.testing.assert_allclose(scaled_volumes(centre), 0, atol=1e-6)
    assert (scaled_volumes(centre / 2) < 0).all()


@given(st.integers(0, 10_000), st.floats(0.01, 0.99))
def test_quantiles_shares_and_medians_agree(seed, share):
    chances = np.random.default_rng(seed).dirichlet(np.full(CLASSES, 0.5)) + 1e-9
    chances /= chances.sum()
    assert below(chances, quantile(chances, share)) == pytest.approx(share, abs=1e-6)
    assert quantile(chances, 0.5) == pytest.approx(float(median(torch.from_numpy(chances)[None])[0]), abs=1e-3)


@given(st.integers(0, 10_000), st.floats(-35, 170))
def test_parts_of_a_distribution_sum_to_the_whole(seed, threshold):
    chances = np.random.default_rng(seed).dirichlet(np.full(CLASSES, 0.5))
    low, high = part(chances, EDGES[0], threshold), part(chances, threshold, EDGES[-1])
    np.testing.assert_allclose(low + high, chances, atol=1e-12)
    (w_low, at_low), (w_high, at_high) = scenario_loads(chances, threshold)
    assert w_low + w_high == pytest.approx(1)
    assert w_low == pytest.approx(below(chances, threshold), abs=1e-6)
    assert at_low <= threshold <= at_high


def test_every_load_has_its_class():
    np.testing.assert_array_equal(class_of(CENTRES), np.arange(CLASSES))
    assert list(class_of(np.array([-500.0, 500.0]))) == [0, CLASSES - 1]


@settings(max_examples=50)
@given(st.lists(st.floats(-30, 150), min_size=1, max_size=4))
def test_mixing_images_reproduces_straight_lines(loads):
    mix = between(loads, CENTRES)
    np.testing.assert_allclose(mix.sum(1), 1, atol=1e-9)
    apart = max(loads) - min(loads) > 3
    if apart:
        np.testing.assert_allclose(mix @ (2 * np.array(loads) + 5), 2 * CENTRES + 5, atol=1e-6)


def test_spread_follows_the_distribution():
    flat = np.zeros((2, 2, 2), np.float32)
    images = {0.0: flat + 1, 50.0: flat + 1.5, 100.0: flat + 2}
    chances = np.random.default_rng(0).dirichlet(np.ones(CLASSES))
    values = 1 + CENTRES / 100
    expected = np.sqrt(chances @ values**2 - (chances @ values) ** 2)
    np.testing.assert_allclose(spread_map(chances, images), expected, rtol=1e-4)
    certain = np.zeros(CLASSES)
    certain[8] = 1
    np.testing.assert_allclose(spread_map(certain, images), 0, atol=1e-4)


def test_loads_are_told_apart():
    torch.manual_seed(0)
    tokens = LoadEmbedding(16)(torch.tensor([0.0, 5.0, 100.0]))
    near, far = (tokens[1] - tokens[0]).norm(), (tokens[2] - tokens[0]).norm()
    assert 0 < near < far


def test_outlook_paints_the_median_and_both_scenarios(tiny):
    features = _features()[0].numpy()
    encoded = encode(tiny, BRAIN, ATLAS)
    found = outlook(tiny, encoded, features, 25.0)
    np.testing.assert_allclose(found.chances, posterior(tiny, encoded, features), atol=1e-6)
    assert found.chances.sum() == pytest.approx(1, abs=1e-5)
    assert found.median == pytest.approx(quantile(found.chances, 0.5))
    assert found.negative[1] <= 25 <= found.positive[1]
    middle = paint(tiny, encoded, features, found.median)
    whole = tiny(_t1(), _atlas(), _features())[0, 0].detach().numpy()
    np.testing.assert_allclose(middle, whole, atol=0.02)
    assert not np.array_equal(middle, paint(tiny, encoded, features, found.positive[1]))


def test_learning_rate_rises_and_falls():
    rates = [learning_rate(done, 1e-3) for done in np.linspace(0, 1, 101)]
    assert max(rates) == pytest.approx(1e-3, rel=1e-3)
    assert rates[0] < 1e-4
    assert rates[-1] < 1e-5
    assert np.argmax(rates) == 5


@pytest.mark.parametrize("name", ["petgen", "paper"])
def test_training_learns_and_goes_on_from_its_checkpoint(name, tmp_path):
    config = KINDS[name]

    def fresh() -> AnyGenerator:
        torch.manual_seed(1)
        return make_generator(config)

    losses: list[float] = []
    steps = TrainSettings(steps=12, rate=5e-3, keep_every=6)
    whole = train(fresh(), lambda _: sample(config), steps, tmp_path / "a", lambda _, loss, __: losses.append(loss))
    if name == "petgen":
        assert losses[-1] < losses[0]

    class StoppedError(Exception):
        pass

    def stop(step: int, _: float, __: float) -> None:
        if step == 8:
            raise StoppedError

    with pytest.raises(StoppedError):
        train(fresh(), lambda _: sample(config), steps, tmp_path / "b", stop)
    resumed = train(fresh(), lambda _: sample(config), steps, tmp_path / "b")
    for key, value in whole.state_dict().items():
        torch.testing.assert_close(value, resumed.state_dict()[key], rtol=1e-3, atol=1e-4, msg=key)
    assert len((tmp_path / "b" / "log.csv").read_text().splitlines()) == 2


def test_training_by_the_clock_ends(tmp_path):
    steps = TrainSettings(minutes=0.02, keep_every=1000)
    taken: list[float] = []
    train(
        make_generator(KINDS["petgen"]),
        lambda _: sample(KINDS["petgen"]),
        steps,
        tmp_path,
        lambda *at: taken.append(at[2]),
    )
    assert taken[-1] >= 1
    assert taken == sorted(taken)


def test_a_batch_keeps_every_pair():
    pairs = [sample(load=1.0), sample(load=2.0)]
    batch: Batch = batch_of(pairs, torch.device("cpu"))
    assert batch.load.tolist() == [1.0, 2.0]
    assert tuple(batch.t1.shape) == (2, 1, *BRAIN.shape)
    assert batch.parcels.dtype == torch.int64
    assert torch.equal(batch.brain, (batch.t1 > 0).float())


def test_weights_come_back_and_damage_is_seen(tiny, tmp_path):
    path = tmp_path / "w.safetensors"
    save_weights(tiny, path, {"version": "t"})
    loaded = load_weights(path)
    features = _features()[0].numpy()
    np.testing.assert_allclose(_default(tiny, features), _default(loaded.network, features), atol=0.02)
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
    from petgen.checksums import file_checksum, list_checksums
    from petgen.generator.weights import save_card

    save_card(path, {**card, "sha256": file_checksum(path)})
    list_checksums(path)
    with pytest.raises(InputError, match="cannot be read"):
        load_weights(path)


def test_missing_weights_are_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.safetensors"):
        load_weights(tmp_path / "none.safetensors")


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_gpu_gives_the_same_image(tiny):
    features = _features()[0].numpy()
    on_cpu = _default(tiny, features)
    on_gpu = _default(tiny.cuda(), features)
    np.testing.assert_allclose(on_cpu, on_gpu, atol=0.05)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
@pytest.mark.parametrize("name", ["petgen", "paper"])
def test_gpu_trains(name, tmp_path):
    losses: list[float] = []
    steps = TrainSettings(steps=12, rate=5e-3, keep_every=6, size=2)
    model = make_generator(KINDS[name])
    train(model, lambda _: sample(KINDS[name]), steps, tmp_path, lambda _, loss, __: losses.append(loss))
    assert np.isfinite(losses).all()
