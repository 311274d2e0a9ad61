"""Agreement of one yes or no with another."""

import numpy as np


def agreement(one: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Accuracy, sensitivity, specificity and Cohen's kappa (Cohen 1960, Educ Psychol Meas 20:37).

    Args:
        one: What was said, (n,), bool.
        truth: What it is measured against, (n,), bool.

    Returns:
        The figures by name; those that these data do not define are left out.
    """
    same = float((one == truth).mean())
    chance = float(one.mean() * truth.mean() + (1 - one.mean()) * (1 - truth.mean()))
    found = {"accuracy": same, "kappa": (same - chance) / (1 - chance) if chance < 1 else float("nan")}
    if truth.any():
        found["sensitivity"] = float(one[truth].mean())
    if not truth.all():
        found["specificity"] = float((~one[~truth]).mean())
    return {name: value for name, value in found.items() if np.isfinite(value)}
