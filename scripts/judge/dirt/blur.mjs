/** Number of passes of a box over a line: three are a Gaussian to within 9 % of its peak, for any sigma. */
const PASSES = 3;

/**
 * Gaussian blur in time that does not depend on `sigma`. Beyond its border the picture repeats its last pixels.
 *
 * @param {Uint8Array} picture - height × width × 3, not changed
 * @param {{ height: number, width: number }} size
 * @param {number} sigma - in pixels; variance is exact also between whole boxes, so a little more always blurs a little more
 * @returns {Float32Array} height × width × 3, in the picture's units, not rounded
 * @see Gwosdek et al. 2011, SSVM, LNCS 6667 (extended box filtering), as Pillow's `GaussianBlur`
 */
export function blur(picture, { height, width }, sigma) {
  const box = boxOf(sigma);
  if (box.whole === 0) return blurLittle(picture, { height, width }, box);
  const blurred = new Float32Array(picture);
  const margin = PASSES * (box.whole + 1);
  const line = new Float32Array(Math.max(height, width) + 2 * margin);
  const spare = new Float32Array(line.length);
  const row = 3 * width;
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < 3; c++) blurLine(blurred, y * row + c, 3, width, box, line, spare);
  }
  for (let i = 0; i < row; i++) blurLine(blurred, i, row, height, box, line, spare);
  return blurred;
}

/** The box of 2 × whole + 1 pixels, with `part` of one more at each end, whose variance is a third of sigma². */
function boxOf(sigma) {
  const variance = sigma ** 2 / PASSES;
  const whole = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const missing = (2 * whole + 1) * (3 * variance - whole * (whole + 1));
  return { whole, part: missing / (6 * ((whole + 1) ** 2 - variance)) };
}

/** If no box is wider than three pixels (sigma below √2), the passes together are seven taps. */
function blurLittle(picture, { height, width }, box) {
  const { part } = box;
  const share = 1 / (2 * part + 1) ** PASSES;
  const middle = (1 + 6 * part ** 2) * share;
  const first = 3 * (part + part ** 3) * share;
  const second = 3 * part ** 2 * share;
  const third = part ** 3 * share;
  const row = 3 * width;
  const along = new Float32Array(picture.length);
  const line = new Float32Array(row + 6 * PASSES);
  for (let y = 0, at = 0; y < height; y++) {
    line.set(picture.subarray(at, at + row), 3 * PASSES);
    for (let i = 0; i < 3 * PASSES; i++) {
      line[i] = picture[at + (i % 3)];
      line[row + 3 * PASSES + i] = picture[at + row - 3 + (i % 3)];
    }
    for (let i = 0; i < row; i++, at++) {
      along[at] =
        middle * line[i + 9] +
        first * (line[i + 6] + line[i + 12]) +
        second * (line[i + 3] + line[i + 15]) +
        third * (line[i] + line[i + 18]);
    }
  }
  const blurred = new Float32Array(picture.length);
  for (let y = 0, at = 0; y < height; y++) {
    const above = [1, 2, 3].map((away) => row * Math.max(y - away, 0));
    const below = [1, 2, 3].map((away) => row * Math.min(y + away, height - 1));
    const [up1, up2, up3] = above;
    const [down1, down2, down3] = below;
    for (let i = 0; i < row; i++, at++) {
      blurred[at] =
        middle * along[at] +
        first * (along[up1 + i] + along[down1 + i]) +
        second * (along[up2 + i] + along[down2 + i]) +
        third * (along[up3 + i] + along[down3 + i]);
    }
  }
  return blurred;
}

/** Blurs `count` numbers of `values` in place, from `start` in steps of `step`. */
function blurLine(values, start, step, count, box, line, spare) {
  const margin = PASSES * (box.whole + 1);
  line.fill(values[start], 0, margin);
  for (let i = 0, at = start; i < count; i++, at += step) line[margin + i] = values[at];
  line.fill(values[start + (count - 1) * step], margin + count, 2 * margin + count);

  let from = line;
  let to = spare;
  for (let pass = 1; pass <= PASSES; pass++) {
    average(from, to, count + 2 * (PASSES - pass) * (box.whole + 1), box);
    [from, to] = [to, from];
  }
  for (let i = 0, at = start; i < count; i++, at += step) values[at] = from[i];
}

/** Writes `count` box averages; the first is centred on the number `whole + 1` of `from`. */
function average(from, to, count, { whole, part }) {
  const share = 1 / (2 * (whole + part) + 1);
  const reach = 2 * whole + 2;
  let sum = 0;
  for (let i = 1; i < reach; i++) sum += from[i];
  for (let i = 0; i < count; i++) {
    const right = from[i + reach];
    to[i] = (sum + part * (from[i] + right)) * share;
    sum += right - from[i + 1];
  }
}
