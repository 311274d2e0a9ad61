"""What is known of a patient beside the T1w, as the features that a generator's configuration asks for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from petgen.case import Biomarkers
from petgen.diagnosis.values import ValuesModel
from petgen.diagnosis.values import features as numbers_of
from petgen.generator.config import GeneratorConfig
from petgen.language import Field, prompt_fields
from petgen.language.cache import Encoder, TextCache
from petgen.language.encoder import TextEncoder
from petgen.language.table import FeatureTable

Progress = Callable[[str], None]


class Features(Protocol):
    """Features of many people."""

    def __len__(self) -> int: ...

    def __getitem__(self, chosen: int | np.ndarray) -> np.ndarray:
        """Features of one person (fields, features) or several (n, fields, features)."""


class Conditioning:
    """Turns values into a generator's features.

    Args:
        config: What the generator asks for.
        values: Fills the prediction field.
        encoder: Reads the prompt; of the kind that `config.language` names.
        wording: Changes the prompt before it is read, to test what unseen wording does.
    """

    def __init__(
        self,
        config: GeneratorConfig,
        values: ValuesModel,
        encoder: Encoder,
        wording: Callable[[list[Field]], list[Field]] | None = None,
    ) -> None:
        self.config, self.values, self.encoder, self.wording = config, values, encoder, wording

    def prompts(self, people: Sequence[Biomarkers]) -> list[list[Field]]:
        """The prompt of each person as this generator's language model reads it."""
        if self.config.conditioning == "plain":
            prompts = [prompt_fields(person, None, interpret=False) for person in people]
        else:
            chances = self.values.probability(people)
            prompts = [prompt_fields(person, float(p)) for person, p in zip(people, chances, strict=True)]
        return [self.wording(prompt) for prompt in prompts] if self.wording else prompts

    def features(self, person: Biomarkers) -> np.ndarray:
        """Features of one person, (fields, features), float32; NaN where a number is missing."""
        if self.config.conditioning == "none":
            return np.zeros((0, self.config.text_features), np.float32)
        if self.config.conditioning == "numbers":
            return numbers_of([person])
        fields = self.encoder.encode([field.text for field in self.prompts([person])[0]])
        return fields.mean(0, keepdims=True) if self.config.conditioning == "pooled" else fields

    def table(self, people: Sequence[Biomarkers], progress: Progress | None = None) -> Features:
        """Features of many people; each distinct text is encoded once."""
        if self.config.conditioning == "none":
            return np.zeros((len(people), 0, self.config.text_features), np.float32)
        if self.config.conditioning == "numbers":
            return numbers_of(people)[:, None]
        assert isinstance(self.encoder, TextCache)
        pooled = self.config.conditioning == "pooled"
        return FeatureTable(self.encoder, self.prompts(people), progress, pooled=pooled)


def load_encoder(config: GeneratorConfig, cache: Path, progress: Progress | None = None) -> TextCache:
    """The encoder of a configuration with its memory of texts.

    Args:
        config: Names the language model.
        cache: Folder for the texts that were encoded.
        progress: Told when something takes long.
    """
    encoder: Encoder
    if config.language == "minilm":
        from petgen.language.minilm import SentenceEncoder

        encoder = SentenceEncoder()
    else:
        encoder = TextEncoder.load(progress)
    return TextCache(encoder, cache / f"texts-{config.language}.npz")
