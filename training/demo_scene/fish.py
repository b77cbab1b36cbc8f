"""One fish, seen from its side."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy import float32 as f32

from .noise import noise_tile, sample_tile
from .shading import linear_rgb, mix, smoothstep


class Species(NamedTuple):
    """Looks of a species; colours are '#rrggbb'."""

    height: float                # of the body, per length
    back: str
    flank: str
    belly: str
    iris: str
    stripes: float               # 0 none .. 1 black
    has_stripes_along: bool      # from head to tail instead of across
    is_mottled: bool
    shine: float
    notch: float                 # depth of the tail fin's cut, per length; below 0 it is round


SPECIES = {
    "damsel": Species(0.40, "#3a3028", "#56463a", "#6a5a4a", "#8a7a5a", 0.0, False, False, 0.1, 0.10),
    "bream": Species(0.42, "#77817e", "#b9bfb6", "#e4e6de", "#c9b26a", 0.45, False, False, 0.7, 0.10),
    "salema": Species(0.30, "#6f7c78", "#aeb9b4", "#dfe3dc", "#c9b26a", 0.3, True, False, 0.8, 0.10),
    "grouper": Species(0.385, "#4b3c28", "#75603f", "#a8906a", "#c9b26a", 0.25, False, True, 0.15, -0.025),
}
DETAILED = 60   # pixels of length above which a fish has scales, a mouth and a fin on its side


def _outline() -> np.ndarray:
    """(3, 200): square root of the place along the fish, body height above and below the axis, per length."""
    knots = np.sqrt([0, 0.01, 0.04, 0.12, 0.22, 0.34, 0.46, 0.58, 0.70, 0.78, 0.86])
    above = [0, 0.024, 0.052, 0.102, 0.150, 0.180, 0.174, 0.143, 0.094, 0.066, 0.062]
    below = [0, 0.034, 0.062, 0.100, 0.137, 0.163, 0.158, 0.124, 0.078, 0.058, 0.056]
    s = np.linspace(0, knots[-1], 200)
    kernel = np.ones(13) / 13   # rounds the corners between the knots

    def rounded(heights):
        padded = np.pad(np.interp(s, knots, heights), 6, mode="reflect", reflect_type="odd")
        return np.convolve(padded, kernel, "valid")

    return np.stack([s, rounded(above), rounded(below)])


OUTLINE = _outline()


@dataclass(frozen=True)
class _Shape:
    """Where the parts of a fish are; arrays (h, w) in the supersampled size."""

    u: np.ndarray       # 0 at the nose, about 1 at the end of the tail fin
    v: np.ndarray       # below the axis, per length
    pixel: float        # per length
    ratio: np.ndarray   # -1 back .. 1 belly
    body: np.ndarray    # 0..1
    fins: np.ndarray    # 0..1
    rays: np.ndarray    # brightness of the fins' rays


def fish_sprite(kind: str, length: float, swim: float, facing: int, seed: int) -> np.ndarray:
    """One fish of SPECIES as premultiplied linear RGBA, (h, w, 4) float32.

    `length` is in pixels; `swim` is the bend of the tail, -1..1; `facing` above 0 swims to the right;
    `seed` places the spots of a mottled one. Raises KeyError for an unknown kind.
    """
    species = SPECIES[kind]
    scale = 3 if length < 80 else 2 if length < 200 else 1
    w = int(length * 1.12) + 4
    h = int(length * (species.height + 0.34)) + 4
    shape = _shape(species, length, swim, h, w, scale)
    colour = _colour(species, shape, length, seed)
    alpha = np.maximum(shape.body, shape.fins)[..., None]
    sprite = np.concatenate([colour * alpha, alpha], 2).astype(f32)
    sprite = sprite.reshape(h, scale, w, scale, 4).mean((1, 3))
    return sprite[:, ::-1] if facing > 0 else sprite


def _shape(species: Species, length: float, swim: float, h: int, w: int, scale: int) -> _Shape:
    row, column = np.mgrid[0:h * scale, 0:w * scale].astype(f32)
    u = (column / scale - 2) / length
    v = (row / scale - h / 2) / length
    v = v - 0.05 * swim * np.clip(u - 0.3, 0, 1) ** 2 * 4
    pixel = 1 / (length * scale)
    tall = species.height / 0.36   # the outline is of a fish this high

    # Looked up over the root of u, so that the nose is round.
    root = np.sqrt(np.clip(u, 0, 0.86))
    top, bottom = (np.interp(root, OUTLINE[0], side).astype(f32) * species.height / 0.36
                   for side in OUTLINE[1:])
    inside = np.minimum(v + top, bottom - v)
    body = np.clip(inside / pixel + 0.5, 0, 1) * (u > 0) * np.clip((0.835 - 9 * v * v - u) / pixel, 0, 1)
    ratio = np.clip(v / np.maximum(np.where(v < 0, top, bottom), 1e-4), -1, 1)

    tail_along = np.clip((u - 0.79) / 0.21, 0, 1)
    spread = (0.048 + 0.105 * tail_along ** 0.75) * tall
    tail_end = 1.0 - species.notch * (1 - (v / 0.16) ** 2)
    tail = np.clip((spread - np.abs(v)) / pixel, 0, 1) * np.clip((tail_end - u) / pixel, 0, 1) * (u > 0.79)
    waves = np.where(u > 0.79, np.cos(105 * np.arctan2(v, u - 0.62)), np.cos(230 * (u + 0.5 * v)))
    spine = np.clip((u - 0.26) / 0.46, 0, 1)
    crest = 0.060 * np.sin(np.pi * spine ** 0.8) * (1 + 0.10 * np.cos(spine * 70)) * (u > 0.26) * (u < 0.72)
    dorsal = np.clip((crest - (-v - top * 0.96)) / pixel, 0, 1) * (v < 0) * (crest > 0.002)
    along = np.clip((u - 0.50) / 0.20, 0, 1)
    anal = np.clip((0.05 * np.sin(np.pi * along ** 0.6) - (v - bottom * 0.95)) / pixel, 0, 1)
    anal = anal * (v > 0) * (along > 0) * (along < 1)
    along = np.clip((u - 0.30) / 0.15, 0, 1)
    pelvic = (0.075 * along * (1 - along) * 3.6 - np.abs(v - bottom * 0.92 - 0.06 * along)) / pixel
    pelvic = np.clip(pelvic, 0, 1) * (u > 0.30) * (u < 0.45) * (v > 0)
    fins = 0.96 * np.maximum.reduce([tail, dorsal, anal, pelvic])
    return _Shape(u, v, pixel, ratio, body, fins, rays=0.88 + 0.12 * waves)


def _colour(species: Species, shape: _Shape, length: float, seed: int) -> np.ndarray:
    """(h, w, 3), not yet cut out."""
    u, v, ratio = shape.u, shape.v, shape.ratio
    back, flank = linear_rgb(species.back), linear_rgb(species.flank)
    fin_colour = mix(back, flank, 0.35) * shape.rays[..., None]
    colour = mix(back, flank, smoothstep(-0.95, -0.15, ratio)[..., None])
    colour = mix(colour, linear_rgb(species.belly), smoothstep(0.15, 0.85, ratio)[..., None])
    if species.stripes:
        if species.has_stripes_along:
            band = smoothstep(0.3, 0.9, np.cos(ratio * 15))
        else:
            band = smoothstep(0.1, 0.9, np.cos((u - 0.05) * 36 + 1.2 * ratio ** 2))
            band = band * smoothstep(0.75, 0.0, ratio)
        colour = colour * (1 - species.stripes * 0.8 * band * smoothstep(0.2, 0.3, u))[..., None]
    if species.is_mottled:
        offset = seed % 97 / 97
        spots = sample_tile(noise_tile(16, 1.3, 8), u * 0.9 + offset, v * 0.9 + offset)
        fine = sample_tile(noise_tile(17, 0.9, 24), u * 1.1, v * 1.1)
        colour = colour * np.exp(0.30 * np.clip(spots, -1.5, 2.2) + 0.14 * fine)[..., None]
        colour = mix(colour, linear_rgb("#c2b087"), 0.55 * smoothstep(1.3, 1.9, spots)[..., None])
        fin_colour = fin_colour * np.exp(0.22 * np.clip(spots, -1.5, 2.2))[..., None]
        fin_colour = fin_colour * (1 - 0.35 * smoothstep(0.94, 1.0, u))[..., None]
    if length > DETAILED:
        colour = colour * (1 + _scales(u, v))[..., None]
        for line in _lines_of_the_head(u, v, ratio):
            colour = colour * (1 - line)[..., None]
    roundness = np.sqrt(np.clip(1 - ratio ** 2, 0, 1))
    colour = colour * (0.45 + 0.55 * roundness + 0.30 * np.clip(-ratio, 0, 1))[..., None]
    colour = colour + species.shine * 0.18 * np.exp(-((ratio + 0.35) / 0.22) ** 2)[..., None]
    # The flank runs out into the tail.
    colour = mix(colour, fin_colour, smoothstep(0.76, 0.835, u)[..., None])
    colour = mix(fin_colour, colour, (shape.body > 0.5)[..., None])
    if length > DETAILED:
        colour = _with_pectoral_fin(colour, mix(back, flank, 0.75), u, v)
    return _with_eye(colour, species, shape, length)


def _scales(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Rows of scales, brighter and darker; not on the head."""
    row = v * 62
    along = np.cos(2 * np.pi * (u * 46 + 0.5 * np.floor(row)))
    scales = along * np.cos(np.pi * (row - np.floor(row) - 0.5) * 2)
    return 0.13 * scales * smoothstep(0.26, 0.32, u) * smoothstep(0.80, 0.7, u)


def _lines_of_the_head(u: np.ndarray, v: np.ndarray, ratio: np.ndarray):
    """Yield the light that gill, cheek, mouth and lateral line take, 0..1."""
    gill = u - 0.265 - 0.035 * np.cos(ratio * 1.7)
    edge = 0.45 * np.exp(-(gill / 0.005) ** 2) + 0.30 * smoothstep(0.035, 0.0, gill) * (gill > 0)
    yield edge * smoothstep(0.9, 0.6, np.abs(ratio))
    cheek = u - 0.185 - 0.03 * np.cos(ratio * 2.2)
    yield 0.22 * np.exp(-(cheek / 0.006) ** 2) * smoothstep(0.8, 0.4, np.abs(ratio))
    lip = v - 0.022 - 0.30 * u
    mouth = 0.80 * np.exp(-(lip / 0.0035) ** 2) + 0.25 * np.exp(-((lip - 0.012) / 0.010) ** 2)
    yield mouth * smoothstep(0.112, 0.10, u)
    lateral = np.exp(-((ratio + 0.30 - 0.25 * u) / 0.03) ** 2) * smoothstep(0.25, 0.3, u)
    yield 0.22 * lateral


def _with_pectoral_fin(colour: np.ndarray, fin_colour: np.ndarray, u, v) -> np.ndarray:
    angle = np.arctan2(v - 0.050, u - 0.300) - 0.42
    reach = np.hypot(v - 0.050, u - 0.300) / (0.145 * np.clip(np.cos(angle * 1.9), 0.05, 1) ** 0.6)
    fin = np.clip((1 - reach) * 16, 0, 1) * (np.abs(angle) < 0.8)
    shadow = np.clip((1.12 - reach) * 5, 0, 1) * (np.abs(angle - 0.12) < 0.8)
    colour = colour * (1 - 0.35 * shadow)[..., None]
    rays = 0.95 + 0.2 * np.cos(angle * 48) + 0.25 * reach
    return mix(colour, fin_colour * rays[..., None], 0.92 * fin[..., None])


def _with_eye(colour: np.ndarray, species: Species, shape: _Shape, length: float) -> np.ndarray:
    u, v, tall = shape.u, shape.v, species.height
    radius = 0.021 if length > DETAILED else 0.032
    eye = np.hypot(u - 0.125, v + 0.045 * tall / 0.4) / radius
    iris, pupil = (np.clip((size - eye) * radius / shape.pixel, 0, 1)[..., None] for size in (1, 0.62))
    colour = mix(colour, linear_rgb(species.iris), iris)
    colour = mix(colour, linear_rgb("#0a0a0c"), pupil)
    if length > DETAILED:
        glint = np.hypot(u - 0.119, v + 0.053 * tall / 0.4) / (radius * 0.22)
        colour = mix(colour, linear_rgb("#eef4f4"), np.clip((1 - glint) * 3, 0, 1)[..., None])
    return colour
