"""One forward pass: T1w and field features to SUVR."""

import numpy as np
import torch

from petgen.generator.device import autocast
from petgen.generator.network import Generator


@torch.inference_mode()
def synthesise_suvr(network: Generator, t1: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Synthetic PET of one subject.

    Args:
        network: In evaluation mode, on the device it shall run on.
        t1: (91, 109, 91), float32, white matter = 1, zero outside the brain.
        features: (fields, 640), float32.

    Returns:
        (91, 109, 91), float32, SUVR; positive in the brain, zero outside.
    """
    device = next(network.parameters()).device
    image = torch.from_numpy(np.ascontiguousarray(t1))[None, None].to(device)
    with autocast(device):
        suvr = network(image, torch.from_numpy(features)[None].to(device))
    return np.asarray(suvr[0, 0].float().cpu().numpy())
