"""The learning rate of all stages: a short warm-up, then a cosine."""

import numpy as np
import torch

LEARNING_RATE = 2e-3   # the highest
WARM_UP = 30           # steps


def adamw(parameters) -> torch.optim.AdamW:
    """The optimiser of all stages."""
    return torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=1e-4)


def set_learning_rate(optimiser: torch.optim.Optimizer, step: int, steps: int, floor: float) -> None:
    """Set the rate of `step`, 0 to steps - 1; `floor` is the share of LEARNING_RATE that it ends with."""
    cosine = 0.5 * (1 + np.cos(np.pi * step / steps)) + floor
    for group in optimiser.param_groups:
        group["lr"] = LEARNING_RATE * min(1, (step + 1) / WARM_UP) * cosine
