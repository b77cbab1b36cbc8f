/** An example of a method: how unlike the reference a window's fine structure lies in the picture. */
const SIDE = 48;
const known = new WeakMap();

/** @param reference - clean pictures @returns a function from a window of pictures to a number */
export default function fit(reference) {
  const clean = pattern(reference);
  return (window) => 1 - pattern(window).reduce((sum, value, i) => sum + value * clean[i], 0);
}

/** Median of each cell over the pictures, so that fish don’t count; then with mean 0 and length 1. */
function pattern(pictures) {
  const all = pictures.map(structure);
  const cells = all[0].map((_, i) => all.map((each) => each[i]).sort((a, b) => a - b)[all.length >> 1]);
  const mean = cells.reduce((sum, value) => sum + value) / cells.length;
  const length = Math.hypot(...cells.map((value) => value - mean));
  return cells.map((value) => (value - mean) / length);
}

/** Logarithm of all steps of green from pixel to pixel, in 48 × 48 cells. Computed once for each picture. */
function structure(picture) {
  if (known.has(picture)) return known.get(picture);
  const { width, data } = picture.decode();
  const cells = new Array(SIDE * SIDE).fill(1);
  for (let pixel = width + 1, at = 3 * pixel + 1; at < data.length; pixel++, at += 3) {
    const cell = SIDE * Math.floor((at * SIDE) / data.length) + Math.floor(((pixel % width) * SIDE) / width);
    cells[cell] += Math.abs(data[at] - data[at - 3]) + Math.abs(data[at] - data[at - 3 * width]);
  }
  return known.set(picture, cells.map(Math.log)).get(picture);
}
