"""The scene's solids as signed distance functions: p (n, 3) metres -> (n,) metres, negative inside.

Distances are approximate, so rays march 0.75 of them (still_scene.py).
Formulas of the primitives: Inigo Quilez, https://iquilezles.org/articles/distfunctions/
"""

import math
from functools import lru_cache

import numpy as np
from numpy import float32 as f32

from .noise import lumps
from .shading import mix

DOME_CENTRE = np.array([-1.12, 0.0, 6.0], f32)
DOME_RADII = np.array([1.30, 1.98, 1.30], f32)
ROCKS = [   # centre, radii
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
SINKER_CENTRE = np.array([0.62, 0.13, 7.6], f32)   # the block that holds the mooring line
SINKER_HALF = np.array([0.30, 0.20, 0.30], f32)    # half its sides
AMPHORA_TOE, AMPHORA_LIP = np.array([0.38, 0.13, 4.55], f32), np.array([1.36, 0.40, 4.95], f32)
TUBE_SPONGES = [   # foot, mouth, radius
    ((2.05, 0.9, 6.15), (1.95, 1.45, 6.05), 0.085),
    ((2.18, 0.9, 6.15), (2.20, 1.62, 6.10), 0.10),
    ((2.32, 0.9, 6.10), (2.42, 1.38, 6.00), 0.08),
    ((1.98, 0.8, 6.10), (1.78, 1.22, 6.00), 0.07),
    ((-0.62, 1.70, 5.6), (-0.50, 2.08, 5.55), 0.07),
    ((-0.74, 1.72, 5.6), (-0.74, 2.20, 5.55), 0.08),
    ((-0.54, 1.62, 5.55), (-0.34, 1.90, 5.50), 0.06),
]
BARREL_SPONGES = [((2.62, 0.33, 5.35), 0.20, 0.42), ((-2.55, 0.22, 5.2), 0.14, 0.28)]   # foot, radius, height


def sdf_ellipsoid(p, centre, radii) -> np.ndarray:
    """Distance from an ellipsoid along the axes; exact on its surface only."""
    q = (p - np.asarray(centre, f32)) / np.asarray(radii, f32)
    k0 = np.sqrt((q * q).sum(1)) + 1e-6
    q = q / np.asarray(radii, f32)
    return k0 * (k0 - 1) / (np.sqrt((q * q).sum(1)) + 1e-6)


def sdf_capsule(p, a, b, radius) -> np.ndarray:
    """Distance from a rod with round ends between the points a and b."""
    a, b = np.asarray(a, f32), np.asarray(b, f32)
    ba, pa = b - a, p - a
    t = np.clip(pa @ ba / (ba @ ba), 0, 1)[:, None]
    d = pa - t * ba
    return np.sqrt((d * d).sum(1)) - radius


def sdf_sphere(p, centre, radius) -> np.ndarray:
    """Distance from a sphere."""
    d = p - np.asarray(centre, f32)
    return np.sqrt((d * d).sum(1)) - radius


@lru_cache(maxsize=None)
def dome_holes() -> tuple:
    """Openings of the reef dome, rings turned against each other: ((x, y, z), radius) in metres."""
    rings = [(0.48, 0.285, 7, 0.20), (1.06, 0.225, 7, 0.65), (1.52, 0.15, 6, 0.1)]
    holes = [(tuple(DOME_CENTRE + np.array([0, 1.98, 0], f32)), 0.30)]
    for height, radius, count, turn in rings:
        r = DOME_RADII[0] * math.sqrt(1 - (height / DOME_RADII[1]) ** 2)
        for i in range(count):
            angle = 2 * math.pi * (i + turn) / count
            x, z = DOME_CENTRE[0] + r * math.cos(angle), DOME_CENTRE[2] + r * math.sin(angle)
            holes.append(((x, height, z), radius))
    return tuple(holes)


def sdf_dome(p) -> np.ndarray:
    """The hollow reef dome with its holes."""
    d = sdf_ellipsoid(p, DOME_CENTRE, DOME_RADII)
    d = np.abs(d + 0.10) - 0.10
    for centre, radius in dome_holes():
        d = np.maximum(d, -sdf_sphere(p, centre, radius))
    return d - 0.035 * lumps(p, 7.0, 3, 1)


def sdf_rocks(p, chosen) -> np.ndarray:
    """The rocks with these places in ROCKS, at least one. Neighbours grow together: a smooth union."""
    d = None
    for i in chosen:
        rock = sdf_ellipsoid(p, *ROCKS[i])
        if d is None:
            d = rock
        else:
            h = np.clip(0.5 + 0.5 * (d - rock) / 0.12, 0, 1)
            d = mix(d, rock, h) - 0.12 * h * (1 - h)
    size = min(ROCKS[i][1][1] for i in chosen)
    return d - min(0.17, 0.3 * size) * lumps(p, 3.2 if size > 0.3 else 8.0, 4, 2)


def sdf_sinker(p) -> np.ndarray:
    """The concrete block under the mooring line, with round edges."""
    q = np.abs(p - SINKER_CENTRE) - SINKER_HALF + 0.03
    box = np.sqrt((np.maximum(q, 0) ** 2).sum(1)) + np.minimum(q.max(1), 0)
    return box - 0.03 - 0.012 * lumps(p, 9.0, 2, 3)


def sdf_amphora(p) -> np.ndarray:
    """The amphora with an open mouth and two handles: a profile turned around the axis from toe to lip."""
    axis = AMPHORA_LIP - AMPHORA_TOE
    length = float(np.linalg.norm(axis))
    axis = axis / length
    t = (p - AMPHORA_TOE) @ axis
    radial = p - AMPHORA_TOE - t[:, None] * axis
    r = np.sqrt((radial * radial).sum(1))
    knots = np.array([0.0, 0.06, 0.18, 0.36, 0.52, 0.66, 0.74, 0.79, 0.86, 0.93, 0.955, 1.0]) * length
    radii = [0.03, 0.05, 0.14, 0.215, 0.235, 0.205, 0.13, 0.082, 0.074, 0.076, 0.105, 0.10]
    profile = np.interp(t, knots, radii).astype(f32)
    d = np.maximum((r - profile) * 0.75, np.maximum(-t, t - length))
    mouth = np.maximum(r - 0.062, length * 0.8 - t)
    d = np.maximum(d, -mouth)
    up = np.array([0, 1, 0], f32) - axis * axis[1]
    up /= np.linalg.norm(up)
    side = np.cross(axis, up)
    for sign in (1, -1):
        out = side * sign * 0.55 + up * 0.83 * (1 if sign > 0 else 0.25)
        out = out / np.linalg.norm(out)
        bends = ((0.90, 0.07), (0.885, 0.20), (0.67, 0.19))   # along the axis, away from it
        a, b, c = (AMPHORA_TOE + axis * length * along + out * away for along, away in bends)
        d = np.minimum(d, np.minimum(sdf_capsule(p, a, b, 0.024), sdf_capsule(p, b, c, 0.024)))
    return d - 0.008 * lumps(p, 14.0, 2, 4)


def sdf_tube_sponges(p) -> np.ndarray:
    """All tube sponges, hollow at the mouth."""
    d = None
    for foot, mouth, radius in TUBE_SPONGES:
        tube = sdf_capsule(p, foot, mouth, radius)
        top = np.asarray(mouth, f32) + np.array([0, radius * 0.9, 0], f32)
        tube = np.maximum(tube, -sdf_capsule(p, mouth, top, radius * 0.62))
        d = tube if d is None else np.minimum(d, tube)
    return d - 0.012 * lumps(p, 22.0, 2, 5)


def sdf_barrel_sponges(p) -> np.ndarray:
    """All barrel sponges: ribbed, bulging, open at the top."""
    d = None
    for foot, radius, height in BARREL_SPONGES:
        q = p - np.asarray(foot, f32)
        r = np.hypot(q[:, 0], q[:, 2])
        angle = np.arctan2(q[:, 2], q[:, 0])
        bulge = radius * (0.72 + 0.28 * np.sin(np.clip(q[:, 1] / height, 0, 1) * 2.4))
        wall = bulge + 0.018 * np.cos(11 * angle)
        barrel = np.maximum((r - wall) * 0.8, np.maximum(-q[:, 1], q[:, 1] - height))
        barrel = np.maximum(barrel, -np.maximum(r - radius * 0.6, height * 0.3 - q[:, 1]))
        d = barrel if d is None else np.minimum(d, barrel)
    return d - 0.012 * lumps(p, 20.0, 2, 6)


def sdf_hull(p) -> np.ndarray:
    """Plain outlines of the large solids: cheap, for shadows and contact darkening only."""
    d = sdf_ellipsoid(p, DOME_CENTRE, DOME_RADII)
    for centre, radii in ROCKS:
        d = np.minimum(d, sdf_ellipsoid(p, centre, radii))
    toe = AMPHORA_TOE * 0.8 + AMPHORA_LIP * 0.2
    shoulder = AMPHORA_TOE * 0.4 + AMPHORA_LIP * 0.6
    d = np.minimum(d, sdf_capsule(p, toe, shoulder, 0.2))
    return np.minimum(d, sdf_sphere(p, SINKER_CENTRE, 0.3))
