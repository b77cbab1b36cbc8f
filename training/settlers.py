"""Small animals that settle anywhere on a glass: barnacles, worm tubes, hydroid nets, bryozoan rosettes.

In numpy: on boxes of a few pixels torch takes twenty times as long. `small_growth.py` lays them over pictures
to train on, and the demo camera's lens carries them. They are those of the page,
scripts/judge/dirt/small-growth.mjs: each animal has its own birth and grows from then on, so that a low
strength is a few small ones and a high one a crowd. Lengths are in widths of the picture; no draw depends on
the strength.
"""

import math
from typing import Protocol

import numpy as np

BARNACLES = 1200
TUBES, TUBE_STEPS = 180, 9
RUNNERS, RUNNER_NODES, BRANCH_NODES = 26, 36, 6
ROSETTES = 24

FADED = 1.75   # beyond so many times its radius, squared, an edge is invisible
SOFT = 0.75    # no edge is sharper than this many pixels; what is smaller hides less instead
ROUND = 0.3    # the border of an animal is darker than its middle by this share


class Draws(Protocol):
    """Chance, as nested lists of the shape that is asked for."""

    def uniform(self, *shape: int) -> list: ...

    def normal(self, *shape: int) -> list: ...

    def clouds(self, rows: int, columns: int) -> np.ndarray:
        """Smooth noise of the glass's size, mean 0 and deviation 1: rows x columns lumps."""


def settle_barnacles(glass: "Glass", strength: float, draws: Draws):
    """Pale sharp points, half of them in groups."""
    groups = draws.uniform(6, 2)
    each = draws.uniform(BARNACLES, 5)
    away = draws.normal(BARNACLES, 2)
    for i, (alone, x, y, size, light) in enumerate(each):
        if alone >= 0.5:
            across, down = groups[i % 6]
            x, y = across + 0.13 * away[i][0], down + 0.2 * away[i][1]
        radius = between(size, 0.003, 0.0115) * grown_by(strength, 0.9 * i / BARNACLES) ** 0.6
        glass.dot((x, y), radius, 0.95)
        glass.settle(between(light, 0.7, 1.1))


def settle_tubes(glass: "Glass", strength: float, draws: Draws):
    """Worm tubes: short, winding, round."""
    for i, draw in enumerate(draws.uniform(TUBES, 10)):
        x, y, long, thick, light, turn, bend, wave, often, phase = draw
        grown = grown_by(strength, 0.9 * i / TUBES) ** 0.6
        radius = between(thick, 0.0035, 0.008) * grown
        place = (x, y)
        for step in range(TUBE_STEPS):
            along = step / TUBE_STEPS
            swing = between(wave, 0.2, 1.2) * math.sin(between(often, 4, 10) * along + 2 * math.pi * phase)
            heading = 2 * math.pi * turn + between(bend, -2.4, 2.4) * along + swing
            end = glass.beyond(place, heading, grown * between(long, 0.04, 0.13) / TUBE_STEPS)
            glass.thread(place, end, radius, 0.97)
            place = end
        glass.settle(between(light, 0.8, 1.1))


def settle_nets(glass: "Glass", strength: float, draws: Draws):
    """Hydroids: thin runners that cross the glass, with side branches, and a bead at every node."""
    heads = draws.uniform(RUNNERS, 6)
    nodes = draws.uniform(RUNNERS, RUNNER_NODES, 5)
    sides = draws.uniform(RUNNERS, RUNNER_NODES, BRANCH_NODES, 2)
    for i, (thick, light, curl, turn, x, y) in enumerate(heads):
        grown = grown_by(strength, 0.8 * i / RUNNERS)
        radius = between(thick, 0.0014, 0.003) * math.sqrt(grown)
        heading, node = 2 * math.pi * turn, (x, y)
        reached = RUNNER_NODES * grown ** 0.7   # how far the runner is: its last node is not yet whole
        for k, (bends, size, branches, left, aside) in enumerate(nodes[i]):
            heading = turned_back(node, heading + between(curl, -0.08, 0.08) + between(bends, -0.3, 0.3))
            end = glass.beyond(node, heading, 0.028 * part(reached - k))
            glass.thread(node, end, radius, 0.85)
            glass.dot(end, between(size, 0.0025, 0.007) * math.sqrt(grown * part(reached - k)), 0.9)
            if branches < 0.42:
                side = heading + (1 if left < 0.5 else -1) * between(aside, 0.7, 1.4)
                branched = BRANCH_NODES * part((reached - k) / 10)
                tip = end
                for b, (bends, size) in enumerate(sides[i][k]):
                    side += between(bends, -0.35, 0.35)
                    next_tip = glass.beyond(tip, side, 0.022 * part(branched - b))
                    glass.thread(tip, next_tip, 0.8 * radius, 0.8)
                    bead = between(size, 0.002, 0.0055) * math.sqrt(grown * part(branched - b))
                    glass.dot(next_tip, bead, 0.9)
                    tip = next_tip
            node = end
        glass.settle(between(light, 0.75, 1.1))


def settle_rosettes(glass: "Glass", strength: float, draws: Draws):
    """Bryozoans: grainy, lobed discs, ribbed from their middle."""
    grain = draws.clouds(54, 96)
    for i, draw in enumerate(draws.uniform(ROSETTES, 8)):
        x, y, size, light, ribs, first, second, dense = draw
        radius = between(size, 0.03, 0.11) * grown_by(strength, 0.85 * i / ROSETTES) ** 0.8
        phases = 2 * math.pi * first, 2 * math.pi * second
        glass.disc((x, y), radius, int(between(ribs, 9, 22)), phases, between(dense, 0.7, 0.95), grain)
        glass.settle(between(light, 0.75, 1.1))


def between(draw: float, low: float, high: float) -> float:
    return low + (high - low) * draw


def part(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def grown_by(strength: float, birth: float) -> float:
    """How far an animal that is born at one strength has grown at another, 0..1."""
    return part((strength - birth) / (1 - birth))


def turned_back(place: tuple, heading: float) -> float:
    """The heading of one that turns back at the glass's border."""
    x, y = place
    if (x < 0 and math.cos(heading) < 0) or (x > 1 and math.cos(heading) >= 0):
        heading = math.pi - heading
    if (y < 0 and math.sin(heading) < 0) or (y > 1 and math.sin(heading) >= 0):
        heading = -heading
    return heading


class Glass:
    """A glass that animals settle on, one after the other; each lies over those before. Sizes in pixels."""

    def __init__(self, height: int, width: int):
        self.height, self.width = height, width
        self.hidden, self.light, self.own = (np.zeros((height, width), np.float32) for _ in range(3))
        self.rows = np.arange(height, dtype=np.float32)[:, None] + np.float32(0.5)   # middles
        self.columns = np.arange(width, dtype=np.float32)[None] + np.float32(0.5)
        self.box = None   # what the animal that is being drawn may be on: top, bottom, left, right

    def seen(self) -> tuple:
        """(height, width) of how much is hidden, and of how light the growth is there."""
        return self.hidden, self.light / np.maximum(self.hidden, np.float32(1e-12))

    def beyond(self, place: tuple, heading: float, length: float) -> tuple:
        """The place that lies so many widths away."""
        x, y = place
        return x + length * math.cos(heading), y + length * self.width / self.height * math.sin(heading)

    def dot(self, place, radius: float, most: float):
        self.draw(place, place, radius, most, 2)

    def thread(self, start, end, radius: float, most: float):
        self.draw(start, end, radius, most, 1)

    def draw(self, start, end, radius: float, most: float, sides: int):
        """A capsule; `sides`: in how many directions it may be thinner than a pixel."""
        if radius == 0:
            return
        soft, share = self.softened(radius, sides)
        box = self.within(start, end, math.sqrt(FADED) * soft)
        if box is None:
            return
        rows, columns, place = box
        dx, dy = (end[0] - start[0]) * self.width, (end[1] - start[1]) * self.height
        right, below = columns - start[0] * self.width, rows - start[1] * self.height
        length = dx * dx + dy * dy
        along = np.minimum(np.maximum((right * dx + below * dy) / length, 0), 1) if length > 0 else 0.0
        t = ((right - along * dx) ** 2 + (below - along * dy) ** 2) / (soft * soft)
        own = most * share * np.exp(-t * t * t) * (t < FADED)
        self.own[place] = np.maximum(self.own[place], own)

    def disc(self, middle, radius: float, ribs: int, phases: tuple, most: float, grain: np.ndarray):
        if radius == 0:
            return
        soft, share = self.softened(radius, 2)
        box = self.within(middle, middle, 1.25 * math.sqrt(FADED) * soft)
        if box is None:
            return
        rows, columns, place = box
        dx, dy = columns - middle[0] * self.width, rows - middle[1] * self.height
        away, turn = np.hypot(dx, dy), np.arctan2(dy, dx)
        lobes = 1 + 0.12 * np.cos(3 * turn + phases[0]) + 0.08 * np.cos(5 * turn + phases[1])
        rib = np.cos(ribs * turn + 60 * away / self.width)
        t = (away / (soft * lobes)) ** 2
        hides = most * share * (0.66 + 0.2 * np.tanh(grain[place]) + 0.14 * rib)
        self.own[place] = hides * np.exp(-t ** 4) * (t < FADED)

    def settle(self, shade: float):
        """Lays the animal that was drawn over what is there."""
        if self.box is None:
            return
        top, bottom, left, right = self.box
        place = slice(top, bottom + 1), slice(left, right + 1)
        own = self.own[place]
        # Where it hides less it is round: its border turns away from the light.
        self.light[place] = self.light[place] * (1 - own) + own * shade * (1 - ROUND + ROUND * own)
        self.hidden[place] = 1 - (1 - self.hidden[place]) * (1 - own)
        self.own[place] = 0
        self.box = None

    def within(self, start, end, reach: float):
        """Middles of the pixels near a line, as rows and columns, and where they are; None off the glass."""
        left, right = ends(start[0], end[0], self.width, reach)
        top, bottom = ends(start[1], end[1], self.height, reach)
        if left > right or top > bottom:
            return None
        box = self.box or (top, bottom, left, right)
        self.box = min(box[0], top), max(box[1], bottom), min(box[2], left), max(box[3], right)
        down, across = slice(top, bottom + 1), slice(left, right + 1)
        return self.rows[down], self.columns[:, across], (down, across)

    def softened(self, radius: float, sides: int) -> tuple:
        """The radius that is drawn, in pixels, and its share of the opacity."""
        soft = math.hypot(radius * self.width, SOFT)
        return soft, (radius * self.width / soft) ** sides


def ends(a: float, b: float, count: int, reach: float) -> tuple:
    """The first and the last pixel of a side within reach of two places."""
    first = max(math.ceil(min(a, b) * count - reach - 0.5), 0)
    return first, min(math.floor(max(a, b) * count + reach - 0.5), count - 1)
