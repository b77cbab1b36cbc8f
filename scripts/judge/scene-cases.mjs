import { glassKernels } from '../domain.mjs';
import { FOULINGS, fouledLens } from './dirt/fouled-lens.mjs';
import { Random } from './dirt/noise.mjs';

/**
 * Changes of the scene, made on a camera's own clean snapshots: things that are removed (another place of the same snapshot
 * is copied over them, without a seam) and things that are added (a patch of another camera's scene), each with the camera in
 * place and turned by 5 %. Beside them the same snapshots unchanged, through drawn
 * dirt, and through growth that hides all of them within ten days.
 */

/** Clean snapshots before the change, and after it. */
const BEFORE = 14;
const AFTER = 24;
const REMOVED = 26;
const ADDED = 9;
/** Shares of the picture. */
const AREAS = [0.04, 0.07, 0.1, 0.14];
/** Columns by which a camera is turned, of a picture 192 wide. */
const TURN = 10;
const TRIES = 8000;
/** Share of the picture that has less structure than what is removed or added; and what comes in its place has at most so much of that. */
const STRUCTURE = 0.6;
const POORER = 0.6;
const SEVERITIES = [3, 4];
const SEEDS = [11, 12];
/** Growth hides all after ten days of so many pictures in all, and stays for a dozen. */
const GROWING = 60;
const GROWN = 12;
const MOST = 8;

/**
 * @typedef {object} Sequence
 * @property {'removed' | 'added' | 'none' | 'drawn' | 'grows' | 'real'} kind
 * @property {string} name
 * @property {boolean} isTurned
 * @property {import('./cameras.mjs').Snapshot['truth'][]} truths - of each sight after the first `before`
 * @property {number[]} [times] - of each sight; one an hour where they are left out
 * @property {any[]} sights - in order, the clean ones before the change first
 * @property {number} before - how many of these come before the change
 */

/**
 * @param {(name: string) => Promise<Record<string, any>>} load - of `withDomain`
 * @param {import('./cameras.mjs').Course[]} courses
 * @returns {Promise<{ camera: string, cycle: string, fit: object, sequences: Sequence[] }[]>}
 */
export async function sceneSights(load, courses) {
  const { fitGlass, Glass } = await load('core/domain/glass/glass');
  const { MersenneTwister } = await load('core/domain/drift/mersenne-twister');
  const kernels = await glassKernels(load);
  const found = [];
  for (const [nth, course] of courses.entries()) {
    const { camera, cycle, reference } = course;
    const clean = course.stream.filter(({ truth }) => truth === 'clean');
    const short = clean.length < BEFORE + AFTER;
    const before = short ? reference.slice(-BEFORE) : clean.slice(0, BEFORE);
    const after = (short ? clean : clean.slice(BEFORE)).slice(0, AFTER);
    const other = courses.find((each) => each.camera !== camera);
    const fit = fitGlass(
      reference.map(({ picture }) => picture),
      reference.map(({ capturedAt }) => capturedAt),
      kernels,
    );
    const glass = new Glass(fit, kernels);
    const look = (picture) => glass.look(picture);
    const first = before.map(({ picture }) => look(picture));
    const pictures = after.map(({ picture }) => picture);
    const of = (kind, name, isTurned, changed) => ({
      kind,
      name,
      isTurned,
      before: first.length,
      truths: changed.map(() => (kind === 'drawn' || kind === 'grows' ? 'fouled' : 'clean')),
      sights: [...first, ...changed.map((picture) => look(isTurned ? turnedBy(picture, TURN) : picture))],
    });
    const sequences = [];
    const changes = makeChanges(reference, pictures, sharpest(other.reference), dice(7 + nth));
    for (const { kind, name, change } of [{ kind: 'none', name: 'none', change: (p) => p }, ...changes]) {
      const changed = pictures.map((picture, i) => change(picture, i));
      for (const isTurned of [false, true]) sequences.push(of(kind, name, isTurned, changed));
    }
    const size = { height: pictures[0].height, width: pictures[0].width };
    for (const kind of FOULINGS) {
      for (const severity of SEVERITIES) {
        for (const seed of SEEDS) {
          const foul = fouledLens(kind, severity, size, new Random(new MersenneTwister(seed)));
          const fouled = pictures.map((picture) => ({ ...picture, data: foul(picture.data) }));
          sequences.push(of('drawn', `${kind} ${severity} ${seed}`, false, fouled));
        }
      }
    }
    const grown = Array.from({ length: GROWING + GROWN }, (_, i) => {
      const severity = (MOST * Math.min(GROWING, i + 1)) / GROWING;
      const foul = fouledLens('growth', severity, size, new Random(new MersenneTwister(SEEDS[0])));
      const picture = pictures[i % pictures.length];
      return { ...picture, data: foul(picture.data) };
    });
    sequences.push(of('grows', 'growth', false, grown));
    sequences.push({
      kind: 'real',
      name: 'real',
      isTurned: false,
      before: 0,
      truths: course.stream.map(({ truth }) => truth),
      times: course.stream.map(({ capturedAt }) => capturedAt),
      sights: course.stream.map(({ picture }) => look(picture)),
    });
    found.push({ camera, cycle, fit, sequences });
  }
  return found;
}

/** @param next - dice */
function makeChanges(reference, pictures, donor, next) {
  const { height, width } = pictures[0];
  const texture = textureOf(medianOf(reference.slice(-24).map(({ picture }) => picture)));
  const donorTexture = textureOf(donor);
  const least = quantile(texture.data, STRUCTURE);
  const donorLeast = quantile(donorTexture.data, STRUCTURE);
  const between = (low, high) => low + (high - low) * next();
  const changes = [];
  for (let tried = 0; tried < TRIES && changes.length < REMOVED + ADDED; tried++) {
    const kind = changes.length < REMOVED ? 'removed' : 'added';
    const share = AREAS[Math.floor(between(0, AREAS.length))];
    const aspect = Math.exp(between(-0.6, 0.6));
    const isRound = next() < 0.5;
    const half = isRound ? 1 / Math.sqrt(Math.PI) : 0.5;
    const [ry, rx] = [
      half * Math.sqrt(share * height * width * aspect),
      half * Math.sqrt((share * height * width) / aspect),
    ];
    if (ry > height / 2 - 3 || rx > width / 2 - 10) continue;
    // Within what both positions of the camera show.
    const cy = between(0.8 * ry, height - 0.8 * ry);
    const cx = between(TURN + 0.6 * rx, width - 0.6 * rx);
    const inside = (y, x) =>
      isRound
        ? ((y - cy) / ry) ** 2 + ((x - cx) / rx) ** 2 <= 1
        : Math.abs(y - cy) <= ry && Math.abs(x - cx) <= rx;
    const mask = planeOf({ height, width }, (y, x) => Number(inside(y, x)));
    const size = sumOf(mask.data);
    if (size < 0.8 * share * height * width) continue;
    const own = meanUnder(texture, mask, 0, 0);
    const soft = blurred(mask, 0.6);
    const name = `${kind} ${changes.length}`;
    if (kind === 'removed') {
      const [dy, dx] = [Math.round(between(-height, height)), Math.round(between(-width, width))];
      const fits = ry < cy + dy && cy + dy < height - ry && rx < cx + dx && cx + dx < width - rx;
      if (own < least || !fits || Math.abs(dy) + Math.abs(dx) < 1.2 * Math.max(ry, rx)) continue;
      if (meanUnder(texture, mask, dy, dx) > POORER * own) continue;
      const ring = ringOf(mask);
      const reach = Math.sqrt(size / Math.PI) / 2;
      const around = blurred(ring, reach);
      changes.push({ kind, name, change: (picture) => without(picture, soft, ring, around, reach, dy, dx) });
      continue;
    }
    if (donor.height <= 2 * ry || donor.width <= 2 * rx) continue;
    const [dy, dx] = [
      Math.round(between(ry, donor.height - ry) - cy),
      Math.round(between(rx, donor.width - rx) - cx),
    ];
    if (meanUnder(donorTexture, mask, dy, dx) < donorLeast) continue;
    const ring = ringOf(mask);
    const tone = 1 + 0.6 * (between(0.6, 1.5) - 1);
    const clearness = pictures.map(contrastOf);
    const usual = quantile(clearness, 0.5);
    changes.push({
      kind,
      name,
      change: (picture, i) =>
        withPatch(picture, donor, {
          mask,
          soft,
          ring,
          dy,
          dx,
          tone,
          strength: Math.min(1.6, clearness[i] / usual),
        }),
    });
  }
  return changes;
}

/** Another place copied over one, its low tones bent until the seam is gone. */
function without(picture, soft, ring, around, reach, dy, dx) {
  return painted(picture, soft, (channel) => {
    const there = planeOf(picture, (y, x) => at(channel, y + dy, x + dx));
    const gap = planeOf(picture, (y, x) => (at(channel, y, x) - at(there, y, x)) * at(ring, y, x));
    const bent = blurred(gap, reach);
    return planeOf(picture, (y, x) => at(there, y, x) + at(bent, y, x) / (at(around, y, x) + 1e-4));
  });
}

/** A patch of another scene in the light and the murk of this picture. */
function withPatch(picture, donor, { mask, soft, ring, dy, dx, tone, strength }) {
  return painted(picture, soft, (channel, k) => {
    const patch = channelOf(donor, k);
    const mean = meanUnder(patch, mask, dy, dx);
    const low = meanUnder(channel, ring, 0, 0);
    return planeOf(picture, (y, x) => {
      const relative = Math.min(1.5, Math.max(-0.7, at(patch, y + dy, x + dx) / mean - 1));
      return low * tone * (1 + strength * relative);
    });
  });
}

function painted(picture, soft, newOf) {
  const data = new Uint8Array(picture.data);
  for (let k = 0; k < 3; k++) {
    const channel = channelOf(picture, k);
    const changed = newOf(channel, k);
    for (let i = 0; i < soft.data.length; i++) {
      const value = channel.data[i] + (changed.data[i] - channel.data[i]) * soft.data[i];
      data[3 * i + k] = Math.round(Math.min(255, Math.max(0, value)));
    }
  }
  return { ...picture, data };
}

/** Its scene lies further left; the new columns, which no cell of the reference shows, are a mirror image. */
function turnedBy({ height, width, data, ...rest }, columns) {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (y * width + (x + columns < width ? x + columns : 2 * width - 1 - x - columns));
      turned.set(data.subarray(from, from + 3), 3 * (y * width + x));
    }
  }
  return { ...rest, height, width, data: turned };
}

/** The one of the pictures with the most fine structure but for a tenth. */
function sharpest(snapshots) {
  const sharp = snapshots.map(({ picture }) => ({ picture, energy: contrastOf(picture) }));
  sharp.sort((a, b) => a.energy - b.energy);
  return sharp[Math.floor(0.9 * sharp.length)].picture;
}

function contrastOf(picture) {
  const grey = greyOf(picture);
  const [fine, wide] = [blurred(grey, 1), blurred(grey, 4)];
  const mean = sumOf(grey.data) / grey.data.length;
  return (
    Math.sqrt(fine.data.reduce((sum, v, i) => sum + (v - wide.data[i]) ** 2, 0) / fine.data.length) /
    (mean + 10)
  );
}

function textureOf(picture) {
  const grey = greyOf(picture);
  const [fine, wide] = [blurred(grey, 1.5), blurred(grey, 6)];
  return blurred(
    planeOf(grey, (y, x) => (at(fine, y, x) - at(wide, y, x)) ** 2),
    5,
  );
}

function medianOf(pictures) {
  const data = pictures[0].data.map((_, i) =>
    quantile(
      pictures.map((picture) => picture.data[i]),
      0.5,
    ),
  );
  return { ...pictures[0], data };
}

function ringOf(mask) {
  const wide = blurred(mask, 2);
  return planeOf(mask, (y, x) => Number(at(wide, y, x) > 0.03 && at(mask, y, x) < 0.5));
}

function planeOf({ height, width }, valueOf) {
  const data = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) data[i] = valueOf(y, x);
  return { height, width, data };
}

function channelOf(picture, k) {
  return planeOf(picture, (y, x) => picture.data[3 * (y * picture.width + x) + k]);
}

function greyOf({ height, width, data }) {
  return planeOf({ height, width }, (y, x) => {
    const i = 3 * (y * width + x);
    return 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  });
}

/** The nearest pixel of a plane. */
function at({ height, width, data }, y, x) {
  return data[Math.min(height - 1, Math.max(0, y)) * width + Math.min(width - 1, Math.max(0, x))];
}

function meanUnder(plane, mask, dy, dx) {
  let [sum, count] = [0, 0];
  for (let y = 0, i = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, i++) {
      if (mask.data[i] === 0) continue;
      sum += at(plane, y + dy, x + dx);
      count += 1;
    }
  }
  return sum / count;
}

/** Three means over a square, which are nearly a Gaussian; the border goes on. */
function blurred(plane, sigma) {
  const reach = Math.max(1, Math.round((Math.sqrt(4 * sigma ** 2 + 1) - 1) / 2));
  const { height, width } = plane;
  const mean = ({ data }, count, length, step, next) => {
    const means = new Float32Array(data.length);
    for (let line = 0; line < count; line++) {
      const value = (i) => data[line * next + Math.min(length - 1, Math.max(0, i)) * step];
      let sum = 0;
      for (let i = -reach; i <= reach; i++) sum += value(i);
      for (let i = 0; i < length; i++) {
        means[line * next + i * step] = sum / (2 * reach + 1);
        sum += value(i + reach + 1) - value(i - reach);
      }
    }
    return { height, width, data: means };
  };
  let found = plane;
  for (let pass = 0; pass < 3; pass++) {
    found = mean(mean(found, height, width, 1, width), width, height, width, 1);
  }
  return found;
}

function sumOf(values) {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function quantile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
