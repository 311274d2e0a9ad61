"""The training loop: one for every kind of generator, seeded, resumable, alone or under `accelerate launch`."""

import csv
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TextIO

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from petgen.case import kept
from petgen.generator.device import channels_last
from petgen.generator.objective import AnyGenerator, LossWeights, discriminator_loss, objective_of
from petgen.generator.sample import Sample, batch_of

MEND = "Delete it; training then begins anew."


@dataclass(frozen=True)
class TrainSettings:
    """How to train.

    Attributes:
        steps: Optimiser steps.
        rate: Highest learning rate.
        seed: Seed of initialisation and order.
        size: Pairs in a batch, on each device.
        minutes: Training ends after as many minutes when they are given, however many steps that is; the learning
            rate then follows the clock.
        clock: What counts minutes: "wall", or "processor", the processor's time over torch's threads, which other
            work on the machine does not shorten.
        keep_every: Steps between checkpoints.
        averaging: Share of the moving average of the weights that a step leaves as it was.
        alignment_steps: Steps of the field head before images.
        typical: Share of the samples whose PET is the brain's typical one at a load that is drawn, where there is one:
            it has no noise and no pattern that the T1w cannot tell.
        losses: Weights of the losses.
    """

    steps: int = 5000
    rate: float = 6e-4
    seed: int = 0
    size: int = 1
    minutes: float | None = None
    clock: Literal["wall", "processor"] = "wall"
    keep_every: int = 250
    averaging: float = 0.998
    alignment_steps: int = 1500
    typical: float = 0.5
    losses: LossWeights = field(default_factory=LossWeights)


def learning_rate(done: float, highest: float) -> float:
    """A short rise, then a cosine down to nothing.

    Args:
        done: Share of the training that is done, 0 to 1.
        highest: Learning rate at the top.
    """
    rise = 0.05
    if done < rise:
        return highest * (0.04 + 0.96 * done / rise)
    return highest * 0.5 * (1 + float(np.cos(np.pi * (done - rise) / (1 - rise)))) + 1e-8


def train(
    model: AnyGenerator,
    draw: Callable[[np.random.Generator], Sample],
    settings: TrainSettings,
    folder: Path,
    progress: Callable[[int, float, float], None] | None = None,
) -> AnyGenerator:
    """Trains a generator on images; an aligned field head stays as it is.

    Args:
        model: The generator; ours with a field head that has been aligned.
        draw: Gives a training pair.
        settings: How to train.
        folder: Keeps `checkpoint.pt` (training goes on from it when it is there) and `log.csv`.
        progress: Told the number of steps done, a running mean of the loss and the share done.

    Returns:
        The moving average of the weights, on the CPU, in evaluation mode.

    Raises:
        InputError: The checkpoint is damaged, or of another generator.
    """
    from accelerate import Accelerator

    torch.manual_seed(settings.seed)
    accelerator = Accelerator()
    device = accelerator.device
    model = channels_last(model.to(device)).train()
    objective: Any = objective_of(model, settings.losses).to(device)
    adversary = objective.adversary
    ours = [p for p in model.parameters() if p.requires_grad]
    optimiser: Any = torch.optim.AdamW(ours, settings.rate, weight_decay=0.01)
    other: Any = torch.optim.Adam(adversary.parameters(), 1e-4, betas=(0.5, 0.999)) if adversary else None
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(settings.averaging))
    run = _Run(folder / "checkpoint.pt", objective, average, optimiser, other)
    step, spent, running = run.read(device)
    asked = accelerator.prepare(objective) if accelerator.num_processes > 1 else objective
    folder.mkdir(parents=True, exist_ok=True)
    since = _now(settings) - spent
    with opened(folder / "log.csv") as file, ThreadPoolExecutor(1) as ahead:
        log = csv.writer(file)
        done = _share(step, spent, settings)

        def drawn(step: int) -> tuple[list[Sample], list[float]]:
            rng = np.random.default_rng([settings.seed, step, accelerator.process_index])
            return [draw(rng) for _ in range(settings.size)], rng.random(4).tolist()

        coming = ahead.submit(drawn, step)
        while done < 1:
            samples, draws = coming.result()
            coming = ahead.submit(drawn, step + 1)
            batch = batch_of(samples, device)
            for group in optimiser.param_groups:
                group["lr"] = learning_rate(done, settings.rate)
            loss, made = asked(batch, done, draws)
            optimiser.zero_grad(set_to_none=True)
            accelerator.backward(loss)
            torch.nn.utils.clip_grad_norm_(ours, 1.0)
            optimiser.step()
            if other:
                against = discriminator_loss(objective, batch, made, done)
                other.zero_grad(set_to_none=True)
                accelerator.backward(against)
                other.step()
            average.update_parameters(model)
            running = loss.item() if step == 0 else 0.99 * running + 0.01 * loss.item()
            step, spent = step + 1, _now(settings) - since
            done = _share(step, spent, settings)
            if progress:
                progress(step, running, done)
            if (step % settings.keep_every == 0 or done >= 1) and accelerator.is_main_process:
                log.writerow([step, f"{running:.5f}", f"{spent:.0f}"])
                file.flush()
                run.keep(step, spent, running)
    model.load_state_dict(average.module.state_dict())
    return model.cpu().eval()


def opened(log: Path) -> TextIO:
    """The log to go on with, on a new line where an earlier run was stopped in the middle of one."""
    cut = log.exists() and log.read_bytes()[-1:] not in (b"", b"\n")
    file = log.open("a", newline="")
    if cut:
        file.write("\n")
    return file


def _now(settings: TrainSettings) -> float:
    if settings.clock == "wall":
        return time.monotonic()
    return time.process_time() / torch.get_num_threads()


def _share(step: int, spent: float, settings: TrainSettings) -> float:
    if settings.minutes is None:
        return step / settings.steps
    return spent / (60 * settings.minutes)


@dataclass(frozen=True)
class _Run:
    """What a training goes on from."""

    file: Path
    objective: torch.nn.Module
    average: AveragedModel
    optimiser: Any
    other: Any

    def read(self, device: torch.device) -> tuple[int, float, float]:
        """Steps, seconds and running loss of an earlier run, whose state is taken up."""
        if not self.file.exists():
            return 0, 0.0, 0.0
        with kept.reading(self.file, MEND, but=(torch.OutOfMemoryError,)):
            state = torch.load(self.file, map_location=device, weights_only=True)
            for name, part in self._parts().items():
                part.load_state_dict(state[name])
            return int(state["step"]), float(state["seconds"]), float(state["loss"])

    def keep(self, step: int, seconds: float, loss: float) -> None:
        """Writes everything, whole or not at all."""
        state = {name: part.state_dict() for name, part in self._parts().items()}
        with kept.writing(self.file) as part:
            torch.save({"step": step, "seconds": seconds, "loss": loss, **state}, part)

    def _parts(self) -> dict[str, Any]:
        parts = {"objective": self.objective, "average": self.average, "optimiser": self.optimiser}
        return {**parts, "other": self.other} if self.other else parts
