"""What changes in front of a clean lens and must not alarm: light, water, fish, a nudge of the camera.

Pictures are (N, 3, 216, 384) float32 in 0..1; each function returns new ones and draws from torch's global
generator. Views of a snapshot go through them in this order: `without_caption`, `shifted`, `weather`, `tide`,
`fish`, and, after any dirt, `sensor_noise`.
"""

import torch
import torch.nn.functional as F

from data import HEIGHT, WIDTH
from pictures import blur, chance, clouds, colour, coordinates, uniform

SHIFT = 8               # pixels
HAZE = 0.6              # the largest share of scattered light, before it grows with the distance
FAINTEST = 1e-4         # what a power is taken of
FISH = 6
LAMP = [1.0, 0.05, 0.12]   # colour of the infrared lamp's glow
# Drawn once and read from a random place on, for speed.
NOISE = torch.randn(8_000_000, generator=torch.Generator().manual_seed(0))


def without_caption(x: torch.Tensor) -> torch.Tensor:
    """Half of the pictures lose the burnt-in date of the OBSEA camera: the rows under it take its place."""
    x = x.clone()
    rows = (torch.rand(len(x)) < 0.5).nonzero()[:, 0]
    x[rows, :, 0:24, 0:124] = x[rows, :, 24:48, 0:124].flip(2)
    return x


def shifted(x: torch.Tensor) -> torch.Tensor:
    """Moved by whole pixels: an interpolated shift blurs, and would teach the encoder to overlook blur."""
    padded = F.pad(x, (SHIFT,) * 4, mode="reflect")
    dy, dx = (torch.randint(0, 2 * SHIFT + 1, (len(x),)) for _ in range(2))
    return torch.stack([padded[i, :, dy[i]:dy[i] + HEIGHT, dx[i]:dx[i] + WIDTH] for i in range(len(x))])


def weather(x: torch.Tensor) -> torch.Tensor:
    """Another hour, another water: exposure, haze, uneven light, and every tenth picture at dusk."""
    n = len(x)
    rows, columns = coordinates()
    x = _in_turbid_water(_exposed(x))
    x = x * (1 - uniform(n, -0.25, 0.25) * rows) * (1 - uniform(n, -0.15, 0.15) * columns)
    x = x * (1 + uniform(n, 0, 0.08) * clouds(n, 4, 6))
    return _at_dusk(x).clamp(0, 1)


def _exposed(x: torch.Tensor) -> torch.Tensor:
    """Brighter or darker, more or less contrast, another cast and gamma."""
    n = len(x)
    mean = x.mean((2, 3), keepdim=True)
    gain = colour(n, [0.88, 0.92, 0.88], [1.12, 1.08, 1.12]) * uniform(n, 0.75, 1.25)
    x = (x - mean) * gain * uniform(n, 0.7, 1.2) + mean * gain
    return x.clamp(FAINTEST, 1) ** uniform(n, 0.82, 1.25)


def _in_turbid_water(x: torch.Tensor) -> torch.Tensor:
    """Turbid water veils in its own colour, more far away (up) than near, and softens a little."""
    n = len(x)
    tint = colour(n, [0.93, 0.96, 0.93], [1.07, 1.04, 1.07])
    water = x[:, :, 10:80].mean((2, 3), keepdim=True) * tint * uniform(n, 0.85, 1.25)
    rows, _ = coordinates()
    depth = (1 - uniform(n, 0, 0.5) * rows) * (1 + 0.2 * torch.tanh(clouds(n, 2, 3)))
    share = (chance(n, 0.55) * uniform(n, 0, HAZE) * depth).clamp(0, 0.85)
    weight = uniform(n, -0.25, 0.15) + 0.4 * share.mean((1, 2, 3), keepdim=True)
    x = x * (1 - weight) + blur(x, 1.0) * weight   # sharper where the weight is below 0
    return x * (1 - share) + water * share


def _at_dusk(x: torch.Tensor) -> torch.Tensor:
    """The infrared lamp at dusk: red from somewhere below, over a dark picture. Not yet clamped."""
    n = len(x)
    rows, columns = coordinates()
    dusk = chance(n, 0.10)
    x = x * (1 - dusk * uniform(n, 0.1, 0.6))
    away = ((rows - 1) ** 2 + (columns - uniform(n, -1.2, 1.2)) ** 2) / uniform(n, 0.25, 1.6)
    glow = torch.exp(-away) * dusk * uniform(n, 0.06, 0.5)
    return x + glow * torch.tensor(LAMP).view(1, 3, 1, 1)


def tide(x: torch.Tensor) -> torch.Tensor:
    """Half of the pictures in greener, darker or backlit water, as on a late afternoon."""
    n = len(x)
    rows, _ = coordinates()
    here = chance(n, 0.5)
    lost = 1 - colour(n, [0.70, 0.93, 0.84], [1.06, 1.06, 1.08])
    # Most is lost where the light comes far through water: up in the picture.
    y = x * (1 - lost * (1 - uniform(n, 0, 0.4) * (rows + 1) / 2))
    y = y * (1 - uniform(n, -0.1, 0.4) * rows) * uniform(n, 0.6, 1.1)
    y = y.clamp(FAINTEST, 1) ** uniform(n, 0.9, 1.4)
    return (x * (1 - here) + y * here).clamp(0, 1)


def fish(x: torch.Tensor) -> torch.Tensor:
    """Up to six fish, dark or silvery; on every fifth picture one of them is near and large."""
    n = len(x)
    rows, columns = coordinates()
    rows, columns = rows[:, :, ::2] * HEIGHT / WIDTH, columns[..., ::2]   # drawn at half the size, for speed
    is_near = chance(n, 0.2)
    layer, through = torch.zeros(n, 3, HEIGHT // 2, WIDTH // 2), torch.ones(n, 1, HEIGHT // 2, WIDTH // 2)
    for k in range(FISH):
        mask, tone = _one_fish(n, rows, columns, is_near if k == 0 else None)
        layer, through = layer * (1 - mask) + mask * tone, through * (1 - mask)
    both = torch.cat([layer, through], 1)
    drawn = F.interpolate(both, scale_factor=2, mode="bilinear", align_corners=False)
    return (x * drawn[:, 3:] + drawn[:, :3]).clamp(0, 1)


def _one_fish(n: int, rows: torch.Tensor, columns: torch.Tensor, is_near: torch.Tensor | None) -> tuple:
    """One fish for each picture: opacity (n, 1, h, w), 0 where there is none, and colour (n, 3, h, w).

    Where `is_near` (n, 1, 1, 1) is 1 it is large.
    """
    here, turn = chance(n, 0.5), uniform(n, -0.6, 0.6)
    size = uniform(n, 0.016, 0.07) + (0 if is_near is None else is_near * uniform(n, 0.1, 0.45))
    high = size * uniform(n, 0.3, 0.5)
    dx, dy = columns - uniform(n, -1, 1), rows - uniform(n, -0.56, 0.56)
    u, v = dx * torch.cos(turn) + dy * torch.sin(turn), dy * torch.cos(turn) - dx * torch.sin(turn)
    body = (u / size) ** 2 + (v / high) ** 2
    tail = ((u - 1.25 * size) / (0.35 * size)) ** 2 + (v / (high * 0.8)) ** 2
    edge = torch.sigmoid((1 - torch.minimum(body, tail)) * uniform(n, 4, 9))
    mask = edge * here * uniform(n, 0.6, 0.95)
    silver = chance(n, 0.4)
    dark = colour(n, [0.01] * 3, [0.16, 0.16, 0.15]) * (1 - silver)
    tone = dark + silver * colour(n, [0.40, 0.40, 0.34], [0.9, 0.9, 0.85])
    return mask, tone * (1 + 0.4 * torch.sin(u * uniform(n, 20, 90)) * silver)


def sensor_noise(x: torch.Tensor) -> torch.Tensor:
    """Noise of a random level, 0 to 0.015, the same law for clean and dirty.

    It is added after the dirt: noise added before is a shortcut, since blur and veils remove it.
    Raises RuntimeError for more numbers than NOISE has.
    """
    start = int(torch.randint(0, len(NOISE) - x.numel(), (1,)))
    noise = NOISE[start:start + x.numel()].view(x.shape)
    return (x + noise * torch.rand(len(x), 1, 1, 1) * 0.015).clamp(0, 1)
