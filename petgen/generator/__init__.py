"""Networks, losses, the training loop, weights in and out."""
