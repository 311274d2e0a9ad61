"""Text to features with the first layers of a pretrained language model, one vector a field."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from petgen.case import InputError
from petgen.case.plain import shown
from petgen.language.convert import convert

WIDTH = 640
"""Features of one text (hidden size of Gemma 3 270M)."""
_REMEMBERED = 20_000


class TextEncoder:
    """Encodes each text by itself and remembers it, so that a changed value costs one short encoding.

    This departs from arXiv 2511.02206, which pools one vector over the whole prompt: numbers are read back from
    single fields without loss, from a pooled vector they are not.

    Args:
        folder: Folder of the converted model.
    """

    def __init__(self, folder: Path) -> None:
        import torch
        from safetensors import safe_open
        from tokenizers import Tokenizer
        from transformers import Gemma3TextConfig, Gemma3TextModel

        self._torch = torch
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        config = Gemma3TextConfig(**json.loads((folder / "config.json").read_text()))
        size, config.vocab_size = config.vocab_size, 1
        model: Any = Gemma3TextModel(config)
        with safe_open(folder / "model.safetensors", "pt") as file:
            self._embedding = file.get_tensor("embed_tokens.weight")
            weights = {name: file.get_tensor(name).float() for name in file.keys() if name.startswith("layers.")}  # noqa: SIM118
        if self._embedding.shape != (size, WIDTH):
            msg = f"{folder} holds another language model; delete the folder, it is made again"
            raise RuntimeError(msg)
        model.load_state_dict(weights, strict=False)
        model.norm = torch.nn.Identity()
        self._model = model.eval()
        self._seen: dict[str, np.ndarray] = {}
        self._lock = Lock()

    @classmethod
    def load(cls, progress: Callable[[str], None] | None = None) -> "TextEncoder":
        """The encoder, converted first where that has not been done on this machine.

        Raises:
            InputError: The converted model cannot be kept, or is damaged.
        """
        folder = convert(progress)
        try:
            return cls(folder)
        except Exception as error:  # noqa: BLE001 - tokenizers raises nothing narrower for a damaged file
            raise InputError(
                f"the language model is damaged ({shown(str(error), 200)})",
                where=str(folder),
                mend="Delete the folder; petgen makes it again.",
            ) from None

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Features of texts.

        Args:
            texts: Any number of texts.

        Returns:
            Array (len(texts), 640), float32; the mean over a text's tokens, without the leading one.
        """
        with self._lock:
            if len(self._seen) > _REMEMBERED:
                self._seen.clear()
            for text in dict.fromkeys(texts):
                if text not in self._seen:
                    self._seen[text] = self._encode(text)
            return np.stack([self._seen[text] for text in texts])

    def _encode(self, text: str) -> np.ndarray:
        torch = self._torch
        ids = self._tokenizer.encode(text).ids[:256]
        with torch.inference_mode():
            embedded = self._embedding[ids].float()[None] * WIDTH**0.5
            hidden = self._model(inputs_embeds=embedded, use_cache=False).last_hidden_state
        return np.asarray(hidden[0, 1:].mean(0).numpy(), dtype=np.float32)
