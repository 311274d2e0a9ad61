"""Features of texts kept on disk, so that each distinct text is encoded once for all trainings."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from petgen.case import kept

_MEND = "Delete it; the texts are encoded again."


class Encoder(Protocol):
    """What turns texts into features."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Features (len(texts), width), float32."""


class TextCache:
    """An encoder that remembers every text, also on disk.

    Args:
        encoder: Encodes what is new.
        file: npz with what an earlier training encoded; of the same encoder.

    Raises:
        InputError: The file is damaged.
    """

    def __init__(self, encoder: Encoder, file: Path) -> None:
        self._encoder, self._file = encoder, file
        self._rows: dict[str, np.ndarray] = {}
        if file.exists():
            with kept.reading(file, _MEND), np.load(file) as found:
                self._rows = dict(zip(found["texts"].tolist(), found["features"], strict=True))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Features of texts, (len(texts), width), float32."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        if new:
            self._rows.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._rows[text] for text in texts])

    def learn(self, texts: Sequence[str], progress: Callable[[str], None] | None = None) -> None:
        """Encodes what is new among texts, tells how far it is, and writes the file."""
        new = [text for text in dict.fromkeys(texts) if text not in self._rows]
        for start in range(0, len(new), 500):
            self.encode(new[start : start + 500])
            if progress:
                progress(f"texts encoded: {min(start + 500, len(new))} of {len(new)}")
        if new:
            with kept.writing(self._file) as part:
                np.savez(part, texts=np.array(list(self._rows)), features=np.stack(list(self._rows.values())))
