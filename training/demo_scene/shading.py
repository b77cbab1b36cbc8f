"""Small functions that every part of the scene shades with; the names are those of GLSL."""

import numpy as np
from numpy import float32 as f32


def smoothstep(start: float, end: float, x):
    """0 at `start`, 1 at `end`, smooth between, constant beyond. It falls where start > end."""
    t = np.clip((x - start) / (end - start), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def mix(a, b, share):
    """a where `share` is 0, b where it is 1; any shapes that broadcast."""
    return a + (b - a) * share


def linear_rgb(code: str) -> np.ndarray:
    """'#rrggbb' as linear light, (3,) float32 in 0..1."""
    value = np.array([int(code[i:i + 2], 16) for i in (1, 3, 5)], f32) / 255
    return value ** 2.2
