/**
 * Changes of the scene, made on pictures of any size: things that are removed (another place of the same picture is copied over
 * them, without a seam) and things that are added (a patch of another camera's scene).
 */

/** Width of the pictures in which places are sought, as the page looks at them. */
const WIDTH = 192;
const TRIES = 8000;
/** Share of the picture that has less structure than what is removed or added; and what comes in its place has at most so much of that. */
const STRUCTURE = 0.6;
const POORER = 0.6;
/** A print: share of the picture, the deviation by which it blurs, and the share of light that it scatters. */
const THUMB = { share: 0.1, blur: 3, veil: 0.25 };
/** Columns that only one position of a turned camera shows. */
const TURN = 10;

/**
 * @typedef {object} Wanted
 * @property {number} removed - how many
 * @property {number} added - how many
 * @property {number[]} areas - shares of the picture
 * @property {[number, number]} stretch - logarithms of height over width, between which it lies
 *
 * @typedef {object} Place - lengths in pixels of a picture 192 wide
 * @property {'removed' | 'added'} kind
 * @property {string} name
 * @property {boolean} isRound
 * @property {{ y: number, x: number }} middle
 * @property {{ y: number, x: number }} reach - from the middle
 * @property {{ y: number, x: number }} from - what comes there lies so far away
 * @property {number} tone - only of what is added: how bright it is beside what is around it
 */

/**
 * Places where a change shows.
 *
 * @param {import('./cameras.mjs').Snapshot[]} reference
 * @param {object} donor - a picture of another camera
 * @param {() => number} next - dice
 * @param {Wanted} wanted
 * @returns {Place[]}
 */
export function changedPlaces(reference, donor, next, { removed, added, areas, stretch }) {
  const size = reference[0].picture;
  const { height, width } = size;
  const texture = textureOf(medianOf(reference.slice(-24).map(({ picture }) => picture)));
  const donorTexture = textureOf(donor);
  const least = quantile(texture.data, STRUCTURE);
  const donorLeast = quantile(donorTexture.data, STRUCTURE);
  const between = (low, high) => low + (high - low) * next();
  const places = [];
  for (let tried = 0; tried < TRIES && places.length < removed + added; tried++) {
    const kind = places.length < removed ? 'removed' : 'added';
    const share = areas[Math.floor(between(0, areas.length))];
    const aspect = Math.exp(between(...stretch));
    const isRound = next() < 0.5;
    const half = isRound ? 1 / Math.sqrt(Math.PI) : 0.5;
    const [ry, rx] = [
      half * Math.sqrt(share * height * width * aspect),
      half * Math.sqrt((share * height * width) / aspect),
    ];
    if (ry > height / 2 - 3 || rx > width / 2 - TURN) continue;
    // Within what both positions of the camera show.
    const cy = between(0.8 * ry, height - 0.8 * ry);
    const cx = between(TURN + 0.6 * rx, width - 0.6 * rx);
    const place = {
      kind,
      name: `${kind} ${places.length}`,
      isRound,
      middle: { y: cy, x: cx },
      reach: { y: ry, x: rx },
    };
    const mask = maskOf(place, size);
    if (sumOf(mask.data) < 0.8 * share * height * width) continue;
    if (kind === 'removed') {
      const own = meanUnder(texture, mask, 0, 0);
      const [dy, dx] = [Math.round(between(-height, height)), Math.round(between(-width, width))];
      const fits = ry < cy + dy && cy + dy < height - ry && rx < cx + dx && cx + dx < width - rx;
      if (own < least || !fits || Math.abs(dy) + Math.abs(dx) < 1.2 * Math.max(ry, rx)) continue;
      if (meanUnder(texture, mask, dy, dx) > POORER * own) continue;
      places.push({ ...place, from: { y: dy, x: dx } });
      continue;
    }
    if (donor.height <= 2 * ry || donor.width <= 2 * rx) continue;
    const [dy, dx] = [
      Math.round(between(ry, donor.height - ry) - cy),
      Math.round(between(rx, donor.width - rx) - cx),
    ];
    if (meanUnder(donorTexture, mask, dy, dx) < donorLeast) continue;
    places.push({ ...place, from: { y: dy, x: dx }, tone: 1 + 0.6 * (between(0.6, 1.5) - 1) });
  }
  return places;
}

/**
 * A change of one place in pictures of one size.
 *
 * @param {Place} place
 * @param {import('../../src/core/domain/model/model').Size} size
 * @param {object} donor - a picture of another camera, as wide as these
 * @returns {(picture: object, strength: number) => object} `strength` of the contrast: murk takes from what is added, too
 */
export function changeOf(place, size, donor) {
  const scale = size.width / WIDTH;
  const whole = maskOf(place, size);
  const reach = Math.sqrt(sumOf(whole.data) / Math.PI) / 2;
  const box = boxOf(place, size, 3 * Math.ceil(Math.max(reach, 2 * scale)) + 4);
  const mask = planeOf(box, (y, x) => at(whole, y + box.top, x + box.left));
  const ring = ringOf(mask, scale);
  const from = {
    top: box.top + Math.round(scale * place.from.y),
    left: box.left + Math.round(scale * place.from.x),
  };
  const parts = { box, from: { ...box, ...from }, mask, ring, soft: blurred(mask, 0.6 * scale) };
  const { tone } = place;
  if (place.kind === 'added') {
    return (picture, strength) => withPatch(picture, donor, { ...parts, tone, strength });
  }
  const around = blurred(ring, reach);
  return (picture) => without(picture, { ...parts, reach, around });
}

/** How strong the contrast of each picture is beside the usual one's. */
export function strengthsOf(pictures) {
  const clearness = pictures.map(contrastOf);
  const usual = quantile(clearness, 0.5);
  return clearness.map((value) => Math.min(1.6, value / usual));
}

/**
 * A thumb's print on the glass, drawn: a round part of each picture is blurred, and some of its light scattered over it.
 *
 * @param {import('../../src/core/domain/model/model').Size} size
 * @returns {(picture: object) => object}
 */
export function thumbprint(size) {
  const scale = size.width / WIDTH;
  const height = size.height / scale;
  const reach = Math.sqrt((THUMB.share * WIDTH * height) / Math.PI);
  const place = {
    isRound: true,
    middle: { y: 0.55 * height, x: 0.4 * WIDTH },
    reach: { y: reach, x: reach },
  };
  const soft = blurred(maskOf(place, size), THUMB.blur * scale);
  return (picture) =>
    painted(picture, { top: 0, left: 0, ...size }, soft, (channel) => {
      const light = Math.min(255, 1.2 * (sumOf(channel.data) / channel.data.length));
      const smeared = blurred(channel, THUMB.blur * scale);
      return planeOf(size, (y, x) => (1 - THUMB.veil) * at(smeared, y, x) + THUMB.veil * light);
    });
}

function maskOf({ isRound, middle, reach }, size) {
  const scale = size.width / WIDTH;
  return planeOf(size, (row, column) => {
    const [y, x] = [row / scale - middle.y, column / scale - middle.x];
    const isInside = isRound
      ? (y / reach.y) ** 2 + (x / reach.x) ** 2 <= 1
      : Math.abs(y) <= reach.y && Math.abs(x) <= reach.x;
    return Number(isInside);
  });
}

/** Another place copied over one, its low tones bent until the seam is gone. */
function without(picture, { box, from, soft, ring, around, reach }) {
  return painted(picture, box, soft, (channel, k) => {
    const there = channelOf(picture, k, from);
    const gap = planeOf(box, (y, x) => (at(channel, y, x) - at(there, y, x)) * at(ring, y, x));
    const bent = blurred(gap, reach);
    return planeOf(box, (y, x) => at(there, y, x) + at(bent, y, x) / (at(around, y, x) + 1e-4));
  });
}

/** A patch of another scene in the light and the murk of this picture. */
function withPatch(picture, donor, { box, from, mask, soft, ring, tone, strength }) {
  return painted(picture, box, soft, (channel, k) => {
    const patch = channelOf(donor, k, from);
    const mean = meanUnder(patch, mask, 0, 0);
    const low = meanUnder(channel, ring, 0, 0);
    return planeOf(box, (y, x) => {
      const relative = Math.min(1.5, Math.max(-0.7, at(patch, y, x) / mean - 1));
      return low * tone * (1 + strength * relative);
    });
  });
}

function painted(picture, box, soft, newOf) {
  const data = new Uint8Array(picture.data);
  for (let k = 0; k < 3; k++) {
    const channel = channelOf(picture, k, box);
    const changed = newOf(channel, k);
    for (let i = 0; i < soft.data.length; i++) {
      const value = channel.data[i] + (changed.data[i] - channel.data[i]) * soft.data[i];
      const [y, x] = [Math.floor(i / box.width), i % box.width];
      data[3 * ((box.top + y) * picture.width + box.left + x) + k] = Math.round(
        Math.min(255, Math.max(0, value)),
      );
    }
  }
  return { ...picture, data };
}

/** Part of pictures of one size that has all of a place, and so many pixels around it. */
function boxOf({ middle, reach }, size, margin) {
  const scale = size.width / WIDTH;
  const span = (way, count) => {
    const least = Math.max(0, Math.floor(scale * (middle[way] - reach[way])) - margin);
    const most = Math.min(count, Math.ceil(scale * (middle[way] + reach[way])) + margin);
    return [least, most - least];
  };
  const [[top, height], [left, width]] = [span('y', size.height), span('x', size.width)];
  return { top, left, height, width };
}

/** The one of the pictures with the most fine structure but for a tenth. */
export function sharpest(snapshots) {
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

function ringOf(mask, scale) {
  const wide = blurred(mask, 2 * scale);
  return planeOf(mask, (y, x) => Number(at(wide, y, x) > 0.03 && at(mask, y, x) < 0.5));
}

function planeOf({ height, width }, valueOf) {
  const data = new Float32Array(height * width);
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) data[i] = valueOf(y, x);
  return { height, width, data };
}

/** A colour in a part of a picture; beyond the border the last pixel goes on. */
function channelOf({ height, width, data }, k, { top, left, ...size }) {
  const rowOf = (y) => Math.min(height - 1, Math.max(0, y + top));
  const columnOf = (x) => Math.min(width - 1, Math.max(0, x + left));
  return planeOf(size, (y, x) => data[3 * (rowOf(y) * width + columnOf(x)) + k]);
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

/** Numbers from 0 to 1, the same in every run. */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
