"""Where the generator runs."""

from contextlib import AbstractContextManager, nullcontext
from functools import cache

import torch


def best_device() -> torch.device:
    """CUDA when there is a device, otherwise the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


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
