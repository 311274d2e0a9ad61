"""Weights and norms: damaged, of other versions, or code in disguise."""

import io
import json
import os
import pickle
import struct
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any
from unittest.mock import patch

import torch

from corpus.kind import Kind, file
from petgen.checksums import CHECKSUMS
from petgen.diagnosis.familiarity import Familiarity
from petgen.diagnosis.intervals import Intervals
from petgen.diagnosis.reading import ReadingNorms
from petgen.diagnosis.scores import Scores
from petgen.diagnosis.values import ValuesModel
from petgen.generator.config import GeneratorConfig
from petgen.generator.network import Generator
from petgen.generator.weights import LoadedGenerator, load_weights, save_weights
from petgen.language.convert import FILES, converted_folder
from petgen.language.encoder import TextEncoder

TINY = GeneratorConfig(width=4, text_features=6, fields=("age",), token=8, heads=2, padded=(48, 64, 48))
RAN = "a-pickle-was-run"


class Trap:
    """Leaves a trace where it is unpickled."""

    def __reduce__(self) -> tuple[Any, tuple[str, ...]]:
        return os.mkdir, (RAN,)


def tiny(
    weights: Callable[[bytes], bytes] = lambda data: data,
    card: Callable[[dict[str, Any]], Any] = lambda card: card,
    *,
    sealed: bool = True,
) -> Callable[[Path], Path]:
    """Weights of a small generator, changed; their card states the checksum of what is there if `sealed`.

    The folder's own list, which would tell of any change first, is left out.
    """

    def make(folder: Path) -> Path:
        path = folder / "tiny.safetensors"
        save_weights(Generator(TINY), path, {"version": "1"})
        (folder / CHECKSUMS).unlink()
        path.write_bytes(weights(path.read_bytes()))
        said = json.loads(path.with_suffix(".json").read_text())
        if sealed:
            said["sha256"] = sha256(path.read_bytes()).hexdigest()
        told = card(said)
        path.with_suffix(".json").write_text(told if isinstance(told, str) else json.dumps(told))
        return path

    return make


def _configured(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda card: {**card, "configuration": {**card["configuration"], **changes}}


def _older(card: dict[str, Any]) -> dict[str, Any]:
    """A card from before the generator had variants."""
    new = ("network", "conditioning", "language", "fusion")
    return {**card, "configuration": {key: value for key, value in card["configuration"].items() if key not in new}}


def _missing_json(folder: Path) -> Path:
    path = tiny()(folder)
    path.with_suffix(".json").unlink()
    return path


def _pickled(data: bytes) -> bytes:
    torch.save({"weights": torch.zeros(3)}, buffer := io.BytesIO())
    return buffer.getvalue()


def untouched(door: Callable[[Path], Any]) -> Callable[[Path], Any]:
    """The door, beyond which nothing may have run."""

    def safely(path: Path) -> Any:
        try:
            return door(path)
        finally:
            assert not Path(RAN).exists()

    return safely


def language_model(folder: Path) -> TextEncoder:
    with patch.dict(os.environ, {"PETGEN_CACHE": str(folder)}):
        return TextEncoder.load()


def _broken_language_model(folder: Path) -> Path:
    with patch.dict(os.environ, {"PETGEN_CACHE": str(folder)}):
        place = converted_folder()
    place.mkdir(parents=True)
    for name in FILES:
        (place / name).write_text("{}")
    return folder


def _as_tiny(found: LoadedGenerator) -> None:
    assert found.network.config == TINY


TRAP = pickle.dumps(Trap())
CLAIMS = struct.pack("<Q", 10**12) + b"{}"
REFUSED = {
    "weights: a bit changed": (tiny(lambda data: data[:-1] + bytes([data[-1] ^ 1]), sealed=False), "checksum differs"),
    "weights: cut short": (tiny(lambda data: data[:-99]), "weights cannot be read"),
    "weights: empty": (tiny(lambda data: b""), "weights cannot be read"),
    "weights: wrong checksum": (tiny(card=lambda card: {**card, "sha256": "0" * 64}), "checksum differs"),
    "weights: checksum is a number": (tiny(card=lambda card: {**card, "sha256": 7}), "checksum differs"),
    "weights: pickle in disguise": (tiny(lambda data: TRAP), "weights cannot be read"),
    "weights: torch.save in disguise": (tiny(_pickled), "weights cannot be read"),
    "weights: header claims 10^12 bytes": (tiny(lambda data: CLAIMS), "weights cannot be read"),
    "weights: JSON missing": (_missing_json, "JSON beside the weights cannot be read"),
    "weights: JSON deep": (tiny(card=lambda card: "[" * 200_000), "JSON beside the weights cannot be read"),
    "weights: JSON is a list": (tiny(card=lambda card: []), "says nothing of them"),
    "weights: JSON without a version": (
        tiny(card=lambda card: {key: value for key, value in card.items() if key != "version"}),
        "lacks 'version'",
    ),
    "weights: of a newer version": (tiny(card=_configured(attention="new")), "does not know .*attention"),
    "weights: of absurd width": (tiny(card=_configured(width=10**6)), "does not know .*width"),
    "weights: of another shape": (tiny(card=_configured(token=16)), "weights cannot be read"),
    "weights: configuration is text": (tiny(card=lambda card: {**card, "configuration": "x"}), "does not know"),
}
OTHERS: dict[str, tuple[str, bytes, Callable[[Path], Any], str]] = {
    "scores: pickle in disguise": ("a.skops", TRAP, Scores.load, "models cannot be read"),
    "scores: text": ("a.skops", b"text", Scores.load, "models cannot be read"),
    "norms: pickle in disguise": ("a.safetensors", TRAP, Familiarity.load, "norms cannot be read"),
    "values model: pickle in disguise": ("a.safetensors", TRAP, ValuesModel.load, "weights cannot be read"),
    "intervals: bytes": ("a.json", b"\xff\xfe\x00", Intervals.read, "cannot be read"),
    "intervals: deep": ("a.json", b"[" * 200_000, Intervals.read, "cannot be read"),
    "reading norms: bytes": ("a.json", b"\xff\xfe\x00", ReadingNorms.load, "cannot be read"),
}
KINDS = [
    *(Kind(name, make, untouched(load_weights), refused=words) for name, (make, words) in REFUSED.items()),
    *(
        Kind(name, file(path, content), untouched(door), refused=words)
        for name, (path, content, door, words) in OTHERS.items()
    ),
    Kind("weights: of an older version", tiny(card=_older), load_weights, right=_as_tiny),
    Kind("language model damaged", _broken_language_model, language_model, refused="language model is damaged"),
]
