"""Where the generator runs."""

from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import TypeVar

import torch

Model = TypeVar("Model", bound=torch.nn.Module)


def best_device() -> torch.device:
    """CUDA when there is a device, otherwise the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def channels_last(model: Model) -> Model:
    """The model with the memory layout in which 3D convolutions are fastest on a CPU."""
    return model.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload,no-any-return]


@cache
def cpu_has_bf16() -> bool:
    """Whether the processor multiplies bfloat16 in hardware."""
    capability = torch.backends.cpu.get_cpu_capability()
    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported()) and "AVX512" in capability


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """Mixed precision where it helps: on CUDA, and on processors with bfloat16."""
    if device.type == "cuda" or cpu_has_bf16():
        return torch.autocast(device.type, torch.bfloat16)
    return nullcontext()
