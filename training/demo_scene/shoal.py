"""Which fish swim by, and where."""

from typing import NamedTuple

import numpy as np

from .camera import HEIGHT, WIDTH


class Swimmer(NamedTuple):
    """One fish before the camera; what it looks like is in fish.py."""

    kind: str
    column: float     # of its middle, pixels
    row: float
    distance: float   # metres
    length: float     # pixels
    swim: float       # bend of the tail, -1..1
    facing: int       # 1 right, -1 left
    seed: int


def shoal(fish: str, rng: np.random.Generator) -> list[Swimmer]:
    """What swims by, far ones first.

    `fish` is 'none', 'small' (some, or none by chance), or 'big' (one more, which fills the frame).
    """
    if fish == "none":
        return []
    found = []
    if rng.uniform() < 0.62:   # a loose group of damselfish around the dome or the tower
        x, y = rng.choice([150, 300, 420]) + rng.normal(0, 40), rng.uniform(40, 110)
        way = rng.choice([-1, 1])
        for _ in range(rng.integers(4, 15)):
            distance = rng.uniform(5.5, 10)
            found.append(Swimmer(
                "damsel", x + rng.normal(0, 62), y + rng.normal(0, 28), distance,
                95 / distance * rng.uniform(0.8, 1.2), rng.uniform(-1, 1),
                way if rng.uniform() < 0.75 else -way, int(rng.integers(1e6))))
    if rng.uniform() < 0.35:   # salema passing in a band
        x, y, way = rng.uniform(80, 560), rng.uniform(80, 170), rng.choice([-1, 1])
        for _ in range(rng.integers(3, 8)):
            distance = rng.uniform(4.5, 6.5)
            found.append(Swimmer(
                "salema", x + rng.normal(0, 80), y + rng.normal(0, 22), distance,
                170 / distance * rng.uniform(0.85, 1.15), rng.uniform(-1, 1), way, int(rng.integers(1e6))))
    for _ in range(rng.poisson(0.7)):
        distance = rng.uniform(3.2, 5.5)
        found.append(Swimmer(
            "bream", rng.uniform(30, 610), rng.uniform(70, 260), distance,
            235 / distance * rng.uniform(0.85, 1.15), rng.uniform(-1, 1), rng.choice([-1, 1]),
            int(rng.integers(1e6))))
    if fish == "big":
        found.append(Swimmer(
            "grouper", WIDTH * rng.uniform(0.46, 0.54), HEIGHT * rng.uniform(0.47, 0.55), 1.1,
            WIDTH * rng.uniform(0.88, 0.98), rng.uniform(-0.6, 0.6), rng.choice([-1, 1]),
            int(rng.integers(1e6))))
    return sorted(found, key=lambda swimmer: -swimmer.distance)
