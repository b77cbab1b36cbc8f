"""Small picture tools shared by dirt.py and nature.py. Pictures: (N, 3, 216, 384) float32 in 0..1."""

import math

import torch
import torch.nn.functional as F

from data import HEIGHT, WIDTH


def uniform(n: int, low: float, high: float, g=None) -> torch.Tensor:
    """(n, 1, 1, 1) numbers in low..high."""
    return torch.rand(n, 1, 1, 1, generator=g) * (high - low) + low


def chance(n: int, probability: float, g=None) -> torch.Tensor:
    """(n, 1, 1, 1) of 0 and 1."""
    return (torch.rand(n, 1, 1, 1, generator=g) < probability).float()


def colour(n: int, low: list, high: list, g=None) -> torch.Tensor:
    """(n, 3, 1, 1) colours, each channel in its own range."""
    low, high = (torch.tensor(c).view(1, 3, 1, 1) for c in (low, high))
    return torch.rand(n, 3, 1, 1, generator=g) * (high - low) + low


def clouds(n: int, rows: int, columns: int, g=None) -> torch.Tensor:
    """(n, 1, 216, 384) smooth noise, mean 0 and deviation 1; rows x columns lumps."""
    field = torch.randn(n, 1, rows, columns, generator=g)
    field = F.interpolate(field, size=(HEIGHT // 4, WIDTH // 4), mode="bicubic", align_corners=False)
    field = field - field.mean((2, 3), keepdim=True)
    field = field / (field.std((2, 3), keepdim=True) + 1e-6)
    return F.interpolate(field, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)


def grid() -> tuple:
    """Rows (1, 1, 216, 1) and columns (1, 1, 1, 384), both -1..1."""
    return torch.linspace(-1, 1, HEIGHT).view(1, 1, HEIGHT, 1), torch.linspace(-1, 1, WIDTH).view(1, 1, 1, WIDTH)


def blur(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """Gaussian blur by `sigma` pixels."""
    if sigma < 0.2:
        return x
    radius = max(1, math.ceil(2.5 * sigma))
    t = torch.arange(-radius, radius + 1, dtype=torch.float32)
    kernel = torch.exp(-t * t / (2 * sigma * sigma))
    kernel = kernel / kernel.sum()
    c = x.shape[1]
    x = F.conv2d(F.pad(x, (radius, radius, 0, 0), mode="replicate"), kernel.view(1, 1, 1, -1).expand(c, 1, 1, -1), groups=c)
    return F.conv2d(F.pad(x, (0, 0, radius, radius), mode="replicate"), kernel.view(1, 1, -1, 1).expand(c, 1, -1, 1), groups=c)


def soft(x: torch.Tensor, sigma: float) -> torch.Tensor:
    """A cheap wide blur (sigma >= 4 pixels), at a quarter of the size."""
    small = blur(F.avg_pool2d(x, 4), sigma / 4)
    return F.interpolate(small, size=(HEIGHT, WIDTH), mode="bilinear", align_corners=False)
