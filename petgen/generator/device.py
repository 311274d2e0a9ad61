"""Where the generator runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TypeVar

import torch

Model = TypeVar("Model", bound=torch.nn.Module)
Outcome = TypeVar("Outcome")


def best_device() -> torch.device:
    """CUDA when there is a device, otherwise the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def device_of(model: torch.nn.Module) -> torch.device:
    """Where a model is."""
    return next(model.parameters()).device


def to_best_device(model: Model) -> Model:
    """The model on the best device, or on the CPU where the GPU has no room for it."""
    try:
        return model.to(best_device())
    except torch.OutOfMemoryError:
        return model.to("cpu")


def with_room(model: torch.nn.Module, work: Callable[[], Outcome]) -> tuple[Outcome, bool]:
    """Does some work; where the GPU's memory is exhausted, again with the model on the CPU, where it then stays.

    Args:
        model: Moved when there is no room.
        work: Is done a second time then, from its beginning.

    Returns:
        What the work gave, and whether the model was moved.
    """
    try:
        return work(), False
    except torch.OutOfMemoryError:
        model.to("cpu")
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
    return work(), True


def channels_last(model: Model) -> Model:
    """The model with the memory layout in which 3D convolutions are fastest on a CPU."""
    return model.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload,no-any-return]


@cache
def cpu_has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware (AVX512-BF16).

    oneDNN says that it supports bfloat16 on every processor with AVX-512, also where it imitates it, which is slower
    than float32.
    """
    return bool(torch.cpu._is_avx512_bf16_supported())


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """Mixed precision where it helps: on CUDA, and on processors with bfloat16."""
    if device.type == "cuda" or cpu_has_bf16():
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
