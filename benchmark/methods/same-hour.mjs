/** The mean difference of pixels to the reference's mean picture of the same hour of the day (UTC), or the nearest one. */
const STEP = 4;
const known = new WeakMap();

/** @param reference - clean pictures @returns a function from a window of pictures to a number */
export default function fit(reference) {
  const means = new Map();
  for (const hour of new Set(reference.map(hourOf))) {
    const all = reference.filter((picture) => hourOf(picture) === hour).map(pixels);
    means.set(
      hour,
      all[0].map((_, i) => all.reduce((sum, each) => sum + each[i], 0) / all.length),
    );
  }
  const apart = (one, other) => Math.min(Math.abs(one - other), 24 - Math.abs(one - other));
  const clean = (hour) =>
    means.get([...means.keys()].sort((a, b) => apart(a, hour) - apart(b, hour) || a - b)[0]);
  return (window) =>
    window.reduce((sum, picture) => sum + difference(pixels(picture), clean(hourOf(picture))), 0) /
    window.length;
}

function hourOf({ capturedAt }) {
  return new Date(capturedAt).getUTCHours();
}

function difference(one, other) {
  return one.reduce((sum, value, i) => sum + Math.abs(value - other[i]), 0) / one.length;
}

/** Each fourth pixel, both ways. Read once for each picture. */
function pixels(picture) {
  if (known.has(picture)) return known.get(picture);
  const { width, height, data } = picture.decode();
  const found = [];
  for (let y = 0; y < height; y += STEP) {
    for (let x = 0; x < width; x += STEP) {
      const at = 3 * (y * width + x);
      found.push(data[at], data[at + 1], data[at + 2]);
    }
  }
  known.set(picture, Float32Array.from(found));
  return known.get(picture);
}
