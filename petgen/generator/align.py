"""Language alignment before images: the field head learns what the fields say of the amyloid load."""

from collections.abc import Callable

import numpy as np
import torch
from torch.nn import functional

from petgen.generator.fields import FieldHead
from petgen.generator.load import class_of


def align_fields(
    head: FieldHead,
    batch: Callable[[np.ndarray], np.ndarray],
    volumes: np.ndarray,
    centiloid: np.ndarray,
    *,
    steps: int = 1500,
    size: int = 256,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> float:
    """Trains the head to give the distribution of the Centiloid over classes (cross-entropy).

    Args:
        head: Trained in place; its standardisation is taken from the first people.
        batch: Gives the features (n, fields, 640) of the people with the numbers asked for.
        volumes: Of each person, (n, 2), as from `petgen.generator.fields.scaled_volumes`.
        centiloid: Of each person; the last tenth is kept for checking.
        steps: Optimiser steps.
        size: People in a batch.
        seed: Seed of the order.
        progress: Told the losses.

    Returns:
        Lowest cross-entropy on the people kept back, nats; the head keeps the weights that reached it.
    """
    rng = np.random.default_rng(seed)
    classes = torch.from_numpy(class_of(centiloid))
    fitted = len(centiloid) * 9 // 10
    head.standardise(torch.from_numpy(batch(np.arange(min(fitted, 4000)))))
    optimiser = torch.optim.AdamW(head.parameters(), 1e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 1e-3, steps, pct_start=0.1)

    def loss_of(chosen: np.ndarray) -> torch.Tensor:
        logits = head.load_logits(torch.from_numpy(batch(chosen)), torch.from_numpy(volumes[chosen]))
        return functional.cross_entropy(logits, classes[chosen])

    kept = np.arange(fitted, len(centiloid))
    checked, best, weights = float("nan"), float("inf"), head.state_dict()
    for step in range(steps):
        loss = loss_of(rng.integers(fitted, size=size))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if step % 100 == 99 or step == steps - 1:
            head.eval()
            with torch.inference_mode():
                checked = float(np.mean([float(loss_of(part)) for part in np.array_split(kept, len(kept) // 500 + 1)]))
            head.train()
            if checked < best:
                best, weights = checked, {name: value.clone() for name, value in head.state_dict().items()}
            if progress:
                progress(f"field head, step {step + 1} of {steps}: {loss.item():.4f}, kept back {checked:.4f}")
    head.load_state_dict(weights)
    head.eval()
    return best
