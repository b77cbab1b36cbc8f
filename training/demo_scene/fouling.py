"""What grows on the lens: a film, algae from the rim, small colonies."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy import float32 as f32
from PIL import Image

from .camera import HEIGHT, WIDTH
from .noise import noise_tile, sample_tile
from .shading import mix, smoothstep


@dataclass(frozen=True)
class Lens:
    """What will grow on the glass, and where. Arrays are (HEIGHT, WIDTH) float32."""

    cloud: np.ndarray    # uneven thickness of the film
    fuzz: np.ndarray     # finer unevenness of algae
    hair: np.ndarray     # 0 along the middle of a strand
    front: np.ndarray    # when algae arrive: low values first
    colonies: tuple      # (column, row, amount of fouling at birth, radius in pixels, turn in radians)
    x: np.ndarray        # columns and rows, pixels
    y: np.ndarray


@lru_cache(maxsize=1)
def lens() -> Lens:
    """The demo camera's lens: always the same one, whatever the snapshot's seed."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(f32)
    u, v = x / WIDTH, y / HEIGHT
    edge = np.minimum(np.minimum(u, 1 - u) * 1.78, np.minimum(v, 1 - v))   # in picture heights
    corner = 0.5 - 0.5 * np.hypot((u - 0.5) * 1.5, (v - 0.5) * 1.15)
    cloud = sample_tile(noise_tile(18, 1.5, 2), u * 0.8, v * 0.45)
    fuzz = sample_tile(noise_tile(19, 0.95, 6), u * 0.9, v * 0.5)
    hair = np.abs(sample_tile(noise_tile(22, 1.3, 8), u * 0.8 + 0.02 * fuzz, v * 0.45))
    below_first = 0.05 * (1 - v)
    front = 0.6 * edge + 0.5 * corner + 0.055 * cloud + 0.030 * fuzz + below_first
    rng = np.random.default_rng(707)
    colonies = tuple(
        (rng.uniform(0.04, 0.96) * WIDTH, rng.uniform(0.05, 0.95) * HEIGHT, rng.uniform(0.38, 0.92),
         rng.uniform(7, 26), rng.uniform(0, 6.28))
        for _ in range(46))
    return Lens(cloud.astype(f32), fuzz.astype(f32), hair.astype(f32), front.astype(f32), colonies, x, y)


def foul(picture: np.ndarray, amount: float, brightness: float) -> np.ndarray:
    """The linear picture (HEIGHT, WIDTH, 3) through a lens with `amount` of fouling, 0 < amount <= 1.

    `brightness` is the light in the water, in the picture's units: a film only scatters what light there is,
    so it stays dark at night. Returns float32.
    """
    picture = _behind_film(picture, amount, brightness)
    if amount > 0.3:
        picture = _behind_algae(picture, amount, brightness)
    return picture.astype(f32)


def _behind_film(picture: np.ndarray, amount: float, brightness: float) -> np.ndarray:
    """A film softens, more where it is thick, and replaces a share of the light by a green veil."""
    film = float(smoothstep(0.0, 1.0, amount ** 0.9))
    thick = np.clip(1 + 0.22 * lens().cloud, 0.55, 1.6)
    soft = gaussian_blur(picture, 0.25 + 2.1 * amount ** 1.35)
    halo = gaussian_blur(picture[::4, ::4], 6.0)
    halo = np.dstack([np.asarray(Image.fromarray(halo[..., c]).resize((WIDTH, HEIGHT), Image.BILINEAR))
                      for c in range(3)])
    share = np.clip(amount * 1.7 * thick, 0, 1)[..., None]
    picture = mix(picture, soft, share)
    picture = mix(picture, halo, np.clip(0.34 * film * thick, 0, 0.6)[..., None])
    tint = np.array([0.25, 1.0, 0.72], f32) * f32(brightness)
    veil = np.clip((0.22 * amount + 0.30 * film) * thick, 0, 0.75)[..., None]
    passed = np.array([1 - 0.42 * film, 1 - 0.04 * film, 1 - 0.26 * film], f32)
    return mix(picture * passed, tint, veil)


def _behind_algae(picture: np.ndarray, amount: float, brightness: float) -> np.ndarray:
    """Algae creep in from the rim, and colonies grow; both are close to the lens, so never sharp."""
    glass = lens()
    reach = -0.06 + 0.30 * float(smoothstep(0.28, 1.05, amount))
    grown = smoothstep(reach + 0.035, reach - 0.075, glass.front)
    strands = smoothstep(0.30, 0.0, glass.hair) * smoothstep(reach + 0.10, reach - 0.02, glass.front)
    cover = gaussian_blur(np.clip(grown + 0.55 * strands, 0, 1).astype(f32), 2.2)
    for colony in glass.colonies:
        _grow_colony(cover, colony, amount)
    cover = np.clip(cover, 0, 1)[..., None]
    tone = (0.50 + 0.30 * glass.fuzz + 0.16 * glass.cloud)[..., None]
    green = mix(np.array([0.085, 0.15, 0.030], f32), np.array([0.25, 0.38, 0.10], f32), np.clip(tone, 0, 1))
    # Dark in the thick middle; light comes through at the margin.
    body = green * f32(brightness) * (1.55 - 1.0 * cover)
    return mix(picture, body, 0.93 * cover)


def _grow_colony(cover: np.ndarray, colony: tuple, amount: float) -> None:
    """Add one colony to `cover` (HEIGHT, WIDTH), in place."""
    glass = lens()
    cx, cy, born, size, turn = colony
    age = (amount - born) / 0.45
    if age <= 0:
        return
    r = size * min(1.0, age) ** 0.6
    x0, x1 = int(max(0, cx - 3 * r)), int(min(WIDTH, cx + 3 * r))
    y0, y1 = int(max(0, cy - 3 * r)), int(min(HEIGHT, cy + 3 * r))
    place = (slice(y0, y1), slice(x0, x1))
    dx, dy = glass.x[place] - cx, glass.y[place] - cy
    angle = np.arctan2(dy, dx)
    lobes = 0.13 * np.cos(2 * angle + turn)
    lobed = r * (1 + lobes + 0.05 * np.cos((3 + int(size) % 5) * angle - 2 * turn) + 0.10 * glass.fuzz[place])
    away = np.hypot(dx, dy) / lobed
    spot = 0.72 * smoothstep(1.15, 0.45, away) + 0.20 * smoothstep(2.2, 0.6, away)
    cover[place] = 1 - (1 - cover[place]) * (1 - spot)


def gaussian_blur(picture: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of (h, w) or (h, w, c) float32 by `sigma` pixels; Pillow's would round to bytes."""
    if picture.ndim == 3:
        return np.dstack([gaussian_blur(picture[..., c], sigma) for c in range(picture.shape[2])])
    radius = max(1, int(math.ceil(3 * sigma)))
    k = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    k = (k / k.sum()).astype(f32)
    padded = np.pad(picture, ((radius, radius), (0, 0)), mode="edge")
    out = sum(k[i] * padded[i:i + picture.shape[0]] for i in range(k.size))
    padded = np.pad(out, ((0, 0), (radius, radius)), mode="edge")
    return sum(k[i] * padded[:, i:i + picture.shape[1]] for i in range(k.size))
