"""Simulated dirt on the lens. Each kind: (picture (N, 3, H, W) in 0..1, strength (N, 1, 1, 1) in 0..1, generator) -> picture.

Strength is severity / 5. Turbid water is not in the list: it is natural, see nature.py.
"""

import math

import torch

from data import HEIGHT, WIDTH
from pictures import blur, chance, clouds, colour, grid, soft, uniform

ASPECT = WIDTH / HEIGHT


def biofilm(x, q, g=None):
    """A film that takes the red, scatters green light into a veil, and softens."""
    n = len(x)
    cover = q * uniform(n, 0.30, 0.80, g) * (0.75 + 0.25 * torch.tanh(clouds(n, 4, 6, g)))
    taken = 1 - q * colour(n, [0.20, -0.25, -0.05], [0.75, 0.12, 0.40], g)
    veil = colour(n, [0.10, 0.50, 0.38], [0.40, 0.86, 0.78], g)
    olive = chance(n, 0.25, g)
    veil = veil * (1 - olive) + olive * colour(n, [0.22, 0.34, 0.10], [0.50, 0.62, 0.34], g)
    weight = (q * uniform(n, 0.2, 1, g)).clamp(0, 1)
    y = (x * (1 - weight) + blur(x, 3.0) * weight) * taken
    return (y * (1 - 0.7 * cover) + 0.7 * cover * veil).clamp(0, 1)


def silt(x, q, g=None):
    """Settled sediment: a brown, uneven veil."""
    n = len(x)
    cover = (q * uniform(n, 0.50, 0.90, g) * (0.7 + 0.3 * torch.tanh(clouds(n, 3, 5, g)))).clamp(0, 1)
    tone = colour(n, [0.36, 0.29, 0.15], [0.64, 0.52, 0.36], g)
    weight = q * uniform(n, 0.4, 0.8, g)
    y = x * (1 - weight) + blur(x, 2.0) * weight
    return (y * (1 - cover) + cover * tone).clamp(0, 1)


def droplets(x, q, g=None):
    """Drops or bubbles that blur what is behind them, and thin bright scratches."""
    n = len(x)
    rows = int(torch.randint(5, 10, (1,), generator=g))
    level = 1.6 - 2.3 * q + uniform(n, -0.15, 0.15, g)
    drop = torch.sigmoid((clouds(n, rows, int(rows * ASPECT), g) - level) * uniform(n, 5, 9, g))
    lens = soft(x, float(uniform(1, 5, 9, g))) * uniform(n, 0.92, 1.2, g) + uniform(n, 0, 0.05, g)
    y = x * (1 - drop) + lens * drop
    rows, columns = grid()
    scratch = torch.zeros(n, 1, HEIGHT, WIDTH)
    for _ in range(3):
        angle = uniform(n, 0, math.pi, g)
        away = (columns - uniform(n, -1, 1, g)) * torch.sin(angle) * ASPECT - (rows - uniform(n, -1, 1, g)) * torch.cos(angle)
        scratch = scratch + torch.exp(-((away / (0.004 + 0.008 * q)) ** 2))
    return (y + scratch.clamp(0, 1) * q * 0.35).clamp(0, 1)


def fouling(x, q, g=None):
    """Growth that creeps in from the borders."""
    n = len(x)
    rows, columns = grid()
    edge = torch.maximum(rows.abs().expand(1, 1, HEIGHT, WIDTH), columns.abs().expand(1, 1, HEIGHT, WIDTH))
    lumps = 0.6 * clouds(n, 6, 10, g) + 0.25 * clouds(n, 18, 32, g)
    grown = torch.sigmoid(((edge - 1) * 3.0 + 0.7 * lumps + 2.6 * q - 0.85) * uniform(n, 5, 10, g))
    pale = chance(n, 0.2, g)
    tone = colour(n, [0.04, 0.05, 0.02], [0.32, 0.30, 0.18], g) * (1 - pale) + pale * colour(n, [0.3, 0.3, 0.2], [0.6, 0.6, 0.5], g)
    tone = (tone * (1 + 0.25 * clouds(n, 30, 54, g))).clamp(0, 1)
    return x * (1 - 0.93 * grown) + tone * 0.93 * grown


def occlusion(x, q, g=None):
    """Something in front of the lens: a soft-edged half plane."""
    n = len(x)
    angle = uniform(n, 0, 2 * math.pi, g)
    rows, columns = grid()
    along = columns * torch.cos(angle) + rows * torch.sin(angle) + uniform(n, 0.05, 0.2, g) * clouds(n, 5, 8, g)
    hidden = torch.sigmoid((along - (1.15 - 1.2 * q)) * uniform(n, 6, 25, g))
    tone = uniform(n, 0.02, 0.5, g) * colour(n, [0.7, 0.75, 0.65], [1.2, 1.15, 1.1], g)
    return (x * (1 - hidden) + tone * hidden).clamp(0, 1)


def defocus(x, q, g=None):
    """Out of focus: 2 pixels of 384 at severity 1, 6.8 at severity 5."""
    return torch.cat([blur(x[i:i + 1], float(0.8 + 6 * q[i])) for i in range(len(x))])


KINDS = {"biofilm": biofilm, "silt": silt, "droplets": droplets, "fouling": fouling, "occlusion": occlusion, "defocus": defocus}


def simulate(kind: str, x: torch.Tensor, severity: float, seed: int) -> torch.Tensor:
    """The same dirt (one lens, one `seed`) at `severity` 1..5 on every picture of x."""
    strength = torch.full((1, 1, 1, 1), severity / 5)
    return torch.cat([KINDS[kind](x[i:i + 1], strength, torch.Generator().manual_seed(seed)) for i in range(len(x))])


SHARES = {"biofilm": 2, "silt": 1, "droplets": 2, "fouling": 1, "occlusion": 1, "defocus": 1.5}


def random_dirt(x: torch.Tensor) -> tuple:
    """Every picture gets one kind, every fifth a second one.

    Returns pictures, strengths (N,) and kinds (N,), numbered in the order of KINDS.
    """
    n = len(x)
    kinds = list(KINDS)
    q = torch.rand(n, 1, 1, 1) * 0.85 + 0.15
    chosen = torch.multinomial(torch.tensor([float(SHARES[k]) for k in kinds]), n, replacement=True)
    y = torch.empty_like(x)
    for k in chosen.unique():
        rows = (chosen == k).nonzero()[:, 0]
        y[rows] = KINDS[kinds[int(k)]](x[rows], q[rows])
    both = (torch.rand(n) < 0.2).nonzero()[:, 0]
    if len(both):
        second = kinds[int(torch.randint(0, len(kinds), (1,)))]
        y[both] = KINDS[second](y[both], q[both] * 0.6)
    return y, q.view(n), chosen
