"""One snapshot: the still scene in the light of the hour, what moves in it, the lens, the sensor."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy import float32 as f32

from . import sensor
from .camera import AIMED, HEIGHT, WIDTH
from .fish import fish_sprite
from .fouling import foul, scratch
from .seagrass import FAR_MEADOW, NEAR_MEADOW, seagrass
from .shading import mix
from .shoal import Swimmer, shoal
from .still_scene import still_scene
from .water import Water, caustics, open_water, water_at, weather_at


@dataclass(frozen=True)
class _Lights:
    """Light that arrives in the scene, each (3,) float32."""

    down: np.ndarray   # from above, scattered
    sun: np.ndarray
    lamp: np.ndarray


def render(when: datetime, seed: int, fouling: float = 0.0, fish: str = "small",
           weather: float | None = None, aim: tuple[int, int] = AIMED,
           is_scratched: bool = False) -> np.ndarray:
    """One snapshot, (360, 640, 3) uint8 sRGB; the same arguments give the same bytes.

    when     UTC; decides the light, and the weather unless that is given
    seed     decides everything that changes from one snapshot to the next
    fouling  0 clean lens .. 1 awful; more counts as 1
    fish     'small' (some, or none by chance), 'none', or 'big' (one fills the frame)
    weather  0 clear and sunny .. 1 overcast and murky .. 3 a storm has stirred up the ground
    aim      columns and rows by which the scene is aside from where it was when the camera was set up

    Raises ValueError for any other `fish`. The first call for an `aim` takes some seconds longer.
    """
    if fish not in ("small", "none", "big"):
        raise ValueError(f"fish is 'small', 'none' or 'big', not {fish!r}")
    # Separate streams: more fish must not move the caustics.
    streams = [np.random.default_rng([int(seed), i]) for i in range(8)]
    weather = weather_at(when) if weather is None else float(weather)
    weather = float(np.clip(weather + streams[0].normal(0, 0.03), 0, max(1.0, weather)))
    water = water_at(when, weather, streams[0])
    endless, beams = open_water(water, streams[1])
    lights = _Lights(
        down=np.array([0.74, 1.0, 0.98], f32) * f32(0.78 * water.level),
        sun=np.array([1.0, 1.0, 0.84], f32) * f32(1.25 * water.sun),
        lamp=np.array([0.105, 0.026, 0.018], f32) * f32(water.lamp),
    )
    picture = _still_scene_in(lights, water, endless, streams[2], aim)
    distance = still_scene(aim).distance
    far_light = lights.down * 0.85 + lights.sun * 0.3
    picture = _with_layer(picture, seagrass(FAR_MEADOW, streams[3], aim), 7.2, water, endless, far_light)
    for swimmer in shoal(fish, streams[4]):
        distance = _draw_fish(picture, distance, swimmer, lights, water, endless)
    # The blades would hide a big fish, which is nearer.
    if fish != "big":
        near_light = lights.down * 0.8 + lights.sun * 0.25 + lights.lamp * 0.4
        meadow = seagrass(NEAR_MEADOW, streams[3], aim)
        picture = _with_layer(picture, meadow, 3.4, water, endless, near_light)
    rays = beams[..., None] * np.array([0.10, 0.24, 0.25], f32)
    picture = picture + rays * (1 - 0.6 * np.exp(-distance / 7))[..., None]
    picture = _with_lamp_glow(picture, lights, water)
    picture = picture + _marine_snow(water, streams[5])[..., None] * (lights.down * 0.16 + lights.lamp * 0.35)
    # What is on the lens is lit by the water around the camera, a little by its lamp.
    brightness = 0.50 * water.level * (1 - 0.15 * water.murk) + 0.010 * water.lamp
    if is_scratched:
        picture = scratch(picture, brightness)
    if fouling > 0:
        picture = foul(picture, float(min(fouling, 1.0)), brightness)
    picture = sensor.expose(picture, water.gain)
    picture = sensor.add_noise(picture, 0.0058 + 0.005 * water.lamp, streams[6])
    return sensor.to_bytes(sensor.shake(picture, streams[7]))


def _still_scene_in(lights: _Lights, water: Water, endless: np.ndarray, rng, aim) -> np.ndarray:
    """The still scene in this light, seen through the water."""
    still = still_scene(aim)
    net = caustics(still.x, still.z, rng)
    net = mix(1.0, net, np.exp(-still.distance / 12))
    spread = 1 / (1 + (still.distance / 4.5) ** 2)
    lit = (still.ambient * lights.down + still.sun * lights.sun * net[..., None]
           + still.lamp * lights.lamp * spread[..., None])
    through = np.exp(-water.absorb * still.distance[..., None])
    return lit * through + endless * (1 - through)


def _with_layer(picture, layer, distance: float, water: Water, endless, light, behind=None) -> np.ndarray:
    """The picture with a premultiplied albedo layer (h, w, 4) at `distance` metres in it.

    `behind` (h, w) is the distance of what the picture shows: the layer is hidden where that is nearer.
    """
    through = np.exp(-water.absorb * f32(distance))
    alpha = layer[..., 3:]
    if behind is not None:
        is_seen = (behind > distance - 0.2)[..., None]
        alpha = alpha * is_seen
        layer = layer * is_seen
    seen = layer[..., :3] * light * through + endless * (1 - through) * alpha
    return picture * (1 - alpha) + seen


def _draw_fish(picture, distance, swimmer: Swimmer, lights: _Lights, water: Water, endless) -> np.ndarray:
    """Draw one fish into `picture`, in place. Returns the distances (HEIGHT, WIDTH) of what it shows now."""
    sprite = fish_sprite(swimmer.kind, swimmer.length, swimmer.swim, swimmer.facing, swimmer.seed)
    h, w = sprite.shape[:2]
    x0, y0 = int(round(swimmer.column - w / 2)), int(round(swimmer.row - h / 2))
    top, bottom, left, right = max(0, y0), min(HEIGHT, y0 + h), max(0, x0), min(WIDTH, x0 + w)
    if top >= bottom or left >= right:
        return distance
    place = (slice(top, bottom), slice(left, right))
    sprite = sprite[top - y0:bottom - y0, left - x0:right - x0]
    glow = lights.lamp * f32(0.45 / (0.35 + (swimmer.distance / 4.5) ** 2))
    light = lights.down * 0.72 + lights.sun * 0.32 + glow
    # Light rays are weaker before what is near. On smaller fish the difference is too small to see.
    if swimmer.kind == "grouper":
        distance = distance.copy()
        distance[place] = np.where(sprite[..., 3] > 0.5, swimmer.distance, distance[place])
    picture[place] = _with_layer(
        picture[place], sprite, swimmer.distance, water, endless[place], light, distance[place])
    return distance


def _with_lamp_glow(picture: np.ndarray, lights: _Lights, water: Water) -> np.ndarray:
    """The lamp's own glow in the murk."""
    if water.lamp <= 0.01:
        return picture
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(f32)
    glow = np.exp(-(((x - 0.62 * WIDTH) / 330) ** 2 + ((y - 0.95 * HEIGHT) / 230) ** 2))
    return picture + glow[..., None] * lights.lamp * (0.045 + 0.05 * water.murk)


def _marine_snow(water: Water, rng) -> np.ndarray:
    """Particles near the lens, (HEIGHT, WIDTH) brightness."""
    snow = np.zeros((HEIGHT, WIDTH), f32)
    for _ in range(int(rng.integers(26, 48) + 90 * water.murk)):
        x, y = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT)
        r, bright = rng.gamma(2.0, 0.36) + 0.4, rng.uniform(0.15, 1) ** 2
        k = int(3 * r) + 2
        x0, x1 = max(0, int(x) - k), min(WIDTH, int(x) + k + 1)
        y0, y1 = max(0, int(y) - k), min(HEIGHT, int(y) + k + 1)
        rows, columns = np.mgrid[y0:y1, x0:x1].astype(f32)
        snow[y0:y1, x0:x1] += bright / (0.6 + r) * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (r * r))
    return snow
