"""The training loop: seeded, resumable, on a GPU when there is one."""

import csv
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from petgen.generator.device import autocast, best_device, channels_last
from petgen.generator.network import Generator


class Sample(NamedTuple):
    """One training pair.

    Attributes:
        t1: (91, 109, 91), float32, white matter = 1, zero outside the brain.
        pet: (91, 109, 91), float32, SUVR.
        features: (fields, 640), float32.
    """

    t1: np.ndarray
    pet: np.ndarray
    features: np.ndarray


@dataclass(frozen=True)
class TrainSettings:
    """How to train.

    Attributes:
        steps: Optimiser steps, one pair each.
        rate: Highest learning rate.
        seed: Seed of initialisation and order.
        keep_every: Steps between checkpoints.
        alignment_steps: Steps of the field head before images.
    """

    steps: int = 5000
    rate: float = 6e-4
    seed: int = 0
    keep_every: int = 250
    alignment_steps: int = 800


def image_loss(made: torch.Tensor, real: torch.Tensor, brain: torch.Tensor) -> torch.Tensor:
    """Mean absolute error in the brain, at full resolution and over blocks of 16 mm.

    Args:
        made: Synthetic SUVR, (batch, 1, x, y, z).
        real: SUVR of the same shape.
        brain: Mask of the same shape.
    """
    difference = (made - real) * brain
    fine = difference.abs().sum() / brain.sum()
    weight = functional.avg_pool3d(brain, 8)
    coarse = functional.avg_pool3d(difference, 8).abs().sum() / weight.sum()
    return fine + coarse


def train(
    model: Generator,
    draw: Callable[[np.random.Generator], Sample],
    settings: TrainSettings,
    folder: Path,
    progress: Callable[[int, float], None] | None = None,
) -> Generator:
    """Trains encoder and decoder; the aligned field head stays as it is.

    Args:
        model: Generator whose field head has been aligned.
        draw: Gives a training pair.
        settings: How to train.
        folder: Keeps `checkpoint.pt` (training goes on from it when it is there) and `log.csv`.
        progress: Told the number of steps done and a running mean of the loss.

    Returns:
        The moving average of the weights.
    """
    torch.manual_seed(settings.seed)
    device = best_device()
    model = channels_last(model.to(device)).train()
    model.fields.requires_grad_(False).eval()
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, settings.steps, pct_start=0.05)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.998))
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint, first = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, map_location=device, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        first = state["step"]
    running, begun = 0.0, time.monotonic()
    with (folder / "log.csv").open("a", newline="") as file:
        log = csv.writer(file)
        for step in range(first, settings.steps):
            pair = draw(np.random.default_rng([settings.seed, step]))
            t1, pet = (torch.from_numpy(v)[None, None].to(device) for v in (pair.t1, pair.pet))
            with autocast(device):
                made = model(t1, torch.from_numpy(pair.features)[None].to(device))
            loss = image_loss(made, pet, (t1 > 0).float())
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
            average.update_parameters(model)
            running = loss.item() if step == first else 0.99 * running + 0.01 * loss.item()
            if progress:
                progress(step + 1, running)
            if (step + 1) % settings.keep_every == 0 or step + 1 == settings.steps:
                log.writerow([step + 1, f"{running:.5f}", f"{time.monotonic() - begun:.0f}"])
                file.flush()
                _keep(checkpoint, step + 1, model, average, optimiser, schedule)
    model.load_state_dict(average.module.state_dict())
    return model.cpu().eval()


def _keep(checkpoint: Path, step: int, model: Generator, average: AveragedModel, *others: object) -> None:
    optimiser, schedule = others
    state = {
        "step": step,
        "model": model.state_dict(),
        "average": average.state_dict(),
        "optimiser": optimiser.state_dict(),  # type: ignore[attr-defined]
        "schedule": schedule.state_dict(),  # type: ignore[attr-defined]
    }
    torch.save(state, checkpoint.with_suffix(".part"))
    checkpoint.with_suffix(".part").replace(checkpoint)
