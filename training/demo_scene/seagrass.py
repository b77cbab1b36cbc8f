"""The meadow: blades that sway on feet that never move."""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy import float32 as f32
from PIL import Image, ImageDraw

from .camera import AIMED, HEIGHT, WIDTH
from .shading import mix

FAR_MEADOW, NEAR_MEADOW = 0, 1
CLUMPS = [   # meadow, column, row, spread in columns and rows, blades, length; pixels
    (FAR_MEADOW, 398, 208, 26, 3, 46, 24),
    (FAR_MEADOW, 452, 214, 18, 3, 30, 22),
    (FAR_MEADOW, 60, 232, 42, 5, 80, 34),
    (FAR_MEADOW, 20, 244, 24, 6, 54, 42),
    (NEAR_MEADOW, 36, 372, 60, 9, 90, 104),
    (NEAR_MEADOW, 112, 374, 40, 6, 42, 66),
    (NEAR_MEADOW, 604, 374, 44, 9, 74, 98),
    (NEAR_MEADOW, 545, 376, 30, 6, 30, 56),
]


class Blade(NamedTuple):
    """One blade of seagrass; column and row of its foot, length and width in pixels."""

    meadow: int
    column: float
    row: float
    length: float
    lean: float
    width: float
    tone: float   # 0..1


@lru_cache(maxsize=1)
def blades() -> tuple[Blade, ...]:
    """All blades, the far ones of each meadow first."""
    rng = np.random.default_rng(606)
    found = []
    for meadow, x, y, spread_x, spread_y, count, length in CLUMPS:
        for _ in range(count):
            found.append(Blade(
                meadow,
                column=x + rng.normal(0, spread_x * 0.55),
                row=y + rng.normal(0, spread_y * 0.6),
                length=length * rng.uniform(0.45, 1.15),
                lean=rng.normal(0, 0.22),
                width=length / 26 * rng.uniform(0.75, 1.2),
                tone=rng.uniform(),
            ))
    return tuple(sorted(found, key=lambda blade: (blade.meadow, blade.row)))


def seagrass(meadow: int, rng: np.random.Generator, aim: tuple[int, int] = AIMED) -> np.ndarray:
    """The swaying blades of FAR_MEADOW or NEAR_MEADOW, before a camera aimed so.

    Returns premultiplied albedo in linear light with its alpha, (HEIGHT, WIDTH, 4) float32.
    """
    image = Image.new("RGBA", (WIDTH * 2, HEIGHT * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    swell, phase = rng.uniform(-0.45, 0.45), rng.uniform(0, 6.28)
    for blade in blades():
        if blade.meadow == meadow:
            _draw_blade(draw, blade, swell, phase, aim)
    layer = np.asarray(image, f32) / 255
    layer[..., :3] = layer[..., :3] ** 2.2 * layer[..., 3:]
    return layer.reshape(HEIGHT, 2, WIDTH, 2, 4).mean((1, 3))


def _draw_blade(draw, blade: Blade, swell: float, phase: float, aim: tuple[int, int]) -> None:
    x, y, length, tone = blade.column, blade.row, blade.length, blade.tone
    bend = blade.lean + swell + 0.16 * math.sin(phase + x * 0.045 + 5 * tone)
    left, right = [], []
    for i in range(8):
        s = i / 7
        column = aim[0] + x + length * (bend * s * s + 0.10 * math.sin(2.6 * s + 6 * tone + phase * 0.5) * s)
        row = aim[1] + y - length * s * (1 - 0.28 * bend * bend * s)
        half = 0.5 * blade.width * (1 - 0.75 * s ** 3)
        left.append((2 * (column - half), 2 * row))
        right.append((2 * (column + half), 2 * row))
    light = mix(0.72, 1.1, tone)
    ranges = ((88, 146), (122, 150), (52, 60))   # red, green, blue
    colour = tuple(int(mix(least, most, tone) * light) for least, most in ranges)
    draw.polygon(left + right[::-1], fill=(*colour, 255))
    draw.line(left, fill=(*(int(c * 0.72) for c in colour), 255), width=1)
