/** Pictures as another view of a camera would be, of any size. */

/** Width of the pictures in whose pixels folds are drawn, as the page looks at them. */
const WIDTH = 192;

/** A picture whose rows and columns are others of it. */
function moved({ height, width, data, ...rest }, rowOf, columnOf) {
  const changed = new Uint8Array(data.length);
  const columns = Int32Array.from({ length: width }, (_, x) => 3 * columnOf(x));
  for (let y = 0, to = 0; y < height; y++) {
    const row = 3 * width * rowOf(y);
    for (const column of columns) {
      for (let k = 0; k < 3; k++) changed[to++] = data[row + column + k];
    }
  }
  return { ...rest, height, width, data: changed };
}

/** Upside down. */
export function turned(picture) {
  return moved(
    picture,
    (y) => picture.height - 1 - y,
    (x) => picture.width - 1 - x,
  );
}

/** As in a mirror. */
export function mirrored(picture) {
  return moved(
    picture,
    (y) => y,
    (x) => picture.width - 1 - x,
  );
}

/** Its scene lies further down and right; beyond the border the last row or column goes on. */
export function shifted(picture, down, right) {
  const within = (place, count) => Math.min(count - 1, Math.max(0, place));
  return moved(
    picture,
    (y) => within(y - down, picture.height),
    (x) => within(x - right, picture.width),
  );
}

/** Its scene lies further up and left, or where that is less than 0, down and right; beyond the border it is mirrored. */
export function sampled(picture, down, right) {
  const within = (place, count) => (place < 0 ? -1 - place : place < count ? place : 2 * count - 1 - place);
  return moved(
    picture,
    (y) => within(y + down, picture.height),
    (x) => within(x + right, picture.width),
  );
}

/** A grey bag with folds hangs over so much of the width, in the light of the picture. */
export function bagged({ height, width, data, ...rest }, share) {
  const scale = width / WIDTH;
  const mean = [0, 1, 2].map(
    (k) => data.reduce((sum, v, i) => (i % 3 === k ? sum + v : sum), 0) / (data.length / 3),
  );
  const bag = new Uint8Array(data);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < share * width; x++) {
      const [u, v] = [x / scale, y / scale];
      const fold =
        1 + 0.25 * Math.sin(u / 5 + 2 * Math.sin(v / 17)) * Math.cos(v / 7 + 1.5 * Math.sin(u / 23));
      for (let k = 0; k < 3; k++)
        bag[3 * (y * width + x) + k] = Math.min(255, Math.round(1.1 * mean[k] * fold));
    }
  }
  return { ...rest, height, width, data: bag };
}
