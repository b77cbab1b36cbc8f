"""What never moves, traced once: how much of each light comes back from every pixel, and from how far."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy import float32 as f32

from .camera import AIMED, EYE_HEIGHT, FAR, FOCAL_LENGTH, HEIGHT, HORIZON_ROW, SUPERSAMPLING, WIDTH, project
from .noise import noise_tile, triplanar_noise
from .sand import trace_sand
from .shading import mix, smoothstep
from .shadows import SUN, sunlight
from .solids import (SINKER_CENTRE, sdf_amphora, sdf_barrel_sponges, sdf_dome, sdf_rocks, sdf_sinker,
                     sdf_tube_sponges)
from .surfaces import (paint_amphora, paint_barrel_sponges, paint_dome, paint_rocks, paint_sinker,
                       paint_tube_sponges)
from .thin_layers import thin_layers

EYE = np.array([0, EYE_HEIGHT, 0], f32)
# A gradient from four samples: https://iquilezles.org/articles/normalsSDF/
TETRAHEDRON = ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1))


@dataclass(frozen=True)
class StillScene:
    """The traced scene in a snapshot's size, float32."""

    ambient: np.ndarray   # (HEIGHT, WIDTH, 3), light returned per unit of ambient light
    sun: np.ndarray       # the same of sunlight
    lamp: np.ndarray      # the same of the camera's lamp
    distance: np.ndarray  # (HEIGHT, WIDTH), metres to the surface, FAR in open water
    x: np.ndarray         # (HEIGHT, WIDTH), metres; where caustics are looked up
    z: np.ndarray


class _Traced:
    """What each ray has met so far, in the supersampled size (h, w)."""

    def __init__(self, aim: tuple[int, int]):
        h, w = HEIGHT * SUPERSAMPLING, WIDTH * SUPERSAMPLING
        column = ((np.arange(w) + 0.5) / SUPERSAMPLING).astype(f32)
        row = ((np.arange(h) + 0.5) / SUPERSAMPLING).astype(f32)
        self.rays = np.empty((h, w, 3), f32)   # z = 1, so that a ray times its depth is a point
        self.rays[..., 0] = (column - (WIDTH / 2 + aim[0])) / FOCAL_LENGTH
        self.rays[..., 1] = -(row - (HORIZON_ROW + aim[1]))[:, None] / FOCAL_LENGTH
        self.rays[..., 2] = 1
        self.depth = np.full((h, w), FAR, f32)        # along z, metres
        self.albedo = np.zeros((h, w, 3), f32)
        self.light = np.zeros((h, w, 3), f32)         # returned per unit of ambient, sun, lamp


@lru_cache(maxsize=2)
def still_scene(aim: tuple[int, int] = AIMED) -> StillScene:
    """Trace the still scene of a camera aimed so; takes some seconds, once per process."""
    traced = _Traced(aim)
    meets, z, albedo, light = trace_sand(traced.rays)
    traced.depth[meets] = np.minimum(z, FAR)
    traced.albedo[meets] = albedo
    traced.light[meets] = light
    for solid in _solids():
        _march(traced, aim, *solid)
    for distance, layer in thin_layers(aim):
        _cover(traced, distance, layer)
    return _averaged(traced)


def _solids() -> list:
    """(distance function, paint, centre and radius in metres of a sphere around it) of each solid."""

    def rocks(*chosen):
        return lambda p: sdf_rocks(p, chosen)

    return [
        (sdf_dome, paint_dome, (-1.12, 0.9, 6.0), 1.75),
        (rocks(0, 1, 2, 3), paint_rocks, (2.6, 0.6, 6.5), 2.3),
        (rocks(4), paint_rocks, (3.1, 0, 4.7), 0.75),
        (rocks(5), paint_rocks, (-3.9, 0.1, 8.2), 1.55),
        (rocks(6), paint_rocks, (-2.6, 0, 5.3), 0.72),
        (rocks(7, 8), paint_rocks, (-0.2, 0, 4.85), 0.62),
        (rocks(9), paint_rocks, (0.35, 0, 8.6), 0.65),
        (rocks(10), paint_rocks, (1.98, 0, 5.1), 0.6),
        (sdf_sinker, paint_sinker, tuple(SINKER_CENTRE), 0.55),
        (sdf_amphora, paint_amphora, (0.87, 0.27, 4.75), 0.75),
        (sdf_tube_sponges, paint_tube_sponges, (2.1, 1.2, 6.08), 0.62),
        (sdf_tube_sponges, paint_tube_sponges, (-0.6, 1.9, 5.55), 0.5),
        (sdf_barrel_sponges, paint_barrel_sponges, (2.62, 0.5, 5.35), 0.4),
        (sdf_barrel_sponges, paint_barrel_sponges, (-2.55, 0.35, 5.2), 0.3),
    ]


def _march(traced: _Traced, aim: tuple[int, int], sdf, paint, centre, radius: float) -> None:
    """Add one solid: march the rays inside the square around its sphere, and shade those that hit."""
    h, w = traced.depth.shape
    x, y, scale = project(centre, aim)
    reach = radius * scale * 1.12 + 2
    c0, c1 = (int(np.clip((x + sign * reach) * SUPERSAMPLING, 0, w)) for sign in (-1, 1))
    r0, r1 = (int(np.clip((y + sign * reach) * SUPERSAMPLING, 0, h)) for sign in (-1, 1))
    direction = traced.rays[r0:r1, c0:c1].reshape(-1, 3)
    length = np.linalg.norm(direction, axis=1)
    direction = direction / length[:, None]
    limit = traced.depth[r0:r1, c0:c1].ravel() * length   # what stands before the solid

    to_centre = np.asarray(centre, f32) - EYE
    middle = direction @ to_centre
    half = radius ** 2 - (to_centre @ to_centre - middle ** 2)
    alive = np.flatnonzero(half > 0)
    t = np.maximum(middle - np.sqrt(np.maximum(half, 0)), 0.1)
    end = middle + np.sqrt(np.maximum(half, 0))
    hits = []
    for _ in range(80):
        gap = sdf(EYE + direction[alive] * t[alive, None])
        has_hit = gap < 0.004
        hits.append(alive[has_hit])
        t[alive] += np.where(has_hit, 0, 0.75 * gap)
        alive = alive[~has_hit]
        alive = alive[t[alive] < np.minimum(end[alive], limit[alive] + 0.02)]
        if not len(alive):
            break
    hit = np.concatenate(hits)
    hit = hit[t[hit] < limit[hit]]
    if not len(hit):
        return

    p = EYE + direction[hit] * t[hit, None]
    n = _normals(sdf, p)
    rows, columns = np.divmod(hit, c1 - c0)
    place = (r0 + rows, c0 + columns)
    traced.depth[place] = p[:, 2]
    traced.albedo[place] = paint(p, n)
    traced.light[place] = _light(sdf, p, n, direction[hit])


def _normals(sdf, p: np.ndarray) -> np.ndarray:
    epsilon = 0.006
    n = np.zeros_like(p)
    for corner in TETRAHEDRON:
        corner = np.array(corner, f32)
        n += corner * sdf(p + epsilon * corner)[:, None]
    n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-9
    # The smallest relief is in the normals alone, not in the surface that is marched.
    for axis, seed in ((0, 31), (1, 32), (2, 33)):
        n[:, axis] += 0.22 * triplanar_noise(noise_tile(seed, 0.7, 14), p, np.abs(n), 1.1)
    n /= np.linalg.norm(n, axis=1, keepdims=True) + 1e-9
    return n


def _light(sdf, p: np.ndarray, n: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Light returned per unit of ambient, sun and lamp, (n, 3)."""
    free = np.ones(len(p), f32)
    for step in (0.05, 0.14, 0.3):   # folds and holes
        free -= 0.33 * np.clip(1 - sdf(p + n * step) / step, 0, 1)
    floor = smoothstep(-0.1, 0.45, p[:, 1]) * 0.45 + 0.55
    free = np.clip(free, 0.1, 1) * floor
    return np.stack([free * (0.50 + 0.42 * n[:, 1] + 0.14 * n[:, 0]),
                     np.clip(n @ SUN, 0, 1) * sunlight(p, n) * np.sqrt(free),
                     np.clip(-(n * direction).sum(1), 0, 1) * free], 1)


def _cover(traced: _Traced, distance: float, layer: np.ndarray) -> None:
    """Put a thin layer at `distance` metres before what is behind it."""
    alpha = layer[..., 3:] * (distance < traced.depth + 0.25)[..., None]
    colour = (layer[..., :3] / np.maximum(layer[..., 3:], 1e-3)) ** 2.2
    traced.albedo = mix(traced.albedo, colour, alpha)
    traced.light = mix(traced.light, np.array([0.8, 0.5, 0.7], f32), alpha)
    traced.depth = 1 / mix(1 / traced.depth, 1 / f32(distance), alpha[..., 0])


def _averaged(traced: _Traced) -> StillScene:
    def average(a):
        return a.reshape(HEIGHT, SUPERSAMPLING, WIDTH, SUPERSAMPLING, -1).mean((1, 3)).astype(f32)

    rays, albedo, light = traced.rays, traced.albedo, traced.light
    distance = traced.depth * np.sqrt((rays * rays).sum(2))
    # Averaging transmittance instead of distance keeps outlines against open water clean.
    transmittance = average(np.exp(-0.15 * np.minimum(distance, FAR)))[..., 0]
    point = (EYE + rays * traced.depth[..., None])[::SUPERSAMPLING, ::SUPERSAMPLING]
    return StillScene(
        ambient=average(albedo * light[..., :1]),
        sun=average(albedo * light[..., 1:2]),
        lamp=average(albedo * np.clip(light[..., 2:], 0, 1)),
        distance=np.clip(-np.log(np.maximum(transmittance, 1e-6)) / 0.15, 0.5, FAR).astype(f32),
        # Height is mixed in, so that a wall is not striped from top to bottom.
        x=point[..., 0] + 0.35 * point[..., 1],
        z=point[..., 2] - 0.4 * point[..., 1],
    )
