"""Weights in and out: safetensors with a JSON of configuration, data and metrics beside them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from petgen.case import InputError
from petgen.checksums import file_checksum, list_checksums, verified
from petgen.generator.config import GeneratorConfig
from petgen.generator.device import channels_last
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.paper import PaperGenerator


@dataclass(frozen=True)
class LoadedGenerator:
    """A generator ready to run.

    Attributes:
        network: In evaluation mode, on the CPU.
        version: Version of the weights.
        checksum: SHA-256 of the weights' file.
        card: What the JSON beside the weights says.
    """

    network: AnyGenerator
    version: str
    checksum: str
    card: dict[str, Any]


def make_generator(config: GeneratorConfig) -> AnyGenerator:
    """A generator of the configuration's kind, untrained."""
    return PaperGenerator(config) if config.network == "paper" else Generator(config)


def save_weights(generator: AnyGenerator, path: Path, card: dict[str, Any]) -> None:
    """Writes `path` (safetensors), the JSON beside it, which states configuration, checksum and `card`, and lists both.

    Args:
        generator: The generator.
        path: Ends in ".safetensors".
        card: Version, data and metrics.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {name: tensor.detach().float().cpu().contiguous() for name, tensor in generator.state_dict().items()}
    save_file(state, path)
    full = {**card, "sha256": file_checksum(path), "configuration": generator.config.model_dump()}
    save_card(path, full)
    list_checksums(path)


def save_card(path: Path, card: dict[str, Any]) -> None:
    """Writes the JSON beside the weights `path`, and its checksum into the folder's list."""
    file = path.with_suffix(".json")
    file.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    list_checksums(file)


def load_weights(path: Path) -> LoadedGenerator:
    """Reads weights and their JSON, and checks both against the folder's list and one against the other.

    Raises:
        InputError: A file is missing or damaged, or the checksum differs.
    """
    mend = "Reinstall petgen, or train again with `petgen train`."
    try:
        card = json.loads(verified(path.with_suffix(".json"), mend).read_text(encoding="utf-8"))
        checksum = file_checksum(verified(path, mend))
        if checksum != card["sha256"]:
            raise InputError("the weights' checksum differs from the one in their JSON", where=str(path), mend=mend)
        network = make_generator(GeneratorConfig(**card["configuration"]))
        network.load_state_dict(load_file(path))
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"weights cannot be read ({error})", where=str(path), mend=mend) from None
    return LoadedGenerator(channels_last(network).eval(), card["version"], checksum, card)
