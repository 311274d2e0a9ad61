"""From the language model's field features to tokens that condition the decoder."""

import torch
from torch import nn

from petgen.generator.config import GeneratorConfig

CENTILOID_BINS = tuple(float(edge) for edge in range(-30, 151, 6))
"""Edges of the Centiloid classes on which the head is aligned before it sees images."""


class FieldHead(nn.Module):
    """Reads the fields together.

    Features are standardised field by field, projected by one matrix for all fields, told which field they are, and
    joined by two transformer layers; a summary token leads. (A matrix for each field learnt the training people by
    heart within three passes.)
    """

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        fields, features, token = len(config.fields), config.text_features, config.token
        self.register_buffer("mean", torch.zeros(fields, features))
        self.register_buffer("spread", torch.ones(fields, features))
        self.project = nn.Linear(features, token)
        self.place = nn.Parameter(torch.randn(fields, token) * 0.1)
        self.gain = nn.Parameter(torch.ones(fields, token))
        self.summary = nn.Parameter(torch.randn(1, 1, token) * 0.02)
        layer = nn.TransformerEncoderLayer(
            token, config.heads, 2 * token, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.mix = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.load = nn.Linear(token, len(CENTILOID_BINS) + 1)

    def forward(self, features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens of the fields.

        Args:
            features: (batch, fields, 640).

        Returns:
            Summary (batch, token) and tokens (batch, fields, token).
        """
        scaled = ((features - self.mean) / self.spread).clamp(-8, 8)
        tokens = self.project(scaled) * self.gain + self.place
        mixed = self.mix(torch.cat([self.summary.expand(len(tokens), -1, -1), tokens], 1))
        return mixed[:, 0], mixed[:, 1:]

    def load_logits(self, features: torch.Tensor) -> torch.Tensor:
        """Logits (batch, classes) of the Centiloid classes between `CENTILOID_BINS`."""
        logits: torch.Tensor = self.load(self(features)[0])
        return logits

    def standardise(self, features: torch.Tensor) -> None:
        """Takes mean and spread of each feature of each field from a sample (n, fields, 640)."""
        self.mean.copy_(features.mean(0))
        self.spread.copy_(features.std(0) + 0.05 * features.std((0, 2))[:, None] + 1e-3)
