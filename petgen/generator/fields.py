"""From what is known of a patient to tokens, and to a posterior of the amyloid load."""

import numpy as np
import torch
from torch import nn

from petgen.generator.config import GeneratorConfig
from petgen.generator.load import CLASSES

VOLUMES = ((0.0048, 0.2), (0.025, 0.5))
"""Of hippocampi and lateral ventricles (shares of the brain mask): centre, and SD of the logarithm, for scaling."""


def scaled_volumes(volumes: np.ndarray) -> np.ndarray:
    """Volumes as the network has them: logarithms about their centre over their spread, float32.

    Args:
        volumes: (..., 2), hippocampi and lateral ventricles, shares of the brain mask.
    """
    centre, spread = np.array(VOLUMES).T
    return np.asarray(np.log(np.maximum(volumes, 1e-5) / centre) / spread, dtype=np.float32)


class FieldHead(nn.Module):
    """Reads the fields together with the volumes of the T1w.

    Features are standardised field by field, projected by one matrix for all fields, told which field they are, and
    joined by two transformer layers with a token of the volumes; a summary token leads. (A matrix for each field
    learnt the training people by heart within three passes.) Values as numbers are one field, read by a multilayer
    perceptron.
    """

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        fields, features, token = len(config.fields), config.text_features, config.token
        self.register_buffer("mean", torch.zeros(fields, features))
        self.register_buffer("spread", torch.ones(fields, features))
        self.project = (
            nn.Sequential(nn.Linear(features, token), nn.GELU(), nn.Linear(token, token))
            if config.conditioning == "numbers"
            else nn.Linear(features, token)
        )
        self.place = nn.Parameter(torch.randn(fields, token) * 0.1)
        self.gain = nn.Parameter(torch.ones(fields, token))
        self.volumes = nn.Sequential(nn.Linear(len(VOLUMES), token), nn.GELU(), nn.Linear(token, token))
        self.summary = nn.Parameter(torch.randn(1, 1, token) * 0.02)
        layer = nn.TransformerEncoderLayer(
            token, config.heads, 2 * token, dropout=0.1, activation="gelu", batch_first=True, norm_first=True
        )
        self.mix = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.load = nn.Linear(token, CLASSES)

    def forward(self, features: torch.Tensor, volumes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Tokens of the fields.

        Args:
            features: (batch, fields, features); NaN where a number is missing.
            volumes: (batch, 2), as from `scaled_volumes`.

        Returns:
            Summary (batch, token) and tokens (batch, fields, token).
        """
        tokens = self.project(self.scaled(features)) * self.gain + self.place
        sizes = self.volumes(volumes.clamp(-6, 6))[:, None]
        mixed = self.mix(torch.cat([self.summary.expand(len(tokens), -1, -1), tokens, sizes], 1))
        return mixed[:, 0], mixed[:, 1:-1]

    def load_logits(self, features: torch.Tensor, volumes: torch.Tensor) -> torch.Tensor:
        """Logits (batch, classes) of the classes of load between `petgen.generator.load.EDGES`."""
        logits: torch.Tensor = self.load(self(features, volumes)[0])
        return logits

    def scaled(self, features: torch.Tensor) -> torch.Tensor:
        """Standardised features, 0 where a number is missing."""
        return ((features - self.mean) / self.spread).nan_to_num(0.0).clamp(-8, 8)

    def standardise(self, features: torch.Tensor) -> None:
        """Takes mean and spread of each feature of each field from a sample (n, fields, features)."""
        known = features.isfinite()
        count = known.sum(0).clamp_min(1)
        mean = features.nan_to_num(0.0).sum(0) / count
        spread = (((features - mean).nan_to_num(0.0) ** 2).sum(0) / count).sqrt()
        self.mean.copy_(mean)
        self.spread.copy_(spread + 0.05 * spread.mean(-1, keepdim=True) + 1e-3)
