"""Random numbers and filters for pictures, shared by dirt.py and nature.py.

Pictures are (N, 3, 216, 384) float32 in 0..1. Random numbers come from `generator`; where that is None, from
torch's global one.
"""

import math

import torch
import torch.nn.functional as F

from data import HEIGHT, WIDTH


def uniform(n: int, low: float, high: float, generator=None) -> torch.Tensor:
    """(n, 1, 1, 1) numbers in low..high, one for each picture."""
    return torch.rand(n, 1, 1, 1, generator=generator) * (high - low) + low


def chance(n: int, probability: float, generator=None) -> torch.Tensor:
    """(n, 1, 1, 1) of 1, with this probability, and 0."""
    return (torch.rand(n, 1, 1, 1, generator=generator) < probability).float()


def colour(n: int, low: list, high: list, generator=None) -> torch.Tensor:
    """(n, 3, 1, 1) colours, each channel in its own range."""
    low, high = (torch.tensor(c).view(1, 3, 1, 1) for c in (low, high))
    return torch.rand(n, 3, 1, 1, generator=generator) * (high - low) + low


def clouds(n: int, rows: int, columns: int, generator=None) -> torch.Tensor:
    """(n, 1, 216, 384) smooth noise, mean 0 and deviation 1: rows x columns lumps."""
    field = torch.randn(n, 1, rows, columns, generator=generator)
    field = F.interpolate(field, size=(HEIGHT // 4, WIDTH // 4), mode="bicubic", align_corners=False)
    field = field - field.mean((2, 3), keepdim=True)
    field = field / (field.std((2, 3), keepdim=True) + 1e-6)
    return F.interpolate(field, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)


def coordinates() -> tuple:
    """Rows (1, 1, 216, 1) from -1 top to 1 bottom, and columns (1, 1, 1, 384) from -1 left to 1 right."""
    rows = torch.linspace(-1, 1, HEIGHT).view(1, 1, HEIGHT, 1)
    return rows, torch.linspace(-1, 1, WIDTH).view(1, 1, 1, WIDTH)


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """Gaussian blur by `sigma` pixels of (N, C, H, W); below 0.2 the picture as it is."""
    if sigma < 0.2:
        return x
    radius = max(1, math.ceil(2.5 * sigma))
    t = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-t * t / (2 * sigma * sigma))
    kernel = kernel / kernel.sum()
    channels = x.shape[1]
    row = kernel.view(1, 1, 1, -1).expand(channels, 1, 1, -1)
    column = kernel.view(1, 1, -1, 1).expand(channels, 1, -1, 1)
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="replicate"), row, groups=channels)
    return F.conv2d(F.pad(x, (0, 0, radius, radius), mode="replicate"), column, groups=channels)


def wide_blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """A cheap blur by sigma >= 4 pixels, computed at a quarter of the size."""
    small = blur(F.avg_pool2d(x, 4), sigma / 4)
    return F.interpolate(small, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)
