import { clouds } from './noise.mjs';

/**
 * Growth on a glass, as a camera of 2014 showed it: pale points, short winding tubes, threads with beads that
 * cross, grainy discs. Each animal has its own birth and grows from then on, so that a severity of 1 is a few small
 * ones and one of 5 a crowd.
 *
 * Lengths are in widths of the picture, places across and down it from 0 to 1. `strength` is severity / 5; no draw may
 * depend on it or on the size. Ported in training/dirt.py.
 *
 * @callback Settler
 * @param {number} strength
 * @param {{ height: number, width: number }} size
 * @param {import('./noise.mjs').Random} random
 * @returns {{ opacity: Float32Array, texture: Float32Array }} how much of what is behind a place is hidden, 0..1, and how
 *   light the growth is there, against its kind's tone
 */

/** Barnacles: pale sharp points, half of them in groups. @type {Settler} */
export const barnacles = (strength, size, random) => {
  const glass = new Glass(size);
  const groups = Array.from({ length: 6 }, () => [random.uniform(0, 1), random.uniform(0, 1)]);
  for (let i = 0; i < BARNACLES; i++) {
    const [across, down] = groups[i % groups.length];
    const isAlone = random.chance(0.5);
    const place = [random.uniform(0, 1), random.uniform(0, 1)];
    const away = [0.13 * random.normal(), 0.2 * random.normal()];
    const radius = random.uniform(0.003, 0.0115);
    const shade = random.uniform(0.7, 1.1);
    const grown = grownBy(strength, 0.9 * (i / BARNACLES)) ** 0.6;
    const [x, y] = isAlone ? place : [across + away[0], down + away[1]];
    glass.dot(x, y, radius * grown, 0.95);
    glass.settle(shade);
  }
  return glass.seen;
};
const BARNACLES = 1200;

/** Worm tubes: short, winding, round. @type {Settler} */
export const tubes = (strength, size, random) => {
  const glass = new Glass(size);
  for (let i = 0; i < TUBES; i++) {
    const path = [{ x: random.uniform(0, 1), y: random.uniform(0, 1) }];
    const long = random.uniform(0.04, 0.13);
    const radius = random.uniform(0.0035, 0.008);
    const shade = random.uniform(0.8, 1.1);
    const turn = random.uniform(0, 2 * Math.PI);
    const [bend, wave] = [random.uniform(-2.4, 2.4), random.uniform(0.2, 1.2)];
    const [often, phase] = [random.uniform(4, 10), random.uniform(0, 2 * Math.PI)];
    const grown = grownBy(strength, 0.9 * (i / TUBES)) ** 0.6;
    for (let step = 0; step < TUBE_STEPS; step++) {
      const along = step / TUBE_STEPS;
      const heading = turn + bend * along + wave * Math.sin(often * along + phase);
      path.push(glass.beyond(path[step], heading, (grown * long) / TUBE_STEPS));
    }
    for (let step = 0; step < TUBE_STEPS; step++) {
      glass.thread(path[step], path[step + 1], radius * grown, 0.97);
    }
    glass.settle(shade);
  }
  return glass.seen;
};
const TUBES = 180;
const TUBE_STEPS = 9;

/** Nets of hydroids: thin runners that cross the glass, with side branches, and a bead at every node. @type {Settler} */
export const nets = (strength, size, random) => {
  const glass = new Glass(size);
  for (let i = 0; i < RUNNERS; i++) {
    const grown = grownBy(strength, 0.8 * (i / RUNNERS));
    const radius = random.uniform(0.0014, 0.003) * Math.sqrt(grown);
    const shade = random.uniform(0.75, 1.1);
    const curl = random.uniform(-0.08, 0.08);
    let heading = random.uniform(0, 2 * Math.PI);
    let node = { x: random.uniform(0, 1), y: random.uniform(0, 1) };
    /** how far a runner is, in nodes: the last one is not yet whole */
    const reached = RUNNER_NODES * grown ** 0.7;
    for (let n = 0; n < RUNNER_NODES; n++) {
      heading += curl + random.uniform(-0.3, 0.3);
      // At the glass's border the filament turns back.
      if (node.x < 0 || node.x > 1)
        heading = node.x < 0 === Math.cos(heading) < 0 ? Math.PI - heading : heading;
      if (node.y < 0 || node.y > 1) heading = node.y < 0 === Math.sin(heading) < 0 ? -heading : heading;
      const next = glass.beyond(node, heading, 0.028 * part(reached - n));
      glass.thread(node, next, radius, 0.85);
      const bead = random.uniform(0.0025, 0.007);
      glass.dot(next.x, next.y, bead * Math.sqrt(grown * part(reached - n)), 0.9);
      const hasBranch = random.chance(0.42);
      const side = random.chance(0.5) ? 1 : -1;
      let aside = heading + side * random.uniform(0.7, 1.4);
      let tip = next;
      const branched = BRANCH_NODES * part((reached - n) / 10);
      for (let b = 0; b < BRANCH_NODES; b++) {
        aside += random.uniform(-0.35, 0.35);
        const size = random.uniform(0.002, 0.0055);
        if (!hasBranch) continue;
        const end = glass.beyond(tip, aside, 0.022 * part(branched - b));
        glass.thread(tip, end, 0.8 * radius, 0.8);
        glass.dot(end.x, end.y, size * Math.sqrt(grown * part(branched - b)), 0.9);
        tip = end;
      }
      node = next;
    }
    glass.settle(shade);
  }
  return glass.seen;
};
const RUNNERS = 26;
const RUNNER_NODES = 36;
const BRANCH_NODES = 6;

/** Rosettes: grainy, lobed discs of bryozoans, ribbed from their middle, with rings of growth. @type {Settler} */
export const rosettes = (strength, size, random) => {
  const glass = new Glass(size);
  const grain = clouds(size, 54, 96, random);
  for (let i = 0; i < ROSETTES; i++) {
    const [x, y] = [random.uniform(0, 1), random.uniform(0, 1)];
    const radius = random.uniform(0.03, 0.11);
    const shade = random.uniform(0.75, 1.1);
    const ribs = Math.floor(random.uniform(9, 22));
    const phases = [random.uniform(0, 2 * Math.PI), random.uniform(0, 2 * Math.PI)];
    const hidden = random.uniform(0.7, 0.95);
    glass.disc(x, y, radius * grownBy(strength, 0.85 * (i / ROSETTES)) ** 0.8, (at, turn, away) => {
      const lobes = 1 + 0.12 * Math.cos(3 * turn + phases[0]) + 0.08 * Math.cos(5 * turn + phases[1]);
      const rib = Math.cos(ribs * turn + 60 * away);
      return { hidden: hidden * (0.66 + 0.2 * Math.tanh(grain[at]) + 0.14 * rib), reach: lobes };
    });
    glass.settle(shade);
  }
  return glass.seen;
};
const ROSETTES = 24;

/** How far an animal that is born at one strength has grown at another, 0..1. */
function grownBy(strength, birth) {
  return part((strength - birth) / (1 - birth));
}

function part(value) {
  return Math.min(Math.max(value, 0), 1);
}

/** Beyond so many times its radius, squared, an edge is invisible: exp(-1.75³) is 0.5 %. */
const FADED = 1.75;
/** No edge is sharper than this many pixels; what is smaller hides less instead, so that all of it hides as much. */
const SOFT = 0.75;
/** The border of an animal is darker than its middle by this share. */
const ROUND = 0.3;

/** A glass that animals settle on, one after the other; each lies over those before. */
class Glass {
  #size;
  #opacity;
  /** shade of what is seen, by its opacity */
  #light;
  /** of the animal that is being drawn: how much it hides */
  #own;
  /** the part of the glass that it may be on, in pixels */
  #left = Infinity;
  #right = -1;
  #top = Infinity;
  #bottom = -1;

  constructor(size) {
    this.#size = size;
    const count = size.height * size.width;
    this.#opacity = new Float32Array(count);
    this.#light = new Float32Array(count);
    this.#own = new Float32Array(count);
  }

  get seen() {
    const texture = this.#light.map((light, i) => (light > 0 ? light / this.#opacity[i] : 0));
    return { opacity: this.#opacity, texture };
  }

  /** @returns the place that lies so many widths away */
  beyond({ x, y }, heading, length) {
    const aspect = this.#size.width / this.#size.height;
    return { x: x + length * Math.cos(heading), y: y + length * aspect * Math.sin(heading) };
  }

  dot(x, y, radius, hidden) {
    this.#draw({ x, y }, { x, y }, radius, hidden, 2);
  }

  thread(from, to, radius, hidden) {
    this.#draw(from, to, radius, hidden, 1);
  }

  /**
   * @param look - what is to be seen at a pixel, in which direction from the middle (in radians) and how far from it (in
   *   widths): how much it hides, and how far the edge lies there in radii
   */
  disc(x, y, radius, look) {
    if (radius === 0) return;
    const { width } = this.#size;
    const { across, down, soft, share } = this.#measures({ x, y }, radius, 2);
    this.#each({ x, y }, { x, y }, 1.25 * soft, (at, column, row) => {
      const [dx, dy] = [column - across, row - down];
      const away = Math.hypot(dx, dy);
      const { hidden, reach } = look(at, Math.atan2(dy, dx), away / width);
      const t = (away / (soft * reach)) ** 2;
      if (t < FADED) this.#own[at] = hidden * share * Math.exp(-t * t * t * t);
    });
  }

  /** Lays the animal that was drawn over what is there. */
  settle(shade) {
    for (let row = this.#top; row <= this.#bottom; row++) {
      const start = row * this.#size.width;
      for (let at = start + this.#left; at <= start + this.#right; at++) {
        const own = this.#own[at];
        if (own === 0) continue;
        // A thin part is round: its border turns away from the light.
        this.#light[at] = this.#light[at] * (1 - own) + own * shade * (1 - ROUND + ROUND * own);
        this.#opacity[at] = 1 - (1 - this.#opacity[at]) * (1 - own);
        this.#own[at] = 0;
      }
    }
    this.#left = this.#top = Infinity;
    this.#right = this.#bottom = -1;
  }

  /** A capsule from one place to the other. @param sides - in how many directions it may be thinner than a pixel */
  #draw(from, to, radius, hidden, sides) {
    if (radius === 0) return;
    const { across, down, soft, share } = this.#measures(from, radius, sides);
    const { height, width } = this.#size;
    const [dx, dy] = [(to.x - from.x) * width, (to.y - from.y) * height];
    const length = dx * dx + dy * dy;
    const [most, squared] = [hidden * share, soft * soft];
    this.#each(from, to, soft, (at, column, row) => {
      const [right, below] = [column - across, row - down];
      const along = length === 0 ? 0 : part((right * dx + below * dy) / length);
      const t = ((right - along * dx) ** 2 + (below - along * dy) ** 2) / squared;
      if (t >= FADED) return;
      const own = most * Math.exp(-t * t * t);
      if (own > this.#own[at]) this.#own[at] = own;
    });
  }

  /** A place and a radius in pixels; `soft` is the radius that is drawn, with `share` of its opacity. */
  #measures({ x, y }, radius, sides) {
    const { height, width } = this.#size;
    const sharp = radius * width;
    const soft = Math.hypot(sharp, SOFT);
    return { across: x * width, down: y * height, soft, share: (sharp / soft) ** sides };
  }

  /** Visits the pixels within `soft`, and what fades beyond it, of a box with two corners. */
  #each(from, to, soft, visit) {
    const { height, width } = this.#size;
    const reach = Math.sqrt(FADED) * soft;
    const first = (a, b, count) => Math.max(Math.ceil(Math.min(a, b) * count - reach - 0.5), 0);
    const last = (a, b, count) => Math.min(Math.floor(Math.max(a, b) * count + reach - 0.5), count - 1);
    const [left, right] = [first(from.x, to.x, width), last(from.x, to.x, width)];
    const [top, bottom] = [first(from.y, to.y, height), last(from.y, to.y, height)];
    if (left > right || top > bottom) return;
    this.#left = Math.min(this.#left, left);
    this.#right = Math.max(this.#right, right);
    this.#top = Math.min(this.#top, top);
    this.#bottom = Math.max(this.#bottom, bottom);
    for (let row = top; row <= bottom; row++) {
      for (let column = left, at = row * width + left; column <= right; column++, at++) {
        visit(at, column + 0.5, row + 0.5);
      }
    }
  }
}
