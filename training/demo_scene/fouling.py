"""What is on the lens: animals that settle anywhere on it and grow, and a scratch."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy import float32 as f32

from settlers import Glass, settle_barnacles, settle_nets, settle_rosettes, settle_tubes

from .camera import HEIGHT, WIDTH
from .noise import noise_tile
from .shading import linear_rgb, mix


class Kind(NamedTuple):
    """How one kind of animal grows on this lens."""

    settle: Callable   # of settlers.py
    seed: int
    tone: str          # '#rrggbb'
    comes: float       # amount of fouling at which the first settle
    most: float        # strength that it has at an amount of 1
    bend: float        # exponent of its growth


# Those that come later lie over those that were there.
KINDS = (
    Kind(settle_barnacles, 711, "#e9e2cf", comes=0.0, most=0.60, bend=1.0),
    Kind(settle_tubes, 712, "#dcd6c6", comes=0.08, most=0.60, bend=1.1),
    Kind(settle_rosettes, 713, "#c98d6c", comes=0.15, most=0.62, bend=1.1),
    Kind(settle_nets, 714, "#b8a06c", comes=0.15, most=0.60, bend=1.0),
)
SCRATCH = ((0.300, 0.250), (0.355, 0.205), (0.415, 0.172), (0.480, 0.152))   # along it, shares of the picture


class _Draws:
    """The chance of settlers.py, from numpy."""

    def __init__(self, seed: int):
        self.rng = np.random.default_rng(seed)

    def uniform(self, *shape: int) -> list:
        return self.rng.random(shape).tolist()

    def normal(self, *shape: int) -> list:
        return self.rng.standard_normal(shape).tolist()

    def clouds(self, rows: int, columns: int) -> np.ndarray:
        return noise_tile(19, 0.95, 6, size=1024)[:HEIGHT, :WIDTH]


def foul(picture: np.ndarray, amount: float, brightness: float) -> np.ndarray:
    """The linear picture (HEIGHT, WIDTH, 3) through a lens with `amount` of growth, 0 < amount <= 1.

    `brightness` is the light in the water, in the picture's units: what is on the glass is lit by it, so it
    stays dark at night. Returns float32.
    """
    for kind in KINDS:
        grown = max(0.0, (amount - kind.comes) / (1 - kind.comes))
        if grown > 0:
            glass = Glass(HEIGHT, WIDTH)
            kind.settle(glass, kind.most * grown ** kind.bend, _Draws(kind.seed))
            picture = _behind(picture, glass, linear_rgb(kind.tone), brightness)
    return picture.astype(f32)


def scratch(picture: np.ndarray, brightness: float) -> np.ndarray:
    """The linear picture (HEIGHT, WIDTH, 3) through a lens that a tool has scratched."""
    return _behind(picture, _scratched(), np.ones(3, f32), brightness).astype(f32)


@lru_cache(maxsize=1)
def _scratched() -> Glass:
    glass = Glass(HEIGHT, WIDTH)
    for away, radius, most in ((0.0, 0.0016, 0.75), (0.012, 0.0011, 0.6)):
        places = [(x + away, y + 1.5 * away) for x, y in SCRATCH]
        for start, end in zip(places, places[1:]):
            glass.thread(start, end, radius, most)
        glass.settle(1.0)
    return glass


def _behind(picture: np.ndarray, glass: Glass, tone: np.ndarray, brightness: float) -> np.ndarray:
    hidden, light = (array[..., None] for array in glass.seen())
    # The light has lost red on its way through the water.
    lit = tone * np.array([0.86, 1.0, 0.94], f32) * f32(1.3 * brightness)
    return mix(picture, lit * light, hidden)
