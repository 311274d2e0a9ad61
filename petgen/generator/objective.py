"""What each kind of generator learns from a batch."""

from functools import cache
from typing import Any

import torch
from pydantic import BaseModel, ConfigDict
from torch import nn
from torch.nn import functional

from petgen.generator.device import autocast
from petgen.generator.losses import CROP, composite_error, image_loss, regional_loss, structure_loss
from petgen.generator.network import Generator
from petgen.generator.paper import Discriminator, PaperGenerator
from petgen.generator.sample import Batch

AnyGenerator = Generator | PaperGenerator


class LossWeights(BaseModel):
    """Weights of the losses of our generator.

    Attributes:
        structure: Of the structural similarity.
        regional: Of the regions' mean SUVR.
        composite: Of the load that the image measures.
        volumes: Of hippocampi and ventricles found in the T1w.
        adversarial: Of the discriminator's opinion.
        adversarial_from: Share of the steps after which the discriminator has a say.
        without_fields: Share of steps in which the decoder sees average fields, so that it paints by the load.
    """

    model_config = ConfigDict(frozen=True)

    structure: float = 0.1
    regional: float = 1.0
    composite: float = 0.5
    volumes: float = 0.2
    adversarial: float = 0.0
    adversarial_from: float = 0.75
    without_fields: float = 0.5


@cache
def _dice() -> nn.Module:
    from monai.losses.dice import DiceLoss

    loss: nn.Module = DiceLoss(sigmoid=True, batch=True)
    return loss


class PaintingObjective(nn.Module):
    """Ours: the decoder paints the load that the PET itself measures; the encoder also finds two structures."""

    def __init__(self, model: Generator, weights: LossWeights) -> None:
        super().__init__()
        self.model, self.weights = model, weights
        model.fields.requires_grad_(False)
        self.adversary = Discriminator(model.config) if weights.adversarial else None

    def forward(self, batch: Batch, done: float, draws: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
        """Loss and the image made.

        Args:
            batch: Samples.
            done: Share of the training that is done.
            draws: Four uniform numbers between 0 and 1.
        """
        model, weights = self.model, self.weights
        model.fields.eval()
        bare = draws[0] < weights.without_fields
        features = model.fields.mean.expand_as(batch.features) if bare else batch.features
        known = batch.volumes.isfinite().all(1)
        with autocast(batch.t1.device):
            levels = model.encode(batch.t1)
            found, logits = model.find_volumes(batch.t1, levels)
            volumes = torch.where(known[:, None], batch.volumes, found.detach())
            places = model.locate(batch.atlas)
            made = model.decode(batch.t1, levels, places, volumes, features, batch.load)
        corner = tuple(int(draw * max(size - CROP, 0)) for draw, size in zip(draws[1:], made.shape[2:], strict=True))
        loss = image_loss(made, batch.pet, batch.brain)
        if weights.structure:
            loss = loss + weights.structure * structure_loss(made, batch.pet, corner)  # type: ignore[arg-type]
        if weights.regional:
            loss = loss + weights.regional * regional_loss(made, batch.pet, batch.parcels)
        if weights.composite:
            where = (batch.cortex, batch.cerebellum)
            loss = loss + weights.composite * composite_error(made, batch.load, *where, model.config.equation)
        if known.any():
            volume = functional.smooth_l1_loss(found[known], batch.volumes[known])
            place = _dice()(logits[known], batch.structures[known])
            loss = loss + weights.volumes * (volume + place)
        if self.adversary and done >= weights.adversarial_from:
            loss = loss + weights.adversarial * _wanted_real(self.adversary, made, batch.t1, self.text(batch, done))
        return loss, made

    def text(self, batch: Batch, done: float) -> torch.Tensor:
        """What the discriminator reads: standardised features (batch, fields, features)."""
        del done
        return self.model.fields.scaled(batch.features)


class PaperObjective(nn.Module):
    """The paper's: first the T1w alone, then the text with a frozen encoder; cross-entropy + 20 x squared error."""

    def __init__(self, model: PaperGenerator) -> None:
        super().__init__()
        self.model = model
        self.adversary = Discriminator(model.config)

    def forward(self, batch: Batch, done: float, draws: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
        """As `PaintingObjective.forward`; the first half of the training is the stage without text."""
        del draws
        conditioned = done >= 0.5
        self.model.down.requires_grad_(not conditioned)
        if conditioned:
            self.model.down.eval()
        with autocast(batch.t1.device):
            made = self.model(batch.t1, batch.features if conditioned else None)
        squared = (((made - batch.pet) * batch.brain) ** 2).sum() / batch.brain.sum()
        return 20 * squared + _wanted_real(self.adversary, made, batch.t1, self.text(batch, done)), made

    def text(self, batch: Batch, done: float) -> torch.Tensor:
        """As `PaintingObjective.text`; zeros in the first stage."""
        return self.model.scaled(batch.features) * (done >= 0.5)


def objective_of(model: AnyGenerator, weights: LossWeights) -> PaintingObjective | PaperObjective:
    """The objective of a generator's kind."""
    if isinstance(model, PaperGenerator):
        return PaperObjective(model)
    return PaintingObjective(model, weights)


def discriminator_loss(
    objective: PaintingObjective | PaperObjective, batch: Batch, made: torch.Tensor, done: float
) -> torch.Tensor:
    """Cross-entropy of telling the real PET from the image made.

    Args:
        objective: With an adversary.
        batch: Samples.
        made: Synthetic SUVR of the samples.
        done: Share of the training that is done.
    """
    adversary: Any = objective.adversary
    text = objective.text(batch, done)
    with autocast(batch.t1.device):
        real, fake = (adversary(pet, batch.t1, text) for pet in (batch.pet * batch.brain, made.detach()))
    return functional.softplus(-real).mean() + functional.softplus(fake).mean()


def _wanted_real(adversary: nn.Module, made: torch.Tensor, t1: torch.Tensor, text: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the image being taken for real; gradients reach the image alone."""
    frozen = {name: value.detach() for name, value in adversary.named_parameters()}
    with autocast(t1.device):
        logit = torch.func.functional_call(adversary, frozen, (made, t1, text))
    return functional.softplus(-logit).mean()
