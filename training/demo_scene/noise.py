"""Noise that is the same in every run: seamless cloud tiles, and bumps in space."""

from functools import lru_cache

import numpy as np
from numpy import float32 as f32


@lru_cache(maxsize=None)
def noise_tile(seed: int, slope: float = 1.7, low: float = 1.0, size: int = 512) -> np.ndarray:
    """Seamless cloud noise with an amplitude spectrum of frequency ** -slope.

    `low` is the lowest frequency kept, in cycles per tile.
    Returns (size, size) float32, mean 0, standard deviation 1; do not change it, it is cached.
    """
    rng = np.random.default_rng([seed, 101])
    fy = np.fft.fftfreq(size)[:, None] * size
    fx = np.fft.rfftfreq(size)[None, :] * size
    frequency = np.hypot(fx, fy)
    gain = np.where(frequency < low, 0.0, np.maximum(frequency, 1e-6) ** -slope)
    spectrum = np.fft.rfft2(rng.standard_normal((size, size))) * gain
    tile = np.fft.irfft2(spectrum, (size, size))
    return ((tile - tile.mean()) / tile.std()).astype(f32)


def sample_tile(tile: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Bilinear look-up in a seamless tile. u (across) and v (down) are in tiles, of any equal shape."""
    n = tile.shape[0]
    x, y = u * n, v * n
    xi, yi = np.floor(x).astype(np.int32), np.floor(y).astype(np.int32)
    fx, fy = (x - xi).astype(f32), (y - yi).astype(f32)
    x0, y0, x1, y1 = xi % n, yi % n, (xi + 1) % n, (yi + 1) % n
    top = tile[y0, x0] * (1 - fx) + tile[y0, x1] * fx
    bottom = tile[y1, x0] * (1 - fx) + tile[y1, x1] * fx
    return top * (1 - fy) + bottom * fy


def triplanar_noise(tile: np.ndarray, p: np.ndarray, n: np.ndarray, scale: float) -> np.ndarray:
    """Noise on a solid, projected along the three axes and mixed by the normal.

    p points, n normals, both (n, 3); `scale` metres per tile. Returns (n,).
    """
    weight = np.abs(n) ** 3 + 1e-3
    weight = weight / weight.sum(1, keepdims=True)
    s = 1 / scale
    return (sample_tile(tile, p[:, 2] * s, p[:, 1] * s) * weight[:, 0]
            + sample_tile(tile, p[:, 0] * s, p[:, 2] * s) * weight[:, 1]
            + sample_tile(tile, p[:, 0] * s, p[:, 1] * s) * weight[:, 2])


def lumps(p: np.ndarray, frequency: float, octaves: int, seed: int) -> np.ndarray:
    """Cheap bumps in space: sums of sines in random directions. p (n, 3) metres -> (n,), about -1..1.

    `frequency` is in radians per metre; each octave has 2.1 times the frequency and half the height.
    """
    rng = np.random.default_rng([seed, 202])
    total, amplitude = np.zeros(len(p), f32), 0.5
    for _ in range(octaves):
        k = rng.normal(size=(3, 5))
        k = (k / np.linalg.norm(k, axis=0) * frequency * rng.uniform(0.7, 1.4, 5)).astype(f32)
        phase = rng.uniform(0, 6.283, 5).astype(f32)
        total += amplitude * 0.45 * np.sin(p @ k + phase).sum(axis=1)
        frequency, amplitude = frequency * 2.1, amplitude * 0.5
    return total
