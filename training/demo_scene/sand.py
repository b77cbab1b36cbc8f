"""The sea floor: a plane of sand with ripples drawn into its normals."""

import math

import numpy as np
from numpy import float32 as f32

from .camera import EYE_HEIGHT
from .noise import noise_tile, sample_tile
from .shading import linear_rgb, mix, smoothstep
from .shadows import SUN, ambient_occlusion, sunlight

UP = np.array([0, 1, 0], f32)


def trace_sand(rays: np.ndarray) -> tuple:
    """What each of the rays (h, w, 3) meets of the floor.

    Returns the places of m rays that meet it, (h, w) bool, and of those depth along z (m,) in metres,
    albedo (m, 3), and light returned per unit of ambient, sun and lamp (m, 3).
    """
    meets = rays[..., 1] < -0.02
    eye = np.array([0, EYE_HEIGHT, 0], f32)
    z = EYE_HEIGHT / -rays[..., 1][meets]
    p = eye + rays[meets] * z[:, None]

    def noise(tile, scale):
        return sample_tile(tile, p[:, 0] / scale, p[:, 2] / scale)

    bend, patch = noise(noise_tile(7, 1.8, 1), 7), noise(noise_tile(8, 1.5, 2), 9)
    fine, coarse = noise(noise_tile(9, 0.5, 24), 1.3), noise(noise_tile(11, 0.9, 10), 2.4)
    wave = (p[:, 2] * 1.0 + p[:, 0] * 0.35) * 2 * math.pi / 0.27 + 3.4 * bend
    fade = np.exp(-z / 7) * smoothstep(-1.2, 0.6, patch)
    slope = 0.50 * fade * (np.cos(wave) + 0.35 * np.cos(2 * wave + 0.8))
    n = np.stack([0.10 * fine + 0.3 * slope + 0.1 * coarse, np.ones_like(z), slope + 0.10 * coarse], 1)
    n /= np.linalg.norm(n, axis=1, keepdims=True)

    grains = np.exp((0.13 * fine + 0.10 * coarse) * np.exp(-z / 14))[:, None]
    dark = smoothstep(0.2, 1.8, patch + 0.4 * coarse)[:, None]
    albedo = mix(linear_rgb("#c6b68e"), linear_rgb("#8d8458"), dark) * grains
    shells = smoothstep(2.5, 2.9, noise(noise_tile(12, 0.25, 30), 2.1) - 0.02 * z)[:, None]
    albedo = mix(albedo, linear_rgb("#ece4d0"), 0.7 * shells)
    litter = smoothstep(1.3, 2.2, coarse - 0.3 * patch - 0.05 * z)[:, None]
    albedo = mix(albedo, linear_rgb("#4b4424"), 0.65 * litter)

    free, lit = _shadows(rays, meets).T
    light = np.stack([free * (0.6 + 0.4 * n[:, 1]), np.clip(n @ SUN, 0, 1) * lit, -n[:, 2] * 0.5 + 0.45], 1)
    return meets, z, albedo, light


def _shadows(rays: np.ndarray, meets: np.ndarray) -> np.ndarray:
    """Ambient occlusion and sunlight of the floor, (m, 2); smooth, so computed for a quarter of the rays."""
    some = np.zeros_like(meets)
    some[::2, ::2] = meets[::2, ::2]
    p = np.array([0, EYE_HEIGHT, 0], f32) + rays[some] * (EYE_HEIGHT / -rays[..., 1][some])[:, None]
    up = np.broadcast_to(UP, p.shape)
    shadows = np.zeros((*meets.shape, 2), f32)
    shadows[some] = np.stack([ambient_occlusion(p, up, 0.55), sunlight(p, up)], 1)
    return np.repeat(np.repeat(shadows[::2, ::2], 2, 0), 2, 1)[meets]
