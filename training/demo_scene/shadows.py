"""How much light the solids leave to a point of the scene: ambient occlusion, and the sun's soft shadow."""

import numpy as np
from numpy import float32 as f32

from .solids import sdf_hull

SUN = np.array([0.30, 0.88, -0.37], f32)   # towards the light, unit length
SUN /= np.linalg.norm(SUN)


def ambient_occlusion(p: np.ndarray, n: np.ndarray, reach: float) -> np.ndarray:
    """Share of the ambient light that arrives at p with normals n, both (n, 3): 0.08 closed in .. 1 free.

    Solids further away than `reach` metres take nothing. Returns (n,).
    """
    dark = np.zeros(len(p), f32)
    for i, weight in ((1, 1.0), (2, 0.6), (4, 0.3)):
        h = reach * i / 4
        dark += weight * np.clip(h - sdf_hull(p + n * h), 0, h) / h
    return np.clip(1 - 0.5 * dark, 0.08, 1)


def sunlight(p: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Share of the sun that arrives at p with normals n, both (n, 3): 0 dark .. 1 lit. Returns (n,).

    The edges of shadows are wide, since the sea surface scatters.
    """
    lit, t = np.ones(len(p), f32), 0.10
    for _ in range(7):
        lit = np.minimum(lit, 0.5 + 2.2 * sdf_hull(p + n * 0.06 + SUN * t) / t)
        t *= 1.55
    return np.clip(lit, 0, 1)
