"""Weights in and out: safetensors with a JSON of configuration, data and metrics beside them."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from petgen.case import InputError
from petgen.case.plain import shown
from petgen.checksums import file_checksum, list_checksums, verified
from petgen.generator.config import GeneratorConfig
from petgen.generator.device import channels_last
from petgen.generator.network import Generator
from petgen.generator.objective import AnyGenerator
from petgen.generator.paper import PaperGenerator

MEND = "Reinstall petgen, or train again with `petgen train`."


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
        InputError: A file is missing, damaged or of another petgen, or the checksum differs.
    """
    card = load_card(path)
    try:
        checksum = file_checksum(verified(path, MEND))
        if checksum != card["sha256"]:
            raise InputError("the weights' checksum differs from the one in their JSON", where=str(path), mend=MEND)
        network = make_generator(GeneratorConfig.model_validate(card["configuration"]))
        network.load_state_dict(load_file(path))
        return LoadedGenerator(channels_last(network).eval(), str(card["version"]), checksum, card)
    except InputError:
        raise
    except ValidationError as error:
        names = ", ".join(".".join(map(str, item["loc"])) for item in error.errors()[:5]) or "all of it"
        what = f"this petgen does not know the weights' configuration ({shown(names, 100)})"
    except KeyError as error:
        what = f"the JSON beside the weights lacks {error}"
    except (OSError, ValueError, TypeError, RuntimeError, SafetensorError) as error:
        what = f"weights cannot be read ({shown(str(error), 200)})"
    raise InputError(what, where=str(path), mend=MEND)


def load_card(path: Path) -> dict[str, Any]:
    """The JSON beside the weights `path`.

    Raises:
        InputError: It is missing or damaged.
    """
    try:
        card = json.loads(verified(path.with_suffix(".json"), MEND).read_text(encoding="utf-8"))
    except InputError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        reason = shown(error.strerror if isinstance(error, OSError) else str(error), 200)
        raise InputError(f"the JSON beside the weights cannot be read ({reason})", where=str(path), mend=MEND) from None
    if not isinstance(card, dict):
        raise InputError("the JSON beside the weights says nothing of them", where=str(path), mend=MEND)
    return card
