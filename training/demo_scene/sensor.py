"""The camera's sensor: linear light in, a picture of bytes out."""

import numpy as np
from numpy import float32 as f32

from .camera import HEIGHT, WIDTH
from .shading import mix


def expose(light: np.ndarray, gain: float) -> np.ndarray:
    """Vignette, exposure with a soft shoulder, an sRGB-like curve. (HEIGHT, WIDTH, 3) -> the same, 0..1."""
    x = np.linspace(-1, 1, WIDTH, dtype=f32)[None, :]
    y = np.linspace(-1, 1, HEIGHT, dtype=f32)[:, None]
    picture = np.maximum(light * f32(gain) * (1 - 0.16 * (x * x + y * y) * 0.8)[..., None], 0)
    picture = picture * (1 + picture / 4.0) / (1 + picture)
    picture = np.clip(picture * 1.25 - 0.006, 0, 1) ** f32(1 / 2.15)
    return mix(picture, picture * picture * (3 - 2 * picture), f32(0.38))


def add_noise(picture: np.ndarray, strength: float, rng: np.random.Generator) -> np.ndarray:
    """Sensor noise: grey for each pixel, colour for each 2 x 2 pixels."""
    grey = rng.standard_normal((HEIGHT, WIDTH), dtype=f32)[..., None]
    colour = rng.standard_normal((HEIGHT // 2, WIDTH // 2, 3), dtype=f32).repeat(2, 0).repeat(2, 1)
    return picture + strength * (grey + 0.5 * colour)


def shake(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moved by at most one pixel each way, more often by none."""
    dx, dy = (int(v) for v in rng.choice([-1, 0, 0, 0, 1], 2))
    if not (dx or dy):
        return picture
    padded = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    return padded[1 + dy:1 + dy + HEIGHT, 1 + dx:1 + dx + WIDTH]


def to_bytes(picture: np.ndarray) -> np.ndarray:
    """0..1, cut there, to uint8."""
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
