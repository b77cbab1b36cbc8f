/** Random numbers that a seed repeats; a colour is red, green and blue, in shares of full light. */
export class Random {
  #bits;

  /** @param {{ nextUint32: () => number }} bits - the page's `MersenneTwister` */
  constructor(bits) {
    this.#bits = bits;
  }

  /** @returns a number from `low` up to, not including, `high` */
  uniform(low, high) {
    return low + (high - low) * (this.#bits.nextUint32() / 2 ** 32);
  }

  /** @returns true with the given probability, 0..1 */
  chance(probability) {
    return this.uniform(0, 1) < probability;
  }

  /** @returns a colour with each channel in its own range */
  colour(low, high) {
    return [this.uniform(low[0], high[0]), this.uniform(low[1], high[1]), this.uniform(low[2], high[2])];
  }

  /** A colour between two; each channel is free for a quarter of the way, because fully free browns come out pink. */
  shade(low, high) {
    const way = 0.75 * this.uniform(0, 1);
    const channel = (c) => low[c] + (high[c] - low[c]) * (way + this.uniform(0, 0.25));
    return [channel(0), channel(1), channel(2)];
  }

  /** A normal number, mean 0 and deviation 1. @see Box and Muller 1958, Ann. Math. Stat. 29(2) */
  normal() {
    // The draw may be 0 but never 1, and the logarithm must not meet 0.
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform(0, 1)));
    return radius * Math.cos(this.uniform(0, 2 * Math.PI));
  }
}

/**
 * Smooth noise, mean 0 and deviation 1: rows × columns random numbers, drawn out over the picture.
 *
 * It takes the same draws for every size, so that pictures of two sizes have their lumps in the same places.
 *
 * @returns height × width; zeros for a single pixel
 * @see training/pictures.py, `clouds`, with torch's bicubic kernel but without its halfway stop at a quarter of the size
 */
export function clouds({ height, width }, rows, columns, random) {
  const lattice = Float32Array.from({ length: rows * columns }, () => random.normal());
  const wide = new Float32Array(rows * width);
  stretchLines(lattice, columns, wide, width, rows);
  const field = new Float32Array(height * width);
  const across = cubicTaps(rows, height);
  for (let y = 0, at = 0; y < height; y++) {
    const taps = across[y];
    const [above, here, below, last] = taps.map(({ weight }) => weight);
    let [a, b, c, d] = taps.map(({ index }) => index * width);
    for (let x = 0; x < width; x++, at++) {
      field[at] = above * wide[a++] + here * wide[b++] + below * wide[c++] + last * wide[d++];
    }
  }
  standardise(field);
  return field;
}

function stretchLines(from, length, to, width, lines) {
  const along = cubicTaps(length, width);
  for (let line = 0, at = 0; line < lines; line++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (const { index, weight } of along[x]) sum += weight * from[line * length + index];
      to[at] = sum;
    }
  }
}

/**
 * Sources and weights of each of `outputs` evenly spaced samples of `inputs` numbers.
 *
 * @see Keys 1981, IEEE TASSP 29(6), with a = -0.75 as torch; samples beyond an end repeat it
 */
function cubicTaps(inputs, outputs) {
  const a = -0.75;
  const near = (t) => ((a + 2) * t - (a + 3)) * t * t + 1;
  const far = (t) => ((a * t - 5 * a) * t + 8 * a) * t - 4 * a;
  return Array.from({ length: outputs }, (_, i) => {
    const place = ((i + 0.5) * inputs) / outputs - 0.5;
    const first = Math.floor(place);
    const t = place - first;
    const tap = (offset, weight) => {
      return { index: Math.min(Math.max(first + offset, 0), inputs - 1), weight };
    };
    return [tap(-1, far(1 + t)), tap(0, near(t)), tap(1, near(1 - t)), tap(2, far(2 - t))];
  });
}

function standardise(field) {
  // By index: an iterator over a typed array takes four times as long (V8 11.3).
  const count = field.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += field[i];
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += (field[i] - mean) ** 2;
  const deviation = Math.sqrt(squares / count) || 1;
  for (let i = 0; i < count; i++) field[i] = (field[i] - mean) / deviation;
}
