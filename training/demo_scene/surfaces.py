"""Colours of the solids: points p and normals n, both (n, 3) -> albedo (n, 3) in linear light."""

import numpy as np
from numpy import float32 as f32

from .noise import noise_tile, triplanar_noise
from .shading import linear_rgb, mix, smoothstep
from .solids import DOME_CENTRE, DOME_RADII, sdf_ellipsoid


def overgrown(p, n, bare: str, turf: str, patches: list, seed: int, cover: float = 0.0) -> np.ndarray:
    """A surface that life has settled on: bare ground, turf on top, patches of other life.

    `bare` and `turf` are '#rrggbb'; `patches` is [('#rrggbb', noise above which it grows)]; a higher `cover`
    gives more turf.
    """
    big = triplanar_noise(noise_tile(seed, 1.5, 3), p, n, 2.6)
    mid = triplanar_noise(noise_tile(seed + 1, 1.2, 6), p, n, 1.4)
    fine = triplanar_noise(noise_tile(seed + 2, 0.55, 16), p, n, 0.9)
    colour = np.broadcast_to(linear_rgb(bare), p.shape).copy()
    grown = smoothstep(-0.3, 1.0, big + 0.5 * mid + 0.7 * n[:, 1] + cover)
    colour = mix(colour, linear_rgb(turf), grown[:, None])
    for i, (patch, threshold) in enumerate(patches):
        where = triplanar_noise(noise_tile(seed + 10 + i, 1.35, 5), p, n, 2.0) + 0.25 * fine
        share = 0.85 * smoothstep(threshold, threshold + 0.35, where)
        colour = mix(colour, linear_rgb(patch), share[:, None])
    return colour * np.exp(0.34 * fine + 0.20 * mid)[:, None]


def paint_dome(p, n) -> np.ndarray:
    """Concrete under turf; dark inside."""
    patches = [("#b0617a", 1.25), ("#c98a3c", 1.65), ("#5b4a36", 1.1)]
    colour = overgrown(p, n, "#9c9c8c", "#77794a", patches, 20)
    is_inside = sdf_ellipsoid(p, DOME_CENTRE, DOME_RADII) < -0.12
    return colour * np.where(is_inside, 0.30, 1.0)[:, None].astype(f32)


def paint_rocks(p, n) -> np.ndarray:
    """Grey stone with coralline and brown algae."""
    return overgrown(p, n, "#7a7468", "#6b6a38", [("#a4587a", 1.0), ("#4d5a2c", 0.8), ("#b98049", 1.7)], 40)


def paint_amphora(p, n) -> np.ndarray:
    """Terracotta, little overgrown."""
    return overgrown(p, n, "#c07a4c", "#8d7a4c", [("#cfc4a8", 1.2), ("#a25c70", 1.5)], 60, cover=-1.2)


def paint_sinker(p, n) -> np.ndarray:
    """Concrete."""
    return overgrown(p, n, "#8d8d82", "#66683e", [("#a4587a", 1.3)], 70)


def paint_tube_sponges(p, n) -> np.ndarray:
    """Yellow on the rocks, orange on the dome."""
    fine = triplanar_noise(noise_tile(81, 0.5, 20), p, n, 0.5)[:, None]
    colour = np.where((p[:, :1] > 0.5), linear_rgb("#e2b02e"), linear_rgb("#dd7d2e"))
    return (colour * np.exp(0.25 * fine)).astype(f32)


def paint_barrel_sponges(p, n) -> np.ndarray:
    """Wine red."""
    fine = triplanar_noise(noise_tile(82, 0.6, 14), p, n, 0.5)[:, None]
    return (linear_rgb("#a5556a") * np.exp(0.3 * fine)).astype(f32)
