"""Drawn dirt on the lens.

Each kind: (pictures (N, 3, 216, 384) in 0..1, strength (N, 1, 1, 1) in 0..1, generator) -> new pictures.
Strength is severity / 5. Turbid water is not a kind: it is natural, see nature.py.
"""

import math

import torch

from data import HEIGHT, WIDTH
from pictures import blur, chance, clouds, colour, coordinates, uniform, wide_blur
from small_growth import barnacles, nets, rosettes, tubes

ASPECT = WIDTH / HEIGHT


def biofilm(x, strength, generator=None) -> torch.Tensor:
    """A film that takes the red, scatters green light into a veil, and softens."""
    n, g = len(x), generator
    cover = strength * uniform(n, 0.30, 0.80, g) * (0.75 + 0.25 * torch.tanh(clouds(n, 4, 6, g)))
    passed = 1 - strength * colour(n, [0.20, -0.25, -0.05], [0.75, 0.12, 0.40], g)
    veil = colour(n, [0.10, 0.50, 0.38], [0.40, 0.86, 0.78], g)
    olive = chance(n, 0.25, g)
    veil = veil * (1 - olive) + olive * colour(n, [0.22, 0.34, 0.10], [0.50, 0.62, 0.34], g)
    weight = (strength * uniform(n, 0.2, 1, g)).clamp(0, 1)
    y = (x * (1 - weight) + blur(x, 3.0) * weight) * passed
    return (y * (1 - 0.7 * cover) + 0.7 * cover * veil).clamp(0, 1)


def silt(x, strength, generator=None) -> torch.Tensor:
    """Settled sediment: a brown, uneven veil."""
    n, g = len(x), generator
    cover = strength * uniform(n, 0.50, 0.90, g) * (0.7 + 0.3 * torch.tanh(clouds(n, 3, 5, g)))
    cover = cover.clamp(0, 1)
    tone = colour(n, [0.36, 0.29, 0.15], [0.64, 0.52, 0.36], g)
    weight = strength * uniform(n, 0.4, 0.8, g)
    y = x * (1 - weight) + blur(x, 2.0) * weight
    return (y * (1 - cover) + cover * tone).clamp(0, 1)


def droplets(x, strength, generator=None) -> torch.Tensor:
    """Drops or bubbles that blur what is behind them, and thin bright scratches."""
    n, g = len(x), generator
    lumps = int(torch.randint(5, 10, (1,), generator=g))
    level = 1.6 - 2.3 * strength + uniform(n, -0.15, 0.15, g)
    drop = torch.sigmoid((clouds(n, lumps, int(lumps * ASPECT), g) - level) * uniform(n, 5, 9, g))
    through = wide_blur(x, float(uniform(1, 5, 9, g))) * uniform(n, 0.92, 1.2, g) + uniform(n, 0, 0.05, g)
    y = x * (1 - drop) + through * drop
    rows, columns = coordinates()
    scratches = torch.zeros(n, 1, HEIGHT, WIDTH)
    for _ in range(3):
        angle = uniform(n, 0, math.pi, g)
        across = (columns - uniform(n, -1, 1, g)) * torch.sin(angle) * ASPECT
        away = across - (rows - uniform(n, -1, 1, g)) * torch.cos(angle)
        scratches = scratches + torch.exp(-((away / (0.004 + 0.008 * strength)) ** 2))
    return (y + scratches.clamp(0, 1) * strength * 0.35).clamp(0, 1)


def fouling(x, strength, generator=None) -> torch.Tensor:
    """Growth that creeps in from the borders."""
    n, g = len(x), generator
    edge = torch.maximum(*(axis.abs().expand(1, 1, HEIGHT, WIDTH) for axis in coordinates()))
    lumps = 0.6 * clouds(n, 6, 10, g) + 0.25 * clouds(n, 18, 32, g)
    grown = ((edge - 1) * 3.0 + 0.7 * lumps + 2.6 * strength - 0.85) * uniform(n, 5, 10, g)
    grown = torch.sigmoid(grown)
    pale = chance(n, 0.2, g)
    dark_tone = colour(n, [0.04, 0.05, 0.02], [0.32, 0.30, 0.18], g) * (1 - pale)
    tone = dark_tone + pale * colour(n, [0.3, 0.3, 0.2], [0.6, 0.6, 0.5], g)
    tone = (tone * (1 + 0.25 * clouds(n, 30, 54, g))).clamp(0, 1)
    return x * (1 - 0.93 * grown) + tone * 0.93 * grown


def occlusion(x, strength, generator=None) -> torch.Tensor:
    """Something in front of the lens: a soft-edged half plane."""
    n, g = len(x), generator
    angle = uniform(n, 0, 2 * math.pi, g)
    rows, columns = coordinates()
    along = columns * torch.cos(angle) + rows * torch.sin(angle)
    along = along + uniform(n, 0.05, 0.2, g) * clouds(n, 5, 8, g)
    hidden = torch.sigmoid((along - (1.15 - 1.2 * strength)) * uniform(n, 6, 25, g))
    tone = uniform(n, 0.02, 0.5, g) * colour(n, [0.7, 0.75, 0.65], [1.2, 1.15, 1.1], g)
    return (x * (1 - hidden) + tone * hidden).clamp(0, 1)


def defocus(x, strength, generator=None) -> torch.Tensor:
    """Out of focus: blur by 2 pixels of 384 at severity 1, 6.8 at severity 5. Draws no random numbers."""
    return torch.cat([blur(x[i:i + 1], float(0.8 + 6 * strength[i])) for i in range(len(x))])


def grey_film(x, strength, generator=None) -> torch.Tensor:
    """A film without colour: a grey veil that takes as much of each colour, and softens."""
    n, g = len(x), generator
    cover = strength * uniform(n, 0.35, 0.70, g) * (0.75 + 0.25 * torch.tanh(clouds(n, 4, 6, g)))
    grey = uniform(n, 0.3, 0.8, g)
    passed = 1 - strength * uniform(n, 0.1, 0.3, g)
    weight = (strength * uniform(n, 0.2, 1, g)).clamp(0, 1)
    y = (x * (1 - weight) + blur(x, 3.0) * weight) * passed
    return (y * (1 - cover) + cover * grey).clamp(0, 1)


def settled(settle, low: list, high: list):
    """A kind of dirt: animals that settle anywhere on the glass, in a tone between two.

    Against dark water they are pale, against the surface dark: they are lit from both sides.
    """
    def make(x, strength, generator=None) -> torch.Tensor:
        n, g = len(x), generator
        way = 0.75 * uniform(n, 0, 1, g)
        low_tone, high_tone = (torch.tensor(tone).view(1, 3, 1, 1) for tone in (low, high))
        tone = low_tone + (high_tone - low_tone) * (way + 0.25 * torch.rand(n, 3, 1, 1, generator=g))
        hidden, texture = settle(n, strength, g)
        return (x * (1 - hidden) + hidden * (tone * texture).clamp(0, 1)).clamp(0, 1)
    return make


KINDS = {
    "biofilm": biofilm, "silt": silt, "droplets": droplets, "fouling": fouling, "occlusion": occlusion,
    "defocus": defocus, "grey-film": grey_film,
    "barnacles": settled(barnacles, [0.60, 0.58, 0.52], [0.80, 0.79, 0.75]),
    "tubes": settled(tubes, [0.68, 0.66, 0.60], [0.88, 0.87, 0.84]),
    "nets": settled(nets, [0.58, 0.53, 0.40], [0.80, 0.76, 0.66]),
    "rosettes": settled(rosettes, [0.56, 0.49, 0.42], [0.78, 0.72, 0.65]),
}
# How often each kind is drawn, against the others.
SHARES = {
    "biofilm": 2, "silt": 1, "droplets": 2, "fouling": 1, "occlusion": 1, "defocus": 1.5, "grey-film": 1,
    "barnacles": 1, "tubes": 1, "nets": 1, "rosettes": 1,
}


def simulate(kind: str, x: torch.Tensor, severity: float, seed: int) -> torch.Tensor:
    """The same dirt (one lens, one `seed`) at `severity` 1..5 on every picture of x (N, 3, 216, 384).

    Raises KeyError for a kind that is not in KINDS.
    """
    strength = torch.full((1, 1, 1, 1), severity / 5)
    make = KINDS[kind]
    # A fresh generator for each: one lens for all pictures.
    return torch.cat([make(x[i:i + 1], strength, torch.Generator().manual_seed(seed)) for i in range(len(x))])


def random_dirt(x: torch.Tensor) -> tuple:
    """Every picture of x (N, 3, 216, 384) gets one kind of dirt, every fifth a second one.

    Returns pictures, strengths (N,) of the first kind and its number (N,) in the order of KINDS.
    """
    n = len(x)
    kinds = list(KINDS)
    strength = torch.rand(n, 1, 1, 1) * 0.85 + 0.15
    chosen = torch.multinomial(torch.tensor([float(SHARES[kind]) for kind in kinds]), n, replacement=True)
    y = torch.empty_like(x)
    for k in chosen.unique():
        rows = (chosen == k).nonzero()[:, 0]
        y[rows] = KINDS[kinds[int(k)]](x[rows], strength[rows])
    both = (torch.rand(n) < 0.2).nonzero()[:, 0]
    if len(both):
        second = kinds[int(torch.randint(0, len(kinds), (1,)))]
        y[both] = KINDS[second](y[both], strength[both] * 0.6)
    return y, strength.view(n), chosen
