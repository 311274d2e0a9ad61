import numpy as np
import pytest
import torch

from petgen.generator.losses import composite_error, image_loss, regional_loss, structure_loss
from petgen.imaging.grid import template
from petgen.quantify import EQUATIONS

BRAIN = (torch.from_numpy(template()[::2, ::2, ::2].copy())[None, None] > 0).float()


def test_image_loss_is_zero_for_a_perfect_image_and_ignores_the_outside():
    assert image_loss(BRAIN, BRAIN, BRAIN) == 0
    assert image_loss(BRAIN + (1 - BRAIN) * 5, BRAIN, BRAIN) == 0
    assert image_loss(BRAIN * 1.1, BRAIN, BRAIN) > 0.1


def test_structure_loss_sees_noise_in_its_block_alone():
    pet = BRAIN * torch.rand_like(BRAIN)
    noisy = pet.clone()
    noisy[..., :4, :4, :4] += torch.rand(4, 4, 4)
    assert structure_loss(pet, pet, (0, 0, 0)) == pytest.approx(0, abs=1e-5)
    assert structure_loss(noisy, pet, (0, 0, 0)) > 1e-4
    assert structure_loss(noisy, pet, (10, 10, 10)) == pytest.approx(0, abs=1e-5)


def test_regional_loss_is_the_mean_over_regions_and_leaves_out_the_rest():
    parcels = torch.zeros(1, 1, 4, 4, 4, dtype=torch.int64)
    parcels[..., 1], parcels[..., 2] = 3, 1000
    real = torch.ones(parcels.shape)
    made = real.clone()
    made[..., 0] += 9
    made[..., 1] += 0.3
    assert regional_loss(made, real, parcels) == pytest.approx(0.15, abs=1e-6)
    made.requires_grad_(True)
    regional_loss(made, real, parcels).backward()
    assert made.grad is not None
    assert not made.grad[..., 0].any()


def test_composite_error_is_zero_for_the_load_that_is_measured():
    made = torch.ones(1, 1, 4, 4, 4)
    cortex, cerebellum = torch.zeros_like(made), torch.zeros_like(made)
    cortex[..., :2], cerebellum[..., 2:] = 1, 1
    florbetapir = EQUATIONS["florbetapir"]
    made[..., :2] = (80 + 186.95) / 179.64
    assert composite_error(made, torch.tensor([80.0]), cortex, cerebellum, florbetapir) < 1e-6
    assert composite_error(made, torch.tensor([20.0]), cortex, cerebellum, florbetapir) == pytest.approx(
        60 / 179.64, abs=1e-4
    )
    assert np.isfinite(float(composite_error(made * 0 + 1e-3, torch.tensor([20.0]), cortex, cerebellum, florbetapir)))
    assert composite_error(made, torch.tensor([59.2735]), cortex, cerebellum, EQUATIONS["flutemetamol"]) < 1e-4
