"""Light and water: what the hour and the weather make of them."""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy import float32 as f32

from .camera import HEIGHT, WIDTH
from .noise import noise_tile, sample_tile
from .shading import mix, smoothstep

LATITUDE, LONGITUDE = 41.0, 2.0   # degrees


@dataclass(frozen=True)
class Water:
    """Light and water at one moment. Light is relative to a clear noon; colours are (3,) float32."""

    level: float          # of the daylight
    sun: float            # of the part that comes straight from the sun
    sun_column: float     # pixels, where the sun stands over the picture
    lamp: float           # 0 off .. 1 on, the infrared lamp
    murk: float           # about 0 clear .. 1 murky .. 3 hardly anything is seen
    absorb: np.ndarray    # per metre
    colour: np.ndarray    # of endless water
    gain: float           # the camera's exposure


def sun_height(when: datetime) -> float:
    """Sine of the sun's elevation at the camera; `when` is in UTC.

    Source: the usual cosine for the declination; without the equation of time, so up to 16 minutes wrong.
    """
    day = when.timetuple().tm_yday
    declination = math.radians(-23.44) * math.cos(2 * math.pi * (day + 10) / 365)
    hour = when.hour + when.minute / 60 + when.second / 3600 + LONGITUDE / 15
    angle = math.radians(15 * (hour - 12))
    lat = math.radians(LATITUDE)
    return math.sin(lat) * math.sin(declination) + math.cos(lat) * math.cos(declination) * math.cos(angle)


def weather_at(when: datetime) -> float:
    """Weather that changes slowly, from the time (UTC) alone: 0 clear water and sun .. 1 grey and murky."""
    hours = when.toordinal() * 24 + when.hour + when.minute / 60
    spell, share = divmod(hours / 30, 1)
    before, after = (np.random.default_rng([int(spell) + i, 505]).beta(1.3, 1.6) for i in (0, 1))
    return float(mix(before, after, smoothstep(0, 1, share)))


def water_at(when: datetime, weather: float, rng: np.random.Generator) -> Water:
    """Everything that the time (UTC) and the weather (0..3) decide, with a little chance."""
    height = sun_height(when)
    day = float(smoothstep(-0.10, 0.55, height)) ** 1.25
    grey = min(weather, 1.0)
    cloud = 1 - 0.45 * grey
    level = (0.028 + 0.972 * day) * cloud * rng.uniform(0.95, 1.05)
    murk = weather * rng.uniform(0.9, 1.1)
    absorb = mix(np.array([0.122, 0.053, 0.046], f32), np.array([0.235, 0.125, 0.138], f32), f32(murk))
    colour = mix(np.array([0.030, 0.225, 0.380], f32), np.array([0.070, 0.285, 0.335], f32), f32(murk))
    low = float(1 - smoothstep(0.1, 0.6, height))
    # When the sun is low, blue goes deeper and the surface is less bright.
    colour = colour * np.array([1 - 0.25 * low, 1 - 0.18 * low, 1.0], f32)
    noon = (when.hour + when.minute / 60 + LONGITUDE / 15 - 12) / 8
    return Water(
        level=level,
        sun=level * (1 - 0.85 * grey) * day ** 0.5,
        sun_column=WIDTH * (0.58 + 0.55 * noon),
        lamp=float(1 - smoothstep(0.03, 0.22, height)),
        murk=murk,
        absorb=absorb,
        colour=colour,
        gain=1.50 * level ** -0.50,   # the camera opens its iris in the dark, but not all the way
    )


def open_water(water: Water, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Light of endless water (HEIGHT, WIDTH, 3), and the light rays in it (HEIGHT, WIDTH); both float32."""
    y = np.linspace(0, 1, HEIGHT, dtype=f32)[:, None]
    x = np.arange(WIDTH, dtype=f32)[None, :]
    above = 0.62 + 1.25 * np.exp(-2.9 * y)
    glow = np.exp(-((x - water.sun_column) / 300) ** 2 - (y / 0.42) ** 2)
    light = water.colour * above[..., None]
    light = light * np.ones((1, WIDTH, 1), f32) * (1 - 0.12 * ((x / WIDTH - 0.5) ** 2 * 4))[..., None]
    light = light + glow[..., None] * np.array([0.09, 0.30, 0.30], f32) * max(0.2, 0.75 - 0.35 * water.murk)
    # Rays fan out from a point far above the frame, so that they stay nearly parallel.
    row = np.arange(HEIGHT, dtype=f32)[:, None]
    fan = (x - water.sun_column) / (row + 330)
    line = rng.integers(0, 512)
    tile = noise_tile(13, 1.0, 2)
    down = np.full((HEIGHT, WIDTH), line / 512, f32) + row / 9000
    beams = sample_tile(tile, fan * 0.42 + rng.uniform(), down)
    beams = smoothstep(0.1, 2.2, beams) * np.exp(-row / 190) * np.exp(-((x - water.sun_column) / 380) ** 2)
    return light.astype(f32) * f32(water.level), (beams * water.sun).astype(f32)


def caustics(x: np.ndarray, z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The dancing net of light on what looks up: about 0..3, mean near 1. x, z in metres, of equal shape."""
    first_tile, second_tile = noise_tile(14, 2.1, 3), noise_tile(15, 2.1, 3)
    offset = rng.uniform(0, 1, 4)
    first = sample_tile(first_tile, x / 4.2 + offset[0], z / 4.2 + offset[1])
    second = sample_tile(second_tile, x / 3.6 + offset[2] + 0.02 * first, z / 3.6 + offset[3])
    net = np.exp(-5.0 * np.abs(first)) + np.exp(-5.0 * np.abs(second))
    return (0.45 + 1.7 * net * net).astype(f32)
