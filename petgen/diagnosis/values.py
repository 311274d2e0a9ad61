"""A model of the values alone: the text of the prompt's prediction field comes from it, never from a label."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import nn

from petgen.case import ANALYTES, Biomarkers, InputError
from petgen.case.plain import shown
from petgen.checksums import verified

_NAMES = tuple(ANALYTES)
_LOGARITHMIC = frozenset(name for name in _NAMES if ANALYTES[name].assay)


def features(people: Sequence[Biomarkers]) -> np.ndarray:
    """Values as numbers: each standardised later, and whether each is missing.

    Args:
        people: Any number of people.

    Returns:
        Array (len(people), 30), float32: 14 values (logarithms of concentrations; NaN where missing), then sex
        (1 female, 0 male, NaN), then 15 indicators of what is missing.
    """
    rows = []
    for person in people:
        measured = person.measured()
        row = []
        for name in _NAMES:
            value = measured.get(name)
            number = float("nan") if value is None else float(value)
            row.append(float(np.log(number)) if name in _LOGARITHMIC else number)
        row.append({"F": 1.0, "M": 0.0, None: float("nan")}[person.sex])
        rows.append(row)
    values = np.asarray(rows, np.float32).reshape(-1, len(_NAMES) + 1)
    return np.concatenate([values, np.isnan(values).astype(np.float32)], axis=1)


class ValuesModel(nn.Module):
    """Multilayer perceptron over values and missing indicators (64 and 64 units, as the paper's classifier of values).

    It gives the probability that the Centiloid is at least 25.
    """

    mean: torch.Tensor
    spread: torch.Tensor

    def __init__(self) -> None:
        super().__init__()
        width = len(_NAMES) + 1
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.layers = nn.Sequential(nn.Linear(2 * width, 64), nn.SiLU(), nn.Linear(64, 64), nn.SiLU(), nn.Linear(64, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits (n,) from features (n, 30)."""
        width = self.mean.shape[0]
        values = ((x[:, :width] - self.mean) / self.spread).nan_to_num(0.0).clamp(-5, 5)
        logits: torch.Tensor = self.layers(torch.cat([values, x[:, width:]], 1))[:, 0]
        return logits

    @torch.inference_mode()
    def probability(self, people: Sequence[Biomarkers]) -> np.ndarray:
        """Probability of amyloid positivity, (len(people),), 0 to 1."""
        return np.asarray(torch.sigmoid(self(torch.from_numpy(features(people)))).numpy())

    @classmethod
    def load(cls, path: Path, mend: str = "Reinstall petgen.") -> "ValuesModel":
        """The model from a safetensors file.

        Args:
            path: The file.
            mend: How to put a damaged one right.

        Raises:
            InputError: The file is damaged or holds something else.
        """
        verified(path, mend)
        model = cls()
        try:
            model.load_state_dict(load_file(path))
        except (OSError, RuntimeError, ValueError, SafetensorError) as error:
            raise InputError(f"weights cannot be read ({shown(str(error), 200)})", where=str(path), mend=mend) from None
        return model.eval()

    def save(self, path: Path) -> None:
        """Writes the model as safetensors."""
        save_file(self.state_dict(), path)


def fit_values(
    people: Sequence[Biomarkers],
    positive: np.ndarray,
    *,
    epochs: int = 12,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> ValuesModel:
    """Fits the model by cross-entropy.

    Args:
        people: Training people.
        positive: Whether each is amyloid positive, (len(people),), bool.
        epochs: Passes over the people.
        seed: Seed of initialisation and order.
        progress: Told the loss of each epoch.
    """
    torch.manual_seed(seed)
    x = torch.from_numpy(features(people))
    y = torch.from_numpy(positive.astype(np.float32))
    model = ValuesModel()
    width = model.mean.shape[0]
    model.mean.copy_(torch.from_numpy(np.nanmean(x[:, :width].numpy(), 0)))
    model.spread.copy_(torch.from_numpy(np.nanstd(x[:, :width].numpy(), 0)).clamp_min(1e-3))
    optimiser = torch.optim.AdamW(model.parameters(), 2e-3, weight_decay=1e-3)
    batches = max(len(x) // 512, 1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * batches)
    for epoch in range(epochs):
        total = 0.0
        for chosen in torch.randperm(len(x)).chunk(batches):
            loss = nn.functional.binary_cross_entropy_with_logits(model(x[chosen]), y[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        if progress:
            progress(f"values model, epoch {epoch + 1} of {epochs}: cross-entropy {total / batches:.4f}")
    return model.eval()
