"""Things too thin to trace, drawn flat: a lattice tower, a mooring line, sea fans."""

import math

import numpy as np
from numpy import float32 as f32
from PIL import Image, ImageDraw

from .camera import HEIGHT, SUPERSAMPLING, WIDTH, project
from .noise import noise_tile
from .solids import SINKER_CENTRE

SCALE = SUPERSAMPLING * 2   # drawn this many times larger than a snapshot
SEA_FANS = [   # foot, height in metres, tilt in degrees, seed, colour in bytes
    ((2.95, 1.42, 5.7), 0.95, -8, 1, (214, 58, 92)),
    ((2.50, 1.02, 5.85), 0.55, 14, 2, (232, 104, 72)),
    ((-1.62, 1.50, 5.15), 0.62, 16, 3, (204, 62, 112)),
    ((-0.36, 0.95, 4.92), 0.42, -24, 4, (236, 126, 60)),
    ((1.96, 0.18, 4.82), 0.78, 5, 5, (196, 70, 150)),
    ((2.2, 0.12, 4.84), 0.42, -18, 6, (232, 120, 66)),
    ((-2.50, 0.2, 5.0), 0.50, 10, 7, (222, 98, 62)),
]


def thin_layers(aim: tuple[int, int]):
    """Yield (distance in metres, layer) of each thing, before a camera aimed so.

    A layer is premultiplied RGBA, not linear, 0..1: (h, w, 4) float32 of the supersampled size.
    """
    yield 12.0, _averaged(_lattice_tower(aim))
    yield 7.5, _averaged(_mooring_line(aim))
    for foot, height, tilt, seed, colour in SEA_FANS:
        yield foot[2], _averaged(_sea_fan(aim, foot, height, tilt, seed, colour))


def _canvas() -> tuple:
    image = Image.new("RGBA", (WIDTH * SCALE, HEIGHT * SCALE), (0, 0, 0, 0))
    return image, ImageDraw.Draw(image)


def _averaged(image) -> np.ndarray:
    # Premultiplied first: the colour of transparent pixels must not darken the edges.
    layer = np.asarray(image, f32) / 255
    layer[..., :3] *= layer[..., 3:]
    return layer.reshape(HEIGHT * SUPERSAMPLING, 2, WIDTH * SUPERSAMPLING, 2, 4).mean((1, 3))


def _lattice_tower(aim: tuple[int, int]):
    """A far tower for fish to hide in."""
    image, draw = _canvas()
    rng = np.random.default_rng(404)

    def beam(a, b, width):
        (x0, y0, s0), (x1, y1, s1) = project(a, aim), project(b, aim)
        shade = int(rng.integers(84, 112))
        draw.line([x0 * SCALE, y0 * SCALE, x1 * SCALE, y1 * SCALE], fill=(shade, shade - 4, shade - 26, 255),
                  width=max(1, round(width * (s0 + s1) / 2 * SCALE)))

    x, z = -5.0, 12.0
    levels = [(0.0, 1.7), (1.25, 1.25), (2.5, 0.8), (3.5, 0.45)]   # height, half the width, metres
    signs = ((-1, -1), (1, -1), (1, 1), (-1, 1))
    corners = [[(x + sx * r, y, z + sz * r) for sx, sz in signs] for y, r in levels]
    for low, high in zip(corners, corners[1:]):
        for i in range(4):
            j = (i + 1) % 4
            beam(low[i], high[i], 0.10)
            beam(high[i], high[j], 0.08)
            beam(low[i], high[j], 0.045)
            beam(low[j], high[i], 0.045)
    return image


def _mooring_line(aim: tuple[int, int]):
    """A twisted, overgrown line from its sinker to the surface, with five floats."""
    image, draw = _canvas()

    def ellipse(left, top, right, bottom, colour):
        draw.ellipse([left * SCALE, top * SCALE, right * SCALE, bottom * SCALE], fill=colour)

    x0, y0, scale = project(SINKER_CENTRE + [0, 0.2, 0], aim)
    for i in range(900):
        s = i / 899
        y = y0 + (-20 - y0) * s
        x = x0 + 16 * s + 5 * math.sin(2.5 * s)
        r = 0.027 * scale * (1 + 0.35 * noise_tile(90, 0.9, 4)[i % 512, 0] * 0.5)
        tone = 150 + 38 * math.sin(i * 1.1)
        ellipse(x - r, y - 1.0, x + r, y + 1.0, (int(tone), int(tone * 0.93), int(tone * 0.66), 255))
    for i in range(5):
        x, y, r = x0 + 1.5 + 1.5 * i / 2, y0 - 34 - 7.6 * i, 0.062 * scale
        ellipse(x - r, y - r * 0.9, x + r, y + r * 0.9, (196, 116, 52, 255))
        ellipse(x - r * 0.6, y - r * 0.8, x + r * 0.4, y - 0.1 * r, (226, 152, 82, 255))
    return image


def _sea_fan(aim: tuple[int, int], foot, height: float, tilt: float, seed: int, colour: tuple):
    image, draw = _canvas()
    x, y, scale = project(foot, aim)
    sine, cosine = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
    for a, b, c, d, width in sea_fan_branches(seed):
        columns = [(x + (u * cosine - v * sine) * height * scale) for u, v in ((a, b), (c, d))]
        rows = [(y - (u * sine + v * cosine) * height * scale) for u, v in ((a, b), (c, d))]
        light = 0.8 + 0.35 * d
        draw.line([columns[0] * SCALE, rows[0] * SCALE, columns[1] * SCALE, rows[1] * SCALE],
                  width=max(2, round(width * height * scale * SCALE)),
                  fill=tuple(min(255, int(v * light)) for v in colour) + (255,))
    return image


def sea_fan_branches(seed: int, count: int = 560) -> list:
    """A sea fan grown towards `count` points: [(x0, y0, x1, y1, width)], foot at (0, 0), about 1 high.

    Source: Runions, Lane and Prusinkiewicz 2007, "Modeling Trees with a Space Colonization Algorithm": the
    points still to reach pull the nodes nearest to them, and each of these grows by one step.
    """
    rng = np.random.default_rng([seed, 303])
    angle, radius = rng.uniform(0.12, math.pi - 0.12, count), np.sqrt(rng.uniform(0.02, 1, count))
    food = np.stack([0.62 * radius * np.cos(angle), 0.12 + 0.88 * radius * np.sin(angle)], 1)
    nodes, parent = [np.zeros(2)], [-1]
    for _ in range(9):
        nodes.append(nodes[-1] + [rng.normal(0, 0.003), 0.02])
        parent.append(len(nodes) - 2)
    step = 0.022
    for _ in range(110):
        if not len(food):
            break
        near = np.asarray(nodes)
        gap = food[:, None] - near[None]
        distance = np.sqrt((gap ** 2).sum(2))
        closest = distance.argmin(1)
        pull = np.zeros_like(near)
        unit = (gap / (distance[..., None] + 1e-9))[np.arange(len(food)), closest]
        np.add.at(pull, closest, unit)
        for i in np.unique(closest):
            direction = pull[i] + rng.normal(0, 0.15, 2)
            nodes.append(near[i] + step * direction / (np.linalg.norm(direction) + 1e-9))
            parent.append(int(i))
        food = food[distance.min(1) > 0.026]
    carried = np.ones(len(nodes))   # nodes that hang on each, itself included
    for i in range(len(nodes) - 1, 0, -1):
        carried[parent[i]] += carried[i]
    widths = [0.0085 + 0.0026 * count ** 0.42 for count in carried]
    return [(*nodes[parent[i]], *nodes[i], widths[i]) for i in range(1, len(nodes))]
