from pathlib import Path

import pytest
import torch

from petgen.generator import device
from petgen.generator.config import GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.synthesise import Encoded
from petgen.generator.weights import make_generator


class Full(torch.nn.Linear):
    """A layer whose graphics card has no room for it."""

    def to(self, where):
        if torch.device(where).type != "cpu":
            raise torch.OutOfMemoryError("CUDA out of memory")
        return super().to(where)


def test_a_model_that_does_not_fit_stays_on_the_processor(monkeypatch):
    monkeypatch.setattr(device, "best_device", lambda: torch.device("cuda"))
    layer = device.to_best_device(Full(2, 2))
    assert device.device_of(layer).type == "cpu"


def test_work_is_done_again_once_there_is_room():
    tries = []

    def work():
        tries.append(1)
        if len(tries) == 1:
            raise torch.OutOfMemoryError("CUDA out of memory")
        return "done"

    assert device.with_room(Full(2, 2), work) == ("done", True)
    assert device.with_room(Full(2, 2), work) == ("done", False)
    assert len(tries) == 3


def test_what_fails_for_want_of_something_else_fails():
    with pytest.raises(RuntimeError, match="shape"):
        device.with_room(Full(2, 2), lambda: (_ for _ in ()).throw(RuntimeError("shape")))


def test_an_encoded_scan_goes_where_the_network_is():
    kept = Encoded(torch.zeros(1, 1, 2, 2, 2), [torch.zeros(1)], torch.zeros(1, 2), torch.zeros(2))
    assert kept.beside(torch.nn.Linear(2, 2)) is kept
    elsewhere = kept.beside(torch.nn.Linear(2, 2, device="meta"))
    assert {part.device.type for part in (elsewhere.t1, elsewhere.levels[0], elsewhere.volumes, elsewhere.places)} == {
        "meta"
    }


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="Linux tells what the processor can")
def test_bfloat16_is_used_where_the_processor_has_it_and_not_where_it_is_imitated():
    flags = next((line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")), "")
    native = "avx512_bf16" in flags.split()
    assert device.cpu_has_bf16() == native
    with device.autocast(torch.device("cpu")):
        product = torch.ones(2, 2) @ torch.ones(2, 2)
    assert product.dtype == (torch.bfloat16 if native else torch.float32)


@pytest.mark.gpu
def test_a_graphics_card_without_room_leaves_the_work_to_the_processor():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    network = make_generator(GeneratorConfig(padded=(16, 16, 16)))
    assert isinstance(network, Generator)
    network.to("cuda")

    def work():
        return torch.empty(10**15 if device.device_of(network).type == "cuda" else 1, device=device.device_of(network))

    made, moved = device.with_room(network, work)
    assert moved
    assert made.device.type == device.device_of(network).type == "cpu"
