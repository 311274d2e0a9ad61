"""Features of many prompts at once: each distinct text is encoded once."""

from collections.abc import Callable, Sequence

import numpy as np

from petgen.language.encoder import TextEncoder
from petgen.language.fields import Field


class FeatureTable:
    """Features of distinct texts, and which prompt holds which.

    Args:
        encoder: The language model.
        prompts: Fields of each prompt, all in the same order.
        progress: Told how many texts are done.

    Attributes:
        features: (texts, 640), float32.
        index: (prompts, fields), row of `features` for each field.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        prompts: Sequence[Sequence[Field]],
        progress: Callable[[str], None] | None = None,
    ) -> None:
        rows: dict[str, int] = {}
        self.index = np.array([[rows.setdefault(field.text, len(rows)) for field in prompt] for prompt in prompts])
        texts, parts = list(rows), []
        for start in range(0, len(texts), 500):
            parts.append(encoder.encode(texts[start : start + 500]))
            if progress:
                progress(f"texts encoded: {min(start + 500, len(texts))} of {len(texts)}")
        self.features = np.concatenate(parts)

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, chosen: int | np.ndarray) -> np.ndarray:
        """Features of one prompt (fields, 640) or several (n, fields, 640)."""
        return np.asarray(self.features[self.index[chosen]])
