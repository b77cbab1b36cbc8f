#!/usr/bin/env python3
"""The demo camera of Porthole: a small procedural underwater scene.

Nothing here is a photograph or was made from one. A concrete reef dome, an
amphora, rocks with sponges and sea fans and a meadow of seagrass are ray
marched once per process; every snapshot then only relights that still scene
and adds what moves: light rays, caustics, seagrass, fish, particles, noise,
and, in front of it all, whatever grows on the lens.

    from demo_scene import render
    picture = render(datetime(2026, 5, 9, 10, 0), seed=7, fouling=0.4)

    python3 training/demo_scene.py      # rewrites public/demo, same bytes each time

Conventions: metres, x right, y up, z away from the camera, which stands at
(0, EYE, 0). Pictures are (H, W, 3). Light is linear until the last step.
Needs numpy and Pillow only.
"""

from __future__ import annotations

import io
import json
import math
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

H, W = 360, 640          # pixels of a snapshot
SS = 2                   # the still scene is traced SS times larger, then averaged
FOCAL = 530.0            # pixels
HORIZON = 150.0          # row of the horizon, pixels
EYE = 1.5                # camera height above the sand, metres
FAR = 60.0               # metres; open water
LATITUDE, LONGITUDE = 41.0, 2.0   # degrees; only for the height of the sun
SUN = np.array([0.30, 0.88, -0.37], np.float32)   # towards the light, unit length
SUN /= np.linalg.norm(SUN)

f32 = np.float32


# ---------------------------------------------------------------- noise

@lru_cache(maxsize=None)
def noise_tile(seed: int, slope: float = 1.7, low: float = 1.0, size: int = 512) -> np.ndarray:
    """Seamless cloud noise, (size, size) float32, mean 0, standard deviation 1.

    `slope` is the fall of the amplitude spectrum, `low` the lowest frequency
    kept, in cycles per tile.
    """
    rng = np.random.default_rng([seed, 101])
    fy = np.fft.fftfreq(size)[:, None] * size
    fx = np.fft.rfftfreq(size)[None, :] * size
    f = np.hypot(fx, fy)
    gain = np.where(f < low, 0.0, np.maximum(f, 1e-6) ** -slope)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size))) * gain
    tile = np.fft.irfft2(spectrum, (size, size))
    return ((tile - tile.mean()) / tile.std()).astype(f32)


def sample(tile: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Bilinear look-up in a seamless tile; u and v in tiles, any equal shape."""
    n = tile.shape[0]
    x, y = u * n, v * n
    xi, yi = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    fx, fy = (x - xi).astype(f32), (y - yi).astype(f32)
    x0, y0, x1, y1 = xi % n, yi % n, (xi + 1) % n, (yi + 1) % n
    top = tile[y0, x0] * (1 - fx) + tile[y0, x1] * fx
    bottom = tile[y1, x0] * (1 - fx) + tile[y1, x1] * fx
    return top * (1 - fy) + bottom * fy


def smooth(a: float, b: float, x):
    """0 below a, 1 above b, a smooth step between."""
    t = np.clip((x - a) / (b - a), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def mix(a, b, t):
    return a + (b - a) * t


def blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of (h, w) or (h, w, c) float32 (Pillow would round to bytes)."""
    if picture.ndim == 3:
        return np.dstack([blur(picture[..., c], sigma) for c in range(picture.shape[2])])
    radius = max(1, int(math.ceil(3 * sigma)))
    k = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    k = (k / k.sum()).astype(f32)
    padded = np.pad(picture, ((radius, radius), (0, 0)), mode="edge")
    out = sum(k[i] * padded[i:i + picture.shape[0]] for i in range(k.size))
    padded = np.pad(out, ((0, 0), (radius, radius)), mode="edge")
    return sum(k[i] * padded[:, i:i + picture.shape[1]] for i in range(k.size))


def lumps(p: np.ndarray, frequency: float, octaves: int, seed: int) -> np.ndarray:
    """Cheap 3-D bumps: sums of sines in random directions. p (n, 3) m -> (n,), about -1..1."""
    rng = np.random.default_rng([seed, 202])
    total, amplitude = np.zeros(len(p), f32), 0.5
    for _ in range(octaves):
        k = rng.normal(size=(3, 5))
        k = (k / np.linalg.norm(k, axis=0) * frequency * rng.uniform(0.7, 1.4, 5)).astype(f32)
        phase = rng.uniform(0, 6.283, 5).astype(f32)
        total += amplitude * 0.45 * np.sin(p @ k + phase).sum(axis=1)
        frequency, amplitude = frequency * 2.1, amplitude * 0.5
    return total


# ---------------------------------------------------------------- solids

DOME = np.array([-1.12, 0.0, 6.0], f32)
DOME_R = np.array([1.30, 1.98, 1.30], f32)
ROCKS = [  # centre, radii
    ((2.45, 0.0, 6.7), (1.05, 1.25, 0.9)),
    ((3.45, 0.1, 6.4), (1.15, 1.85, 1.0)),
    ((1.55, -0.05, 7.3), (0.75, 0.62, 0.6)),
    ((2.55, -0.1, 5.4), (0.62, 0.5, 0.5)),
    ((3.1, -0.1, 4.7), (0.5, 0.42, 0.45)),
    ((-3.9, 0.0, 8.2), (1.2, 0.85, 0.8)),
    ((-2.6, -0.08, 5.3), (0.5, 0.36, 0.4)),
    ((-0.05, -0.08, 4.95), (0.27, 0.22, 0.24)),
    ((-0.45, -0.05, 4.6), (0.14, 0.13, 0.14)),
    ((0.35, -0.05, 8.6), (0.45, 0.35, 0.4)),
    ((1.98, -0.06, 5.1), (0.42, 0.30, 0.34)),
]
SINKER = (np.array([0.62, 0.13, 7.6], f32), np.array([0.30, 0.20, 0.30], f32))
AMPHORA = (np.array([0.38, 0.13, 4.55], f32), np.array([1.36, 0.40, 4.95], f32))
TUBES = [  # foot, mouth, radius: tube sponges
    ((2.05, 0.9, 6.15), (1.95, 1.45, 6.05), 0.085),
    ((2.18, 0.9, 6.15), (2.20, 1.62, 6.10), 0.10),
    ((2.32, 0.9, 6.10), (2.42, 1.38, 6.00), 0.08),
    ((1.98, 0.8, 6.10), (1.78, 1.22, 6.00), 0.07),
    ((-0.62, 1.70, 5.6), (-0.50, 2.08, 5.55), 0.07),
    ((-0.74, 1.72, 5.6), (-0.74, 2.20, 5.55), 0.08),
    ((-0.54, 1.62, 5.55), (-0.34, 1.90, 5.50), 0.06),
]
BARRELS = [((2.62, 0.33, 5.35), 0.20, 0.42), ((-2.55, 0.22, 5.2), 0.14, 0.28)]  # foot, radius, height


def ellipsoid(p, centre, radii):
    q = (p - np.asarray(centre, f32)) / np.asarray(radii, f32)
    k0 = np.sqrt((q * q).sum(1)) + 1e-6
    q = q / np.asarray(radii, f32)
    return k0 * (k0 - 1) / (np.sqrt((q * q).sum(1)) + 1e-6)


def capsule(p, a, b, radius):
    a, b = np.asarray(a, f32), np.asarray(b, f32)
    ba, pa = b - a, p - a
    t = np.clip(pa @ ba / (ba @ ba), 0, 1)[:, None]
    d = pa - t * ba
    return np.sqrt((d * d).sum(1)) - radius


def sphere(p, centre, radius):
    d = p - np.asarray(centre, f32)
    return np.sqrt((d * d).sum(1)) - radius


@lru_cache(maxsize=None)
def dome_holes() -> tuple:
    """Openings of the reef dome: (centre, radius) in metres, rings turned against each other."""
    rings = [(0.48, 0.285, 7, 0.20), (1.06, 0.225, 7, 0.65), (1.52, 0.15, 6, 0.1)]
    holes = [(tuple(DOME + np.array([0, 1.98, 0], f32)), 0.30)]
    for height, radius, count, turn in rings:
        r = DOME_R[0] * math.sqrt(1 - (height / DOME_R[1]) ** 2)
        for i in range(count):
            angle = 2 * math.pi * (i + turn) / count
            holes.append(((DOME[0] + r * math.cos(angle), height, DOME[2] + r * math.sin(angle)), radius))
    return tuple(holes)


def sdf_dome(p):
    d = ellipsoid(p, DOME, DOME_R)
    d = np.abs(d + 0.10) - 0.10
    for centre, radius in dome_holes():
        d = np.maximum(d, -sphere(p, centre, radius))
    return d - 0.035 * lumps(p, 7.0, 3, 1)


def sdf_rocks(p, chosen=range(len(ROCKS))):
    d = None
    for i in chosen:
        e = ellipsoid(p, *ROCKS[i])
        if d is None:
            d = e
        else:  # a smooth union, so that neighbours grow together
            h = np.clip(0.5 + 0.5 * (d - e) / 0.12, 0, 1)
            d = mix(d, e, h) - 0.12 * h * (1 - h)
    size = min(ROCKS[i][1][1] for i in chosen)
    return d - min(0.17, 0.3 * size) * lumps(p, 3.2 if size > 0.3 else 8.0, 4, 2)


def sdf_sinker(p):
    q = np.abs(p - SINKER[0]) - SINKER[1] + 0.03
    return np.sqrt((np.maximum(q, 0) ** 2).sum(1)) + np.minimum(q.max(1), 0) - 0.03 - 0.012 * lumps(p, 9.0, 2, 3)


def sdf_amphora(p):
    toe, lip = AMPHORA
    axis = lip - toe
    length = float(np.linalg.norm(axis))
    axis = axis / length
    t = (p - toe) @ axis
    radial = p - toe - t[:, None] * axis
    r = np.sqrt((radial * radial).sum(1))
    knots = np.array([0.0, 0.06, 0.18, 0.36, 0.52, 0.66, 0.74, 0.79, 0.86, 0.93, 0.955, 1.0]) * length
    radii = [0.03, 0.05, 0.14, 0.215, 0.235, 0.205, 0.13, 0.082, 0.074, 0.076, 0.105, 0.10]
    profile = np.interp(t, knots, radii).astype(f32)
    d = np.maximum((r - profile) * 0.75, np.maximum(-t, t - length))
    d = np.maximum(d, -np.maximum(r - 0.062, length * 0.8 - t))          # the mouth is open
    up = np.array([0, 1, 0], f32) - axis * axis[1]
    up /= np.linalg.norm(up)
    side = np.cross(axis, up)
    for sign in (1, -1):                                                   # two handles
        out = side * sign * 0.55 + up * 0.83 * (1 if sign > 0 else 0.25)
        out = out / np.linalg.norm(out)
        a, b, c = (toe + axis * length * s + out * o for s, o in ((0.90, 0.07), (0.885, 0.20), (0.67, 0.19)))
        d = np.minimum(d, np.minimum(capsule(p, a, b, 0.024), capsule(p, b, c, 0.024)))
    return d - 0.008 * lumps(p, 14.0, 2, 4)


def sdf_sponges(p):
    d = None
    for foot, mouth, radius in TUBES:
        one = capsule(p, foot, mouth, radius)
        top = np.asarray(mouth, f32) + np.array([0, radius * 0.9, 0], f32)
        one = np.maximum(one, -capsule(p, mouth, top, radius * 0.62))
        d = one if d is None else np.minimum(d, one)
    return d - 0.012 * lumps(p, 22.0, 2, 5)


def sdf_barrels(p):
    d = None
    for foot, radius, height in BARRELS:
        foot = np.asarray(foot, f32)
        q = p - foot
        r = np.hypot(q[:, 0], q[:, 2])
        angle = np.arctan2(q[:, 2], q[:, 0])
        wall = radius * (0.72 + 0.28 * np.sin(np.clip(q[:, 1] / height, 0, 1) * 2.4)) + 0.018 * np.cos(11 * angle)
        one = np.maximum((r - wall) * 0.8, np.maximum(-q[:, 1], q[:, 1] - height))
        one = np.maximum(one, -np.maximum(r - radius * 0.6, height * 0.3 - q[:, 1]))
        d = one if d is None else np.minimum(d, one)
    return d - 0.012 * lumps(p, 20.0, 2, 6)


def sdf_hull(p):
    """Plain outlines of all solids, for shadows and contact darkening only. (n, 3) -> (n,)"""
    d = ellipsoid(p, DOME, DOME_R)
    for centre, radii in ROCKS:
        d = np.minimum(d, ellipsoid(p, centre, radii))
    d = np.minimum(d, capsule(p, AMPHORA[0] * 0.8 + AMPHORA[1] * 0.2, AMPHORA[0] * 0.4 + AMPHORA[1] * 0.6, 0.2))
    return np.minimum(d, sphere(p, SINKER[0], 0.3))


def contact(p, n, reach: float) -> np.ndarray:
    """Ambient light that reaches p (n, 3) with normals n: 0 closed in .. 1 free."""
    dark = np.zeros(len(p), f32)
    for i, weight in ((1, 1.0), (2, 0.6), (4, 0.3)):
        h = reach * i / 4
        dark += weight * np.clip(h - sdf_hull(p + n * h), 0, h) / h
    return np.clip(1 - 0.5 * dark, 0.08, 1)


def sunlit(p, n) -> np.ndarray:
    """Soft shadow towards SUN: 0 dark .. 1 lit. The sea surface scatters, so edges are wide."""
    lit, t = np.ones(len(p), f32), 0.10
    for _ in range(7):
        lit = np.minimum(lit, 0.5 + 2.2 * sdf_hull(p + n * 0.06 + SUN * t) / t)
        t *= 1.55
    return np.clip(lit, 0, 1)


def rgb(text: str) -> np.ndarray:
    """'#rrggbb' as linear light, (3,) float32."""
    value = np.array([int(text[i:i + 2], 16) for i in (1, 3, 5)], f32) / 255
    return value ** 2.2


def blend3(tile, p, n, scale):
    """Noise on a solid, projected along the three axes. p, n (n, 3) -> (n,)"""
    w = np.abs(n) ** 3 + 1e-3
    w = w / w.sum(1, keepdims=True)
    s = 1 / scale
    return (sample(tile, p[:, 2] * s, p[:, 1] * s) * w[:, 0] + sample(tile, p[:, 0] * s, p[:, 2] * s) * w[:, 1]
            + sample(tile, p[:, 0] * s, p[:, 1] * s) * w[:, 2])


def crust(p, n, bare, turf, patches, seed, cover=0.0):
    """Colour of a grown-over surface: bare ground, turf on top, patches of other life. -> (n, 3)"""
    big = blend3(noise_tile(seed, 1.5, 3), p, n, 2.6)
    mid = blend3(noise_tile(seed + 1, 1.2, 6), p, n, 1.4)
    fine = blend3(noise_tile(seed + 2, 0.55, 16), p, n, 0.9)
    colour = np.broadcast_to(rgb(bare), p.shape).copy()
    colour = mix(colour, rgb(turf), smooth(-0.3, 1.0, big + 0.5 * mid + 0.7 * n[:, 1] + cover)[:, None])
    for i, (patch, threshold) in enumerate(patches):
        where = blend3(noise_tile(seed + 10 + i, 1.35, 5), p, n, 2.0) + 0.25 * fine
        colour = mix(colour, rgb(patch), 0.85 * smooth(threshold, threshold + 0.35, where)[:, None])
    return colour * np.exp(0.34 * fine + 0.20 * mid)[:, None]


def paint_dome(p, n):
    colour = crust(p, n, "#9c9c8c", "#77794a", [("#b0617a", 1.25), ("#c98a3c", 1.65), ("#5b4a36", 1.1)], 20)
    inside = ellipsoid(p, DOME, DOME_R) < -0.12
    return colour * np.where(inside, 0.30, 1.0)[:, None].astype(f32)


def paint_rocks(p, n):
    return crust(p, n, "#7a7468", "#6b6a38", [("#a4587a", 1.0), ("#4d5a2c", 0.8), ("#b98049", 1.7)], 40)


def paint_amphora(p, n):
    return crust(p, n, "#c07a4c", "#8d7a4c", [("#cfc4a8", 1.2), ("#a25c70", 1.5)], 60, cover=-1.2)


def paint_sinker(p, n):
    return crust(p, n, "#8d8d82", "#66683e", [("#a4587a", 1.3)], 70)


def paint_sponges(p, n):
    fine = blend3(noise_tile(81, 0.5, 20), p, n, 0.5)[:, None]
    colour = np.where((p[:, :1] > 0.5), rgb("#e2b02e"), rgb("#dd7d2e"))
    return (colour * np.exp(0.25 * fine)).astype(f32)


def paint_barrels(p, n):
    fine = blend3(noise_tile(82, 0.6, 14), p, n, 0.5)[:, None]
    return (rgb("#a5556a") * np.exp(0.3 * fine)).astype(f32)


# ---------------------------------------------------------------- flat fine things

def sea_fan(seed: int, count: int = 560) -> list:
    """A sea fan by space colonisation: [(x0, y0, x1, y1, width)], foot at (0, 0), about 1 high."""
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
    weight = np.ones(len(nodes))
    for i in range(len(nodes) - 1, 0, -1):
        weight[parent[i]] += weight[i]
    return [(*nodes[parent[i]], *nodes[i], 0.0085 + 0.0026 * weight[i] ** 0.42) for i in range(1, len(nodes))]


def project(point) -> tuple[float, float, float]:
    """Metres to (column, row, pixels per metre) of the snapshot."""
    x, y, z = point
    scale = FOCAL / z
    return W / 2 + x * scale, HORIZON + (EYE - y) * scale, scale


def flat_layers():
    """Yield (distance in m, RGBA picture at SS times the size) of things too thin to trace."""
    big = SS * 2
    size = (W * big, H * big)

    def canvas():
        image = Image.new("RGBA", size, (0, 0, 0, 0))
        return image, ImageDraw.Draw(image)

    def finish(image):
        # colour of transparent pixels must not darken the edges: average premultiplied
        a = np.asarray(image, f32) / 255
        a[..., :3] *= a[..., 3:]
        return a.reshape(H * SS, 2, W * SS, 2, 4).mean((1, 3))

    # A far lattice tower for fish to hide in.
    image, draw = canvas()
    rng = np.random.default_rng(404)

    def beam(a, b, width):
        (x0, y0, s0), (x1, y1, s1) = project(a), project(b)
        shade = int(rng.integers(84, 112))
        draw.line([x0 * big, y0 * big, x1 * big, y1 * big], fill=(shade, shade - 4, shade - 26, 255),
                  width=max(1, round(width * (s0 + s1) / 2 * big)))

    cx, cz = -5.0, 12.0
    levels = [(0.0, 1.7), (1.25, 1.25), (2.5, 0.8), (3.5, 0.45)]
    corners = [[(cx + sx * r, y, cz + sz * r) for sx, sz in ((-1, -1), (1, -1), (1, 1), (-1, 1))] for y, r in levels]
    for low, high in zip(corners, corners[1:]):
        for i in range(4):
            j = (i + 1) % 4
            beam(low[i], high[i], 0.10)
            beam(high[i], high[j], 0.08)
            beam(low[i], high[j], 0.045)
            beam(low[j], high[i], 0.045)
    yield 12.0, finish(image)

    # The mooring line from its sinker to the surface, with a twist and growth on it.
    image, draw = canvas()
    x0, y0, scale = project(SINKER[0] + [0, 0.2, 0])
    for i in range(900):
        s = i / 899
        y = y0 + (-20 - y0) * s
        x = x0 + 16 * s + 5 * math.sin(2.5 * s)
        r = 0.027 * scale * (1 + 0.35 * noise_tile(90, 0.9, 4)[i % 512, 0] * 0.5)
        tone = 150 + 38 * math.sin(i * 1.1)
        draw.ellipse([(x - r) * big, (y - 1.0) * big, (x + r) * big, (y + 1.0) * big],
                     fill=(int(tone), int(tone * 0.93), int(tone * 0.66), 255))
    for i in range(5):  # floats
        x, y, r = x0 + 1.5 + 1.5 * i / 2, y0 - 34 - 7.6 * i, 0.062 * scale
        draw.ellipse([(x - r) * big, (y - r * 0.9) * big, (x + r) * big, (y + r * 0.9) * big], fill=(196, 116, 52, 255))
        draw.ellipse([(x - r * 0.6) * big, (y - r * 0.8) * big, (x + r * 0.4) * big, (y - 0.1 * r) * big], fill=(226, 152, 82, 255))
    yield 7.5, finish(image)

    # Sea fans.
    fans = [((2.95, 1.42, 5.7), 0.95, -8, 1, (214, 58, 92)), ((2.50, 1.02, 5.85), 0.55, 14, 2, (232, 104, 72)),
            ((-1.62, 1.50, 5.15), 0.62, 16, 3, (204, 62, 112)), ((-0.36, 0.95, 4.92), 0.42, -24, 4, (236, 126, 60)),
            ((1.96, 0.18, 4.82), 0.78, 5, 5, (196, 70, 150)), ((2.2, 0.12, 4.84), 0.42, -18, 6, (232, 120, 66)),
            ((-2.50, 0.2, 5.0), 0.50, 10, 7, (222, 98, 62))]
    for foot, height, tilt, seed, colour in fans:
        image, draw = canvas()
        x, y, scale = project(foot)
        s, t = math.sin(math.radians(tilt)), math.cos(math.radians(tilt))
        for a, b, c, d, width in sea_fan(seed):
            p = [(x + (u * t - v * s) * height * scale) for u, v in ((a, b), (c, d))]
            q = [(y - (u * s + v * t) * height * scale) for u, v in ((a, b), (c, d))]
            light = 0.8 + 0.35 * d
            draw.line([p[0] * big, q[0] * big, p[1] * big, q[1] * big], width=max(2, round(width * height * scale * big)),
                      fill=tuple(min(255, int(v * light)) for v in colour) + (255,))
        yield foot[2], finish(image)


# ---------------------------------------------------------------- the still scene

@lru_cache(maxsize=1)
def still_scene() -> dict:
    """Trace the still scene once (some seconds). Arrays of the snapshot's size:

    ambient, sun, lamp (H, W, 3): light returned per unit of each source;
    near (H, W): metres to the surface, FAR in open water; x, z (H, W): metres, for caustics.
    """
    h, w = H * SS, W * SS
    col = ((np.arange(w) + 0.5) / SS).astype(f32)
    row = ((np.arange(h) + 0.5) / SS).astype(f32)
    ray = np.empty((h, w, 3), f32)
    ray[..., 0] = (col - W / 2) / FOCAL
    ray[..., 1] = -(row - HORIZON)[:, None] / FOCAL
    ray[..., 2] = 1
    eye = np.array([0, EYE, 0], f32)

    depth = np.full((h, w), FAR, f32)       # along z, metres
    albedo = np.zeros((h, w, 3), f32)
    shade = np.zeros((h, w, 3), f32)        # ambient, sun, lamp

    # Sand: a plane with ripples drawn into its normals.
    ground = ray[..., 1] < -0.02
    z = EYE / -ray[..., 1][ground]
    p = eye + ray[ground] * z[:, None]
    bend = sample(noise_tile(7, 1.8, 1), p[:, 0] / 7, p[:, 2] / 7)
    patch = sample(noise_tile(8, 1.5, 2), p[:, 0] / 9, p[:, 2] / 9)
    fine = sample(noise_tile(9, 0.5, 24), p[:, 0] / 1.3, p[:, 2] / 1.3)
    coarse = sample(noise_tile(11, 0.9, 10), p[:, 0] / 2.4, p[:, 2] / 2.4)
    wave = (p[:, 2] * 1.0 + p[:, 0] * 0.35) * 2 * math.pi / 0.27 + 3.4 * bend
    fade = np.exp(-z / 7) * smooth(-1.2, 0.6, patch)
    slope = 0.50 * fade * (np.cos(wave) + 0.35 * np.cos(2 * wave + 0.8))
    n = np.stack([0.10 * fine + 0.3 * slope + 0.1 * coarse, np.ones_like(z), slope + 0.10 * coarse], 1)
    n /= np.linalg.norm(n, axis=1, keepdims=True)
    grains = np.exp((0.13 * fine + 0.10 * coarse) * np.exp(-z / 14))[:, None]
    sand = mix(rgb("#c6b68e"), rgb("#8d8458"), smooth(0.2, 1.8, patch + 0.4 * coarse)[:, None]) * grains
    shells = smooth(2.5, 2.9, sample(noise_tile(12, 0.25, 30), p[:, 0] / 2.1, p[:, 2] / 2.1) - 0.02 * z)[:, None]
    sand = mix(sand, rgb("#ece4d0"), 0.7 * shells)
    litter = smooth(1.3, 2.2, coarse - 0.3 * patch - 0.05 * z)[:, None]
    sand = mix(sand, rgb("#4b4424"), 0.65 * litter)
    # Contact darkening of the sand is smooth: computed on a quarter of the points.
    full = np.zeros((h, w, 2), f32)
    flag = np.zeros((h, w), bool)
    flag[::2, ::2] = ground[::2, ::2]
    q = eye + ray[flag] * (EYE / -ray[..., 1][flag])[:, None]
    up = np.broadcast_to(np.array([0, 1, 0], f32), q.shape)
    full[flag] = np.stack([contact(q, up, 0.55), sunlit(q, up)], 1)
    full = np.repeat(np.repeat(full[::2, ::2], 2, 0), 2, 1)
    light = full[ground]
    depth[ground] = np.minimum(z, FAR)
    albedo[ground] = sand
    shade[ground] = np.stack([light[:, 0] * (0.6 + 0.4 * n[:, 1]), np.clip(n @ SUN, 0, 1) * light[:, 1], -n[:, 2] * 0.5 + 0.45], 1)

    # Solids, each marched inside the circle that bounds it on screen.
    def rock(*which):
        return lambda p: sdf_rocks(p, which)

    solids = [(sdf_dome, paint_dome, (-1.12, 0.9, 6.0), 1.75),
              (rock(0, 1, 2, 3), paint_rocks, (2.6, 0.6, 6.5), 2.3), (rock(4), paint_rocks, (3.1, 0, 4.7), 0.75),
              (rock(5), paint_rocks, (-3.9, 0.1, 8.2), 1.55), (rock(6), paint_rocks, (-2.6, 0, 5.3), 0.72),
              (rock(7, 8), paint_rocks, (-0.2, 0, 4.85), 0.62), (rock(9), paint_rocks, (0.35, 0, 8.6), 0.65),
              (rock(10), paint_rocks, (1.98, 0, 5.1), 0.6),
              (sdf_sinker, paint_sinker, tuple(SINKER[0]), 0.55), (sdf_amphora, paint_amphora, (0.87, 0.27, 4.75), 0.75),
              (sdf_sponges, paint_sponges, (2.1, 1.2, 6.08), 0.62), (sdf_sponges, paint_sponges, (-0.6, 1.9, 5.55), 0.5),
              (sdf_barrels, paint_barrels, (2.62, 0.5, 5.35), 0.4), (sdf_barrels, paint_barrels, (-2.55, 0.35, 5.2), 0.3)]
    for sdf, paint, centre, radius in solids:
        x, y, scale = project(centre)
        reach = radius * scale * 1.12 + 2
        c0, c1 = (int(np.clip((x + s * reach) * SS, 0, w)) for s in (-1, 1))
        r0, r1 = (int(np.clip((y + s * reach) * SS, 0, h)) for s in (-1, 1))
        d = ray[r0:r1, c0:c1].reshape(-1, 3)
        length = np.linalg.norm(d, axis=1)
        d = d / length[:, None]
        limit = depth[r0:r1, c0:c1].ravel() * length
        to = np.asarray(centre, f32) - eye
        mid = d @ to
        half = radius ** 2 - (to @ to - mid ** 2)
        alive = np.flatnonzero(half > 0)
        t = np.maximum(mid - np.sqrt(np.maximum(half, 0)), 0.1)
        out = mid + np.sqrt(np.maximum(half, 0))
        hit = []
        for _ in range(80):
            gap = sdf(eye + d[alive] * t[alive, None])
            done = gap < 0.004
            hit.append(alive[done])
            t[alive] += np.where(done, 0, 0.75 * gap)
            alive = alive[~done]
            alive = alive[t[alive] < np.minimum(out[alive], limit[alive] + 0.02)]
            if not len(alive):
                break
        hit = np.concatenate(hit)
        hit = hit[t[hit] < limit[hit]]
        if not len(hit):
            continue
        p = eye + d[hit] * t[hit, None]
        e = 0.006
        n = np.zeros_like(p)
        for s in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
            s = np.array(s, f32)
            n += s * sdf(p + e * s)[:, None]
        n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-9
        # the smallest relief is only felt in the light
        for axis, seed in ((0, 31), (1, 32), (2, 33)):
            n[:, axis] += 0.22 * blend3(noise_tile(seed, 0.7, 14), p, np.abs(n), 1.1)
        n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-9
        closed = np.ones(len(p), f32)
        for step in (0.05, 0.14, 0.3):     # folds and holes
            closed -= 0.33 * np.clip(1 - sdf(p + n * step) / step, 0, 1)
        floor = smooth(-0.1, 0.45, p[:, 1]) * 0.45 + 0.55
        closed = np.clip(closed, 0.1, 1) * floor
        colour = paint(p, n)
        light = np.stack([closed * (0.50 + 0.42 * n[:, 1] + 0.14 * n[:, 0]), np.clip(n @ SUN, 0, 1) * sunlit(p, n) * np.sqrt(closed),
                          np.clip(-(n * d[hit]).sum(1), 0, 1) * closed], 1)
        yy, xx = np.divmod(hit, c1 - c0)
        depth[r0 + yy, c0 + xx] = p[:, 2]
        albedo[r0 + yy, c0 + xx] = colour
        shade[r0 + yy, c0 + xx] = light

    for distance, layer in flat_layers():
        alpha = layer[..., 3:] * (distance < depth + 0.25)[..., None]
        colour = (layer[..., :3] / np.maximum(layer[..., 3:], 1e-3)) ** 2.2
        albedo = mix(albedo, colour, alpha)
        shade = mix(shade, np.array([0.8, 0.5, 0.7], f32), alpha)
        depth = 1 / mix(1 / depth, 1 / f32(distance), alpha[..., 0])

    def small(a):
        return a.reshape(H, SS, W, SS, -1).mean((1, 3)).astype(f32)

    near = depth * np.sqrt((ray * ray).sum(2))
    # Averaging transmittance instead of distance keeps outlines against open water clean.
    seen = small(np.exp(-0.15 * np.minimum(near, FAR)))[..., 0]
    point = (eye + ray * depth[..., None])[::SS, ::SS]
    return dict(ambient=small(albedo * shade[..., :1]), sun=small(albedo * shade[..., 1:2]),
                lamp=small(albedo * np.clip(shade[..., 2:], 0, 1)),
                near=np.clip(-np.log(np.maximum(seen, 1e-6)) / 0.15, 0.5, FAR).astype(f32),
                x=point[..., 0] + 0.35 * point[..., 1], z=point[..., 2] - 0.4 * point[..., 1])


# ---------------------------------------------------------------- light and water

def sun_height(when: datetime) -> float:
    """Sine of the sun's elevation at the camera, when is UTC."""
    day = when.timetuple().tm_yday
    declination = math.radians(-23.44) * math.cos(2 * math.pi * (day + 10) / 365)
    hour = when.hour + when.minute / 60 + when.second / 3600 + LONGITUDE / 15
    angle = math.radians(15 * (hour - 12))
    lat = math.radians(LATITUDE)
    return math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(angle)


def weather_of(when: datetime) -> float:
    """A slowly changing weather from the date alone: 0 clear water and sun .. 1 grey and murky."""
    hours = when.toordinal() * 24 + when.hour + when.minute / 60
    a, f = divmod(hours / 30, 1)
    lo, hi = (np.random.default_rng([int(a) + i, 505]).beta(1.3, 1.6) for i in (0, 1))
    return float(mix(lo, hi, smooth(0, 1, f)))


def atmosphere(when: datetime, weather: float, rng) -> dict:
    """Everything that hour and weather decide; light relative to a clear noon."""
    height = sun_height(when)
    day = float(smooth(-0.10, 0.55, height)) ** 1.25
    cloud = 1 - 0.45 * weather
    level = (0.028 + 0.972 * day) * cloud * rng.uniform(0.95, 1.05)
    lamp = float(1 - smooth(0.03, 0.22, height))
    murk = weather * rng.uniform(0.9, 1.1)
    absorb = mix(np.array([0.122, 0.053, 0.046], f32), np.array([0.235, 0.125, 0.138], f32), f32(murk))
    water = mix(np.array([0.030, 0.225, 0.380], f32), np.array([0.070, 0.285, 0.335], f32), f32(murk))
    low = float(1 - smooth(0.1, 0.6, height))
    # low sun: blue goes deeper, the surface less bright
    water = water * np.array([1 - 0.25 * low, 1 - 0.18 * low, 1.0], f32)
    noon = (when.hour + when.minute / 60 + LONGITUDE / 15 - 12) / 8
    # The camera opens its iris in the dark, but not all the way.
    gain = 1.50 * level ** -0.50
    return dict(level=level, lamp=lamp, absorb=absorb, water=water, murk=murk, gain=gain,
                sun=level * (1 - 0.85 * weather) * day ** 0.5, sun_x=W * (0.58 + 0.55 * noon))


def water_light(air: dict, rng) -> tuple[np.ndarray, np.ndarray]:
    """Colour of endless water (H, W, 3) and the light rays in it (H, W), relative to noon."""
    y = np.linspace(0, 1, H, dtype=f32)[:, None]
    x = np.arange(W, dtype=f32)[None, :]
    above = 0.62 + 1.25 * np.exp(-2.9 * y)
    glow = np.exp(-((x - air["sun_x"]) / 300) ** 2 - (y / 0.42) ** 2)
    base = air["water"] * above[..., None]
    base = base * np.ones((1, W, 1), f32) * (1 - 0.12 * ((x / W - 0.5) ** 2 * 4))[..., None]
    base = base + glow[..., None] * np.array([0.09, 0.30, 0.30], f32) * (0.75 - 0.35 * air["murk"])
    # Rays fan out from a point far above the frame, so that they stay nearly parallel.
    yy = np.arange(H, dtype=f32)[:, None]
    fan = (x - air["sun_x"]) / (yy + 330)
    line = rng.integers(0, 512)
    tile = noise_tile(13, 1.0, 2)
    beams = sample(tile, fan * 0.42 + rng.uniform(), np.full((H, W), line / 512, f32) + yy / 9000)
    beams = smooth(0.1, 2.2, beams) * np.exp(-yy / 190) * np.exp(-((x - air["sun_x"]) / 380) ** 2)
    return base.astype(f32) * f32(air["level"]), (beams * air["sun"]).astype(f32)


def caustics(x, z, rng) -> np.ndarray:
    """The dancing net of light on what looks up, about 0..3, mean near 1."""
    a, b = noise_tile(14, 2.1, 3), noise_tile(15, 2.1, 3)
    o = rng.uniform(0, 1, 4)
    first = sample(a, x / 4.2 + o[0], z / 4.2 + o[1])
    second = sample(b, x / 3.6 + o[2] + 0.02 * first, z / 3.6 + o[3])
    net = np.exp(-5.0 * np.abs(first)) + np.exp(-5.0 * np.abs(second))
    return (0.45 + 1.7 * net * net).astype(f32)


# ---------------------------------------------------------------- what moves

@lru_cache(maxsize=1)
def blades() -> tuple:
    """Seagrass: (layer, foot column, foot row, length px, lean, width px, colour seed), feet never move."""
    rng = np.random.default_rng(606)
    out = []
    clumps = [  # layer, x, y, spread x, spread y, blades, length
        (0, 398, 208, 26, 3, 46, 24), (0, 452, 214, 18, 3, 30, 22), (0, 60, 232, 42, 5, 80, 34), (0, 20, 244, 24, 6, 54, 42),
        (1, 36, 372, 60, 9, 90, 104), (1, 112, 374, 40, 6, 42, 66), (1, 604, 374, 44, 9, 74, 98), (1, 545, 376, 30, 6, 30, 56)]
    for layer, x, y, sx, sy, count, length in clumps:
        for _ in range(count):
            out.append((layer, x + rng.normal(0, sx * 0.55), y + rng.normal(0, sy * 0.6), length * rng.uniform(0.45, 1.15),
                        rng.normal(0, 0.22), length / 26 * rng.uniform(0.75, 1.2), rng.uniform()))
    return tuple(sorted(out, key=lambda b: (b[0], b[2])))


def seagrass(layer: int, rng) -> np.ndarray:
    """Swaying blades of one layer, premultiplied RGBA (H, W, 4), albedo in linear light."""
    image = Image.new("RGBA", (W * 2, H * 2), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    swell, phase = rng.uniform(-0.45, 0.45), rng.uniform(0, 6.28)
    for which, x, y, length, lean, width, tone in blades():
        if which != layer:
            continue
        bend = lean + swell + 0.16 * math.sin(phase + x * 0.045 + 5 * tone)
        left, right = [], []
        for i in range(8):
            s = i / 7
            cx = x + length * (bend * s * s + 0.10 * math.sin(2.6 * s + 6 * tone + phase * 0.5) * s)
            cy = y - length * s * (1 - 0.28 * bend * bend * s)
            half = 0.5 * width * (1 - 0.75 * s ** 3)
            left.append((2 * (cx - half), 2 * cy))
            right.append((2 * (cx + half), 2 * cy))
        dark = mix(0.72, 1.1, tone)
        colour = (int(mix(88, 146, tone) * dark), int(mix(122, 150, tone) * dark), int(mix(52, 60, tone) * dark), 255)
        draw.polygon(left + right[::-1], fill=colour)
        draw.line(left, fill=tuple(int(c * 0.72) for c in colour[:3]) + (255,), width=1)
    a = np.asarray(image, f32) / 255
    a[..., :3] = a[..., :3] ** 2.2 * a[..., 3:]
    return a.reshape(H, 2, W, 2, 4).mean((1, 3))


FISH = {  # depth/length, back, flank, belly, stripes, mottling, shine
    "damsel": (0.40, "#3a3028", "#56463a", "#6a5a4a", 0.0, 0.2, 0.1),
    "bream": (0.42, "#77817e", "#b9bfb6", "#e4e6de", 0.45, 0.1, 0.7),
    "salema": (0.30, "#6f7c78", "#aeb9b4", "#dfe3dc", 0.3, 0.1, 0.8),
    "grouper": (0.385, "#4b3c28", "#75603f", "#a8906a", 0.25, 1.0, 0.15),
}


def outline() -> np.ndarray:
    """A fish's outline: (3, 200) rows of root of u, height above and below the axis, per length."""
    knots = np.sqrt([0, 0.01, 0.04, 0.12, 0.22, 0.34, 0.46, 0.58, 0.70, 0.78, 0.86])
    above = [0, 0.024, 0.052, 0.102, 0.150, 0.180, 0.174, 0.143, 0.094, 0.066, 0.062]
    below = [0, 0.034, 0.062, 0.100, 0.137, 0.163, 0.158, 0.124, 0.078, 0.058, 0.056]
    s = np.linspace(0, knots[-1], 200)
    kernel = np.ones(13) / 13          # rounds the corners between the knots
    rows = [np.convolve(np.pad(np.interp(s, knots, a), 6, mode="reflect", reflect_type="odd"), kernel, "valid") for a in (above, below)]
    return np.stack([s, *rows])


OUTLINE = outline()


def fish_sprite(kind: str, length: float, swim: float, facing: int, seed: int) -> np.ndarray:
    """One fish seen from its side, premultiplied linear RGBA (h, w, 4), `length` in pixels.

    `swim` is the bend of the tail, -1..1; `facing` +1 swims to the right.
    """
    tall, back, flank, belly, stripes, mottle, shine = FISH[kind]
    s = 3 if length < 80 else 2 if length < 200 else 1
    w = int(length * 1.12) + 4
    h = int(length * (tall + 0.34)) + 4
    yy, xx = np.mgrid[0:h * s, 0:w * s].astype(f32)
    u = (xx / s - 2) / length                     # 0 at the nose, about 1 at the tail fin's end
    v = (yy / s - h / 2) / length
    v = v - 0.05 * swim * np.clip(u - 0.3, 0, 1) ** 2 * 4
    px = 1 / (length * s)
    # Outline, over the root of u so that the nose is round.
    root = np.sqrt(np.clip(u, 0, 0.86))
    top, bottom = (np.interp(root, OUTLINE[0], OUTLINE[side]).astype(f32) * tall / 0.36 for side in (1, 2))
    inside = np.minimum(v + top, bottom - v)
    body = np.clip(inside / px + 0.5, 0, 1) * (u > 0) * np.clip((0.835 - 9 * v * v - u) / px, 0, 1)
    ratio = np.clip(v / np.maximum(np.where(v < 0, top, bottom), 1e-4), -1, 1)

    # Fins: tail, back, belly, and the one on the side.
    tail_t = np.clip((u - 0.79) / 0.21, 0, 1)
    spread = (0.048 + 0.105 * tail_t ** 0.75) * (tall / 0.36)
    notch = 1.0 - (0.10 if kind != "grouper" else -0.025) * (1 - (v / 0.16) ** 2)
    tail = np.clip((spread - np.abs(v)) / px, 0, 1) * np.clip((notch - u) / px, 0, 1) * (u > 0.79)
    rays = 0.88 + 0.12 * np.where(u > 0.79, np.cos(105 * np.arctan2(v, u - 0.62)), np.cos(230 * (u + 0.5 * v)))
    spine = np.clip((u - 0.26) / 0.46, 0, 1)
    crest = 0.060 * np.sin(np.pi * spine ** 0.8) * (1 + 0.10 * np.cos(spine * 70)) * (u > 0.26) * (u < 0.72)
    dorsal = np.clip((crest - (-v - top * 0.96)) / px, 0, 1) * (v < 0) * (crest > 0.002)
    a_t = np.clip((u - 0.50) / 0.20, 0, 1)
    anal = np.clip((0.05 * np.sin(np.pi * a_t ** 0.6) - (v - bottom * 0.95)) / px, 0, 1) * (v > 0) * (a_t > 0) * (a_t < 1)
    p_t = np.clip((u - 0.30) / 0.15, 0, 1)
    pelvic = np.clip((0.075 * p_t * (1 - p_t) * 3.6 - np.abs(v - bottom * 0.92 - 0.06 * p_t)) / px, 0, 1) * (u > 0.30) * (u < 0.45) * (v > 0)
    fins = 0.96 * np.maximum.reduce([tail, dorsal, anal, pelvic])

    # Colour: dark back, pale belly, pattern, rows of scales.
    colour = mix(rgb(back), rgb(flank), smooth(-0.95, -0.15, ratio)[..., None])
    colour = mix(colour, rgb(belly), smooth(0.15, 0.85, ratio)[..., None])
    if stripes:
        if kind == "salema":
            band = smooth(0.3, 0.9, np.cos(ratio * 15))
        else:
            band = smooth(0.1, 0.9, np.cos((u - 0.05) * 36 + 1.2 * ratio ** 2)) * smooth(0.75, 0.0, ratio)
        colour = colour * (1 - stripes * 0.8 * band * smooth(0.2, 0.3, u))[..., None]
    if mottle > 0.5:
        o = seed % 97 / 97
        spots = sample(noise_tile(16, 1.3, 8), u * 0.9 + o, v * 0.9 + o)
        fine = sample(noise_tile(17, 0.9, 24), u * 1.1, v * 1.1)
        colour = colour * np.exp(0.30 * np.clip(spots, -1.5, 2.2) + 0.14 * fine)[..., None]
        colour = mix(colour, rgb("#c2b087"), 0.55 * smooth(1.3, 1.9, spots)[..., None])
    if length > 60:
        # Scales only where a pixel can hold them, and not on the head.
        row = v * 62
        scales = np.cos(2 * np.pi * (u * 46 + 0.5 * np.floor(row))) * np.cos(np.pi * (row - np.floor(row) - 0.5) * 2) ** 1
        colour = colour * (1 + 0.13 * scales * smooth(0.26, 0.32, u) * smooth(0.80, 0.7, u))[..., None]
        gill = u - 0.265 - 0.035 * np.cos(ratio * 1.7)
        colour = colour * (1 - (0.45 * np.exp(-(gill / 0.005) ** 2) + 0.30 * smooth(0.035, 0.0, gill) * (gill > 0)) * smooth(0.9, 0.6, np.abs(ratio)))[..., None]
        cheek = u - 0.185 - 0.03 * np.cos(ratio * 2.2)
        colour = colour * (1 - 0.22 * np.exp(-(cheek / 0.006) ** 2) * smooth(0.8, 0.4, np.abs(ratio)))[..., None]
        lip = v - 0.022 - 0.30 * u
        colour = colour * (1 - (0.80 * np.exp(-(lip / 0.0035) ** 2) + 0.25 * np.exp(-((lip - 0.012) / 0.010) ** 2)) * smooth(0.112, 0.10, u))[..., None]
        lateral = np.exp(-((ratio + 0.30 - 0.25 * u) / 0.03) ** 2) * smooth(0.25, 0.3, u)
        colour = colour * (1 - 0.22 * lateral)[..., None]
    roundness = np.sqrt(np.clip(1 - ratio ** 2, 0, 1))
    colour = colour * (0.45 + 0.55 * roundness + 0.30 * np.clip(-ratio, 0, 1))[..., None]
    colour = colour + shine * 0.18 * np.exp(-((ratio + 0.35) / 0.22) ** 2)[..., None]
    fin_colour = mix(rgb(back), rgb(flank), 0.35) * rays[..., None]
    if mottle > 0.5:
        fin_colour = fin_colour * np.exp(0.22 * np.clip(spots, -1.5, 2.2))[..., None] * (1 - 0.35 * smooth(0.94, 1.0, u))[..., None]
    # the flank runs out into the tail
    colour = mix(colour, fin_colour, smooth(0.76, 0.835, u)[..., None])
    colour = mix(fin_colour, colour, (body > 0.5)[..., None])
    if length > 60:
        angle = np.arctan2(v - 0.050, u - 0.300) - 0.42
        reach = np.hypot(v - 0.050, u - 0.300) / (0.145 * np.clip(np.cos(angle * 1.9), 0.05, 1) ** 0.6)
        pectoral = np.clip((1 - reach) * 16, 0, 1) * (np.abs(angle) < 0.8)
        under = np.clip((1.12 - reach) * 5, 0, 1) * (np.abs(angle - 0.12) < 0.8)
        colour = colour * (1 - 0.35 * under)[..., None]
        colour = mix(colour, mix(rgb(back), rgb(flank), 0.75) * (0.95 + 0.2 * np.cos(angle * 48) + 0.25 * reach)[..., None], 0.92 * pectoral[..., None])
    eye_r = 0.021 if length > 60 else 0.032
    eye = np.hypot(u - 0.125, v + 0.045 * tall / 0.4) / eye_r
    colour = mix(colour, rgb("#c9b26a") if kind != "damsel" else rgb("#8a7a5a"), np.clip((1 - eye) * eye_r / px, 0, 1)[..., None])
    colour = mix(colour, rgb("#0a0a0c"), np.clip((0.62 - eye) * eye_r / px, 0, 1)[..., None])
    glint = np.hypot(u - 0.119, v + 0.053 * tall / 0.4) / (eye_r * 0.22)
    if length > 60:
        colour = mix(colour, rgb("#eef4f4"), np.clip((1 - glint) * 3, 0, 1)[..., None])

    alpha = np.maximum(body, fins)[..., None]
    sprite = np.concatenate([colour * alpha, alpha], 2).astype(f32)
    sprite = sprite.reshape(h, s, w, s, 4).mean((1, 3))
    return sprite[:, ::-1] if facing > 0 else sprite


def shoal(fish: str, rng) -> list:
    """What swims by: [(kind, x px, y px, distance m, length px, swim, facing, seed)], far ones first."""
    if fish == "none":
        return []
    out = []
    if rng.uniform() < 0.62:      # a loose group of damselfish around the dome or the tower
        cx, cy, way = rng.choice([150, 300, 420]) + rng.normal(0, 40), rng.uniform(40, 110), rng.choice([-1, 1])
        for _ in range(rng.integers(4, 15)):
            distance = rng.uniform(5.5, 10)
            out.append(("damsel", cx + rng.normal(0, 62), cy + rng.normal(0, 28), distance, 95 / distance * rng.uniform(0.8, 1.2),
                        rng.uniform(-1, 1), way if rng.uniform() < 0.75 else -way, int(rng.integers(1e6))))
    if rng.uniform() < 0.35:      # salema passing in a band
        cx, cy, way = rng.uniform(80, 560), rng.uniform(80, 170), rng.choice([-1, 1])
        for i in range(rng.integers(3, 8)):
            distance = rng.uniform(4.5, 6.5)
            out.append(("salema", cx + rng.normal(0, 80), cy + rng.normal(0, 22), distance, 170 / distance * rng.uniform(0.85, 1.15),
                        rng.uniform(-1, 1), way, int(rng.integers(1e6))))
    for _ in range(rng.poisson(0.7)):
        distance = rng.uniform(3.2, 5.5)
        out.append(("bream", rng.uniform(30, 610), rng.uniform(70, 260), distance, 235 / distance * rng.uniform(0.85, 1.15),
                    rng.uniform(-1, 1), rng.choice([-1, 1]), int(rng.integers(1e6))))
    if fish == "big":
        out.append(("grouper", W * rng.uniform(0.46, 0.54), H * rng.uniform(0.47, 0.55), 1.1, W * rng.uniform(0.88, 0.98),
                    rng.uniform(-0.6, 0.6), rng.choice([-1, 1]), int(rng.integers(1e6))))
    return sorted(out, key=lambda f: -f[3])


# ---------------------------------------------------------------- the lens

@lru_cache(maxsize=1)
def lens() -> dict:
    """What will grow on the glass and where; it is one lens, so it never depends on the seed."""
    y, x = np.mgrid[0:H, 0:W].astype(f32)
    u, v = x / W, y / H
    edge = np.minimum(np.minimum(u, 1 - u) * 1.78, np.minimum(v, 1 - v))   # in picture heights
    corner = 0.5 - 0.5 * np.hypot((u - 0.5) * 1.5, (v - 0.5) * 1.15)
    cloud = sample(noise_tile(18, 1.5, 2), u * 0.8, v * 0.45)
    fuzz = sample(noise_tile(19, 0.95, 6), u * 0.9, v * 0.5)
    hair = np.abs(sample(noise_tile(22, 1.3, 8), u * 0.8 + 0.02 * fuzz, v * 0.45))
    front = 0.6 * edge + 0.5 * corner + 0.055 * cloud + 0.030 * fuzz + 0.05 * (1 - v)   # grows from below first
    rng = np.random.default_rng(707)
    spots = [(rng.uniform(0.04, 0.96) * W, rng.uniform(0.05, 0.95) * H, rng.uniform(0.38, 0.92), rng.uniform(7, 26),
              rng.uniform(0, 6.28)) for _ in range(46)]
    return dict(edge=edge, cloud=cloud.astype(f32), fuzz=fuzz.astype(f32), hair=hair.astype(f32), front=front.astype(f32),
                spots=spots, x=x, y=y)


def foul(picture: np.ndarray, amount: float, brightness: float) -> np.ndarray:
    """Grow `amount` (0..1) of fouling over a linear picture (H, W, 3).

    `brightness` is the level of the water, in the picture's units: a film scatters what
    light there is, so that at night it stays dark.
    """
    glass = lens()
    film = float(smooth(0.0, 1.0, amount ** 0.9))
    # 1. The film softens, more where it is thick, and takes a share of the light.
    thick = np.clip(1 + 0.22 * glass["cloud"], 0.55, 1.6)
    sigma = 0.25 + 2.1 * amount ** 1.35
    soft = blur(picture, sigma)
    halo = blur(picture[::4, ::4], 6.0)
    halo = np.dstack([np.asarray(Image.fromarray(halo[..., c]).resize((W, H), Image.BILINEAR)) for c in range(3)])
    share = np.clip(amount * 1.7 * thick, 0, 1)[..., None]
    picture = mix(picture, soft, share)
    picture = mix(picture, halo, np.clip(0.34 * film * thick, 0, 0.6)[..., None])
    tint = np.array([0.25, 1.0, 0.72], f32) * f32(brightness)
    veil = np.clip((0.22 * amount + 0.30 * film) * thick, 0, 0.75)[..., None]
    passed = np.array([1 - 0.42 * film, 1 - 0.04 * film, 1 - 0.26 * film], f32)
    picture = mix(picture * passed, tint, veil)

    # 2. Algae creep in from the rim: close to the lens, so never sharp.
    reach = -0.06 + 0.30 * float(smooth(0.28, 1.05, amount))
    grown = smooth(reach + 0.035, reach - 0.075, glass["front"]) if amount > 0.3 else None
    if grown is not None:
        strands = smooth(0.30, 0.0, glass["hair"]) * smooth(reach + 0.10, reach - 0.02, glass["front"])
        cover = blur(np.clip(grown + 0.55 * strands, 0, 1).astype(f32), 2.2)
        # 3. Small colonies, each with its own birthday.
        for cx, cy, born, size, turn in glass["spots"]:
            age = (amount - born) / 0.45
            if age <= 0:
                continue
            r = size * min(1.0, age) ** 0.6
            x0, x1, y0, y1 = (int(a) for a in (max(0, cx - 3 * r), min(W, cx + 3 * r), max(0, cy - 3 * r), min(H, cy + 3 * r)))
            dx, dy = glass["x"][y0:y1, x0:x1] - cx, glass["y"][y0:y1, x0:x1] - cy
            angle = np.arctan2(dy, dx)
            lobed = r * (1 + 0.13 * np.cos(2 * angle + turn) + 0.05 * np.cos((3 + int(size) % 5) * angle - 2 * turn) + 0.10 * glass["fuzz"][y0:y1, x0:x1])
            away = np.hypot(dx, dy) / lobed
            spot = 0.72 * smooth(1.15, 0.45, away) + 0.20 * smooth(2.2, 0.6, away)
            cover[y0:y1, x0:x1] = 1 - (1 - cover[y0:y1, x0:x1]) * (1 - spot)
        cover = np.clip(cover, 0, 1)[..., None]
        tone = (0.50 + 0.30 * glass["fuzz"] + 0.16 * glass["cloud"])[..., None]
        green = mix(np.array([0.085, 0.15, 0.030], f32), np.array([0.25, 0.38, 0.10], f32), np.clip(tone, 0, 1))
        # thick in the middle, lit through at its margin
        body = green * f32(brightness) * (1.55 - 1.0 * cover)
        picture = mix(picture, body, 0.93 * cover)
    return picture.astype(f32)


# ---------------------------------------------------------------- a snapshot

def over(picture, layer, distance, air, water, light, near=None):
    """Put a premultiplied albedo layer (H, W, 4) at `distance` metres into the picture."""
    through = np.exp(-air["absorb"] * f32(distance))
    alpha = layer[..., 3:]
    if near is not None:
        alpha = alpha * (near > distance - 0.2)[..., None]
        layer = layer * (near > distance - 0.2)[..., None]
    seen = layer[..., :3] * light * through + water * (1 - through) * alpha
    return picture * (1 - alpha) + seen


def render(when: datetime, seed: int, fouling: float = 0.0, fish: str = "small", weather: float | None = None) -> np.ndarray:
    """One snapshot of the demo camera, (360, 640, 3) uint8 sRGB.

    when     UTC; decides the light, and the weather unless that is given
    seed     decides everything that changes from one snapshot to the next
    fouling  0 clean lens .. 1 awful
    fish     'small' (some, or none by chance), 'none', or 'big' (one fills the frame)
    weather  0 clear and sunny .. 1 overcast and murky
    """
    if fish not in ("small", "none", "big"):
        raise ValueError(f"fish is 'small', 'none' or 'big', not {fish!r}")
    still = still_scene()
    # Separate streams: more fish must not move the caustics.
    streams = [np.random.default_rng([int(seed), i]) for i in range(8)]
    weather = weather_of(when) if weather is None else float(weather)
    weather = float(np.clip(weather + streams[0].normal(0, 0.03), 0, 1))
    air = atmosphere(when, weather, streams[0])
    water, beams = water_light(air, streams[1])

    down = np.array([0.74, 1.0, 0.98], f32) * f32(0.78 * air["level"])   # light arriving at the sea floor
    shine = np.array([1.0, 1.0, 0.84], f32) * f32(1.25 * air["sun"])
    red = np.array([0.105, 0.026, 0.018], f32) * f32(air["lamp"])
    near = still["near"]
    net = caustics(still["x"], still["z"], streams[2])
    net = mix(1.0, net, np.exp(-near / 12))
    spread = 1 / (1 + (near / 4.5) ** 2)
    lit = still["ambient"] * down + still["sun"] * shine * net[..., None] + still["lamp"] * red * spread[..., None]
    through = np.exp(-air["absorb"] * near[..., None])
    picture = lit * through + water * (1 - through)

    picture = over(picture, seagrass(0, streams[3]), 7.2, air, water, down * 0.85 + shine * 0.3)
    school = shoal(fish, streams[4])
    for kind, x, y, distance, length, swim, facing, number in school:
        sprite = fish_sprite(kind, length, swim, facing, number)
        h, w = sprite.shape[:2]
        x0, y0 = int(round(x - w / 2)), int(round(y - h / 2))
        a, b, c, d = max(0, y0), min(H, y0 + h), max(0, x0), min(W, x0 + w)
        if a >= b or c >= d:
            continue
        part = (slice(a, b), slice(c, d))
        glow = red * f32(0.45 / (0.35 + (distance / 4.5) ** 2))
        light = down * 0.72 + shine * 0.32 + glow
        if kind == "grouper":
            near = near.copy()
            near[part] = np.where(sprite[a - y0:b - y0, c - x0:d - x0, 3] > 0.5, distance, near[part])
        picture[part] = over(picture[part], sprite[a - y0:b - y0, c - x0:d - x0], distance, air, water[part], light, near[part])
    if fish != "big":
        picture = over(picture, seagrass(1, streams[3]), 3.4, air, water, down * 0.8 + shine * 0.25 + red * 0.4)

    # Rays, the lamp's own glow in the murk, and marine snow.
    picture = picture + beams[..., None] * np.array([0.10, 0.24, 0.25], f32) * (1 - 0.6 * np.exp(-near / 7))[..., None]
    if air["lamp"] > 0.01:
        yy, xx = np.mgrid[0:H, 0:W].astype(f32)
        glow = np.exp(-(((xx - 0.62 * W) / 330) ** 2 + ((yy - 0.95 * H) / 230) ** 2))
        picture = picture + glow[..., None] * red * (0.045 + 0.05 * air["murk"])
    snow = np.zeros((H, W), f32)
    rng = streams[5]
    for _ in range(int(rng.integers(26, 48) + 90 * air["murk"])):
        x, y, r, bright = rng.uniform(0, W), rng.uniform(0, H), rng.gamma(2.0, 0.36) + 0.4, rng.uniform(0.15, 1) ** 2
        k = int(3 * r) + 2
        x0, x1, y0, y1 = max(0, int(x) - k), min(W, int(x) + k + 1), max(0, int(y) - k), min(H, int(y) + k + 1)
        gy, gx = np.mgrid[y0:y1, x0:x1].astype(f32)
        snow[y0:y1, x0:x1] += bright / (0.6 + r) * np.exp(-((gx - x) ** 2 + (gy - y) ** 2) / (r * r))
    picture = picture + snow[..., None] * (down * 0.16 + red * 0.35)

    if fouling > 0:
        # The film is lit by the water around the camera, a little by its lamp.
        picture = foul(picture, float(min(fouling, 1.0)), 0.50 * air["level"] * (1 - 0.15 * air["murk"]) + 0.010 * air["lamp"])

    # Sensor: exposure, a soft shoulder, sRGB-like curve, vignette, noise, one pixel of shake.
    x = np.linspace(-1, 1, W, dtype=f32)[None, :]
    y = np.linspace(-1, 1, H, dtype=f32)[:, None]
    picture = np.maximum(picture * f32(air["gain"]) * (1 - 0.16 * (x * x + y * y) * 0.8)[..., None], 0)
    picture = picture * (1 + picture / 4.0) / (1 + picture)
    picture = np.clip(picture * 1.25 - 0.006, 0, 1) ** f32(1 / 2.15)
    picture = mix(picture, picture * picture * (3 - 2 * picture), f32(0.38))
    rng = streams[6]
    strength = 0.0058 + 0.005 * air["lamp"]
    grey = rng.standard_normal((H, W), dtype=f32)[..., None]
    colour = rng.standard_normal((H // 2, W // 2, 3), dtype=f32).repeat(2, 0).repeat(2, 1)
    picture = picture + strength * (grey + 0.5 * colour)
    dx, dy = (int(v) for v in streams[7].choice([-1, 0, 0, 0, 1], 2))
    if dx or dy:
        picture = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")[1 + dy:1 + dy + H, 1 + dx:1 + dx + W]
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)


# ---------------------------------------------------------------- public/demo

OUT = Path(__file__).resolve().parent.parent / "public" / "demo"
QUALITY = 74
CAMERA = "Demo reef"
CLEANED = datetime(2026, 5, 22, 6, 5)      # UTC
CLEAN_DAYS, FOUL_DAYS = 6, 7               # of the stream; then clean again to its end
# Two rounds of hours take turns, so that eight reference days see every hour four times or so.
ROUNDS = [["0630", "0900", "1130", "1400", "1630"], ["0745", "1015", "1245", "1515", "1745"]]
# day of May: (how many snapshots, weather 0..1, the hour of a twilight snapshot or None)
REFERENCE = {1: (5, 0.15, None), 2: (4, 0.55, "1900"), 3: (5, 0.30, None), 4: (4, 0.80, "0435"), 5: (5, 0.10, None),
             6: (4, 0.45, "1900"), 7: (5, 0.65, "0435"), 8: (4, 0.25, None)}
STREAM = {9: (4, 0.35, None), 10: (4, 0.12, "1900"), 11: (5, 0.60, None), 12: (4, 0.28, "0435"), 13: (4, 0.75, None), 14: (4, 0.20, "1900"),
          15: (4, 0.40, None), 16: (4, 0.15, None), 17: (4, 0.65, "1900"), 18: (4, 0.30, None), 19: (4, 0.50, None),
          20: (4, 0.15, None), 21: (4, 0.35, None),
          22: (5, 0.20, None), 23: (4, 0.55, "1900"), 24: (4, 0.30, None), 25: (4, 0.78, None), 26: (5, 0.12, "0435"),
          27: (4, 0.45, None), 28: (5, 0.25, "1900")}
BIG_FISH = "20260513-1245"                 # prefix of a name
BROKEN = "20260525-1245"


def timetable(days: dict) -> list[tuple[datetime, float]]:
    """[(UTC time, weather)] in time order."""
    rows = []
    for day, (count, weather, twilight) in days.items():
        hours = list(ROUNDS[day % 2])
        if twilight:
            hours.remove(hours[0] if twilight < "0600" else hours[-1])
            hours.append(twilight)
        for i in range(5 - count):         # another hour is missed every time
            daylight = sorted(h for h in hours if h != twilight)
            hours.remove(daylight[(day * 3 + i) % len(daylight)])
        for hour in sorted(hours):
            drift = 0.12 * math.sin(day * 2.1 + int(hour) / 100 * 0.8)
            rows.append((datetime(2026, 5, day, int(hour[:2]), int(hour[2:]), 12), float(np.clip(weather + drift, 0, 1))))
    return rows


def name_of(when: datetime) -> str:
    return when.strftime("%Y%m%d-%H%M%S-DEMO.jpg")


def jpeg(picture: np.ndarray) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=QUALITY, subsampling="4:2:0", optimize=True)
    return out.getvalue()


def broken(data: bytes) -> bytes:
    """The first 300 bytes of a JPEG, cut inside its tables: no scan, so nothing can show it."""
    cut = data[:300]
    assert b"\xff\xda" not in cut
    return cut


def main() -> None:
    reference, stream = timetable(REFERENCE), timetable(STREAM)
    start, end = datetime(2026, 5, 9 + CLEAN_DAYS), datetime(2026, 5, 9 + CLEAN_DAYS + FOUL_DAYS)
    fouled = [when for when, _ in stream if start <= when < end]
    for prefix in (BIG_FISH, BROKEN):
        assert any(name_of(when).startswith(prefix) for when, _ in stream), prefix
    for folder in ("reference", "snapshots"):
        (OUT / folder).mkdir(parents=True, exist_ok=True)
        for old in (OUT / folder).glob("*-DEMO.jpg"):
            old.unlink()
    total = 0
    for folder, rows in (("reference", reference), ("snapshots", stream)):
        for when, weather in rows:
            name = name_of(when)
            fouling = ((fouled.index(when) + 1) / len(fouled)) ** 1.1 if when in fouled else 0.0
            fish = "big" if name.startswith(BIG_FISH) else "small"
            data = jpeg(render(when, int(when.strftime("%d%H%M")), fouling, fish, weather))
            if name.startswith(BROKEN):
                data = broken(data)
            (OUT / folder / name).write_bytes(data)
            total += len(data)
            print(f"{folder}/{name}  {len(data):6d} bytes  fouling {fouling:.2f}  weather {weather:.2f}", flush=True)

    clean = [name_of(when) for when, _ in reference]
    dirty = [name_of(when) for when in fouled[-(len(fouled) + 2) // 3:]]

    def names(key: str, values: list) -> str:
        return key + " = [\n" + "".join(f'    "{value}",\n' for value in values) + "]\n"

    config = ("# Same shape as the tutorial's configuration: which snapshots show a clean lens, which a dirty one.\n"
              "[transform]\nresize = [216, 384]\nmean = [0.00, 0.00, 0.00]\nstd = [1.00, 1.00, 1.00]\n\n[camera_state]\n"
              + names("clean", clean) + "\n" + names("dirty", dirty))
    index = {"camera": CAMERA, "reference": clean, "snapshots": [name_of(when) for when, _ in stream],
             "events": [{"kind": "cleaned", "at": CLEANED.strftime("%Y-%m-%dT%H:%M:%SZ"), "note": "Lens wiped by a diver"}]}
    (OUT / "config.toml").write_text(config, encoding="utf-8")
    (OUT / "index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
    print(f"{len(reference)} reference, {len(stream)} snapshots, {len(dirty)} dirty, {total / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
