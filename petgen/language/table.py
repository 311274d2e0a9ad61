"""Features of many prompts at once: each distinct text is encoded once."""

from collections.abc import Callable, Sequence

import numpy as np

from petgen.language.cache import TextCache
from petgen.language.fields import Field


class FeatureTable:
    """Features of distinct texts, and which prompt holds which.

    Args:
        encoder: Encodes and remembers texts.
        prompts: Fields of each prompt, all in the same order.
        progress: Told how many texts are done.
        pooled: Whether the fields' features are averaged to one.

    Attributes:
        features: (texts, width), float32.
        index: (prompts, fields), row of `features` for each field.
    """

    def __init__(
        self,
        encoder: TextCache,
        prompts: Sequence[Sequence[Field]],
        progress: Callable[[str], None] | None = None,
        *,
        pooled: bool = False,
    ) -> None:
        self.pooled = pooled
        rows: dict[str, int] = {}
        self.index = np.array([[rows.setdefault(field.text, len(rows)) for field in prompt] for prompt in prompts])
        encoder.learn(list(rows), progress)
        self.features = encoder.encode(list(rows))

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, chosen: int | np.ndarray) -> np.ndarray:
        """Features of one prompt (fields, width) or several (n, fields, width); one field where they are pooled."""
        found = np.asarray(self.features[self.index[chosen]])
        return np.asarray(found.mean(-2, keepdims=True)) if self.pooled else found
