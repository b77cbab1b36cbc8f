"""What makes published thresholds mean something: clean snapshots lie closer than sigma, dirt outside."""

import torch
from torch.nn import functional as F

from detector import SIGMA


def squared_distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Of all pairs: (N, D), (M, D) -> (N, M)."""
    return ((a[:, None] - b[None]) ** 2).sum(-1)


def pull(clean: torch.Tensor) -> torch.Tensor:
    """Clean views of one scene, (N, D) with N >= 2, belong together. Returns a scalar.

    The logarithm forgives the odd one far out.
    """
    rows, columns = torch.triu_indices(len(clean), len(clean), 1)
    return torch.log1p(squared_distances(clean, clean)[rows, columns] / (2 * SIGMA**2)).mean()


def push(clean: torch.Tensor, dirty: torch.Tensor, strength: torch.Tensor) -> torch.Tensor:
    """Dirty ones belong at 0.15 + 1.2 strength from every clean one, and not much further than that.

    clean (N, D), dirty (M, D), strength (M,) in 0..1. Returns a scalar.
    """
    # Without the small number the square root has no derivative at 0.
    distance = (squared_distances(dirty, clean) + 1e-8).sqrt()
    margin = (0.15 + 1.2 * strength)[:, None]
    return 6 * (F.relu(margin - distance) ** 2).mean() + (F.relu(distance - margin - 0.8) ** 2).mean()
