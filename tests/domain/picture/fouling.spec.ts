import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { FouledLens, FOULINGS, type Fouling } from '../../../src/core/domain/picture/fouling';
import { imageProperties } from '../../../src/core/domain/picture/image-properties';
import { blurBy, pictureSums } from '../../wasm';

const SIZE = { height: 54, width: 96 };
const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7];
const SEVERITIES = [0.25, 0.5, 1, 2, 3, 4, 5];

/** Blue water above grey stones: every kind of fouling has something to hide, to blur and to tint. */
function scene({ height, width } = SIZE): Uint8Array {
  const bytes = new Uint8Array(height * width * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const stone = y > height / 2 && (x * 7 + y * 13) % 5 < 2;
      bytes.set(stone ? [150, 160, 140] : [40 + y / 2, 130 + (x % 3) * 15, 170], at);
    }
  }
  return bytes;
}

function even(value: number, { height, width } = SIZE): Uint8Array {
  return new Uint8Array(height * width * 3).fill(value);
}

function propertiesOf(bytes: Uint8Array, size = SIZE) {
  return imageProperties(size, size, pictureSums(bytes, size));
}

function difference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
}

function mean(bytes: Uint8Array, channel: number): number {
  let sum = 0;
  for (let i = channel; i < bytes.length; i += 3) sum += bytes[i]!;
  return (3 * sum) / bytes.length;
}

for (const kind of FOULINGS) {
  test.describe(kind, () => {
    test('one seed gives the same bytes from two lenses, and from one lens twice', () => {
      const lens = new FouledLens(kind, 2.5, SIZE, 11);
      const first = lens.apply(scene(), blurBy);
      expect(lens.apply(scene(), blurBy)).toEqual(first);
      expect(new FouledLens(kind, 2.5, SIZE, 11).apply(scene(), blurBy)).toEqual(first);
    });

    test('the picture is left as it was', () => {
      const picture = scene();
      const fouled = new FouledLens(kind, 5, SIZE, 1).apply(picture, blurBy);
      expect(picture).toEqual(scene());
      expect(fouled.buffer).not.toBe(picture.buffer);
    });

    test('a higher severity takes the picture further from the clean one, and measures no less', () => {
      const clean = scene();
      for (const seed of SEEDS) {
        const lenses = SEVERITIES.map((severity) => new FouledLens(kind, severity, SIZE, seed));
        const changes = lenses.map((lens) => difference(lens.apply(clean, blurBy), clean));
        expect(changes, `seed ${seed}`).toEqual([...new Set(changes)].sort((a, b) => a - b));
        expect(changes[0]).toBeGreaterThan(0);
        // Under severity 1 nothing may be hidden by half yet, so that a covered share stays at 0 for a while.
        const measures = lenses.map(({ measure }) => measure.value);
        expect(measures, `seed ${seed}`).toEqual([...measures].sort((a, b) => a - b));
        expect(new FouledLens(kind, 1, SIZE, seed).measure.value).toBeLessThan(measures.at(-1)!);
      }
    });

    test('severity 0.01 is nearly the clean picture, severity 5 far from it', () => {
      const clean = scene();
      for (const seed of SEEDS) {
        expect(difference(new FouledLens(kind, 0.01, SIZE, seed).apply(clean, blurBy), clean)).toBeLessThan(
          0.5,
        );
        expect(difference(new FouledLens(kind, 5, SIZE, seed).apply(clean, blurBy), clean)).toBeGreaterThan(
          10,
        );
      }
    });

    test('dirt grows without a jump at severity 1, where the range of training begins', () => {
      const clean = scene();
      const [before, after] = [0.999, 1.001].map((severity) =>
        new FouledLens(kind, severity, SIZE, 3).apply(clean, blurBy),
      );
      expect(difference(before!, after!)).toBeLessThan(0.1);
    });

    test('any size will do, down to a single pixel', () => {
      for (const [height, width] of [
        [12, 20],
        [1, 1],
        [1, 40],
        [40, 1],
        [7, 5],
      ] as const) {
        const size = { height, width };
        const lens = new FouledLens(kind, 5, size, 2);
        expect(lens.apply(scene(size), blurBy)).toHaveLength(height * width * 3);
        expect(lens.measure.value).toBeGreaterThanOrEqual(0);
        expect(lens.measure.value).toBeLessThanOrEqual(1);
      }
    });

    test('twice the size is the same lens', () => {
      const twice = { height: 108, width: 192 };
      for (const seed of SEEDS) {
        const small = new FouledLens(kind, 3, SIZE, seed);
        const large = new FouledLens(kind, 3, twice, seed);
        // The border of what is covered is drawn on another grid.
        expect(Math.abs(large.measure.value - small.measure.value)).toBeLessThan(0.01);
        const [a, b] = [small.apply(even(128), blurBy), large.apply(even(128, twice), blurBy)];
        for (let channel = 0; channel < 3; channel++) {
          expect(Math.abs(mean(a, channel) - mean(b, channel))).toBeLessThan(1);
        }
      }
    });

    test('a picture of another size, and arguments out of range, are refused', () => {
      const lens = new FouledLens(kind, 1, SIZE, 0);
      expect(() => lens.apply(new Uint8Array(0), blurBy)).toThrow(RangeError);
      expect(() => lens.apply(new Uint8Array(SIZE.height * SIZE.width * 4), blurBy)).toThrow(RangeError);
      for (const severity of [0, -1, 5.01, NaN, Infinity]) {
        expect(() => new FouledLens(kind, severity, SIZE, 0)).toThrow(RangeError);
      }
      for (const side of [0, -1, 1.5, NaN, Infinity]) {
        expect(() => new FouledLens(kind, 1, { height: side, width: 4 }, 0)).toThrow(RangeError);
        expect(() => new FouledLens(kind, 1, { height: 4, width: side }, 0)).toThrow(RangeError);
      }
      for (const seed of [-1, 0.5, 2 ** 32, NaN]) {
        expect(() => new FouledLens(kind, 1, SIZE, seed)).toThrow(RangeError);
      }
    });
  });
}

test('an unknown kind is refused', () => {
  expect(() => new FouledLens('rust' as Fouling, 1, SIZE, 0)).toThrow(RangeError);
});

test('another seed is another lens, except for defocus, which has nothing random', () => {
  for (const kind of FOULINGS) {
    const [a, b] = [1, 2].map((seed) => new FouledLens(kind, 4, SIZE, seed).apply(scene(), blurBy));
    if (kind === 'defocus') expect(a).toEqual(b);
    else expect(difference(a!, b!)).toBeGreaterThan(1);
  }
});

for (const kind of ['growth', 'cover'] as const) {
  test(`the covered share of ${kind} is that of the pixels where black and white differ by less than half`, () => {
    for (const seed of SEEDS) {
      const lens = new FouledLens(kind, 3, SIZE, seed);
      const [black, white] = [lens.apply(even(0), blurBy), lens.apply(even(255), blurBy)];
      let hidden = 0;
      for (let i = 0; i < black.length; i += 3) if (white[i]! - black[i]! < 127.5) hidden++;
      expect(lens.measure.kind).toBe('covered');
      expect(lens.measure.value).toBeGreaterThan(0.1);
      // Rounding to bytes decides for pixels that are hidden by half to within a level.
      expect(Math.abs(hidden / (black.length / 3) - lens.measure.value)).toBeLessThan(0.005);
    }
  });
}

test('the veil of silt is what black and white lack of their full distance', () => {
  for (const seed of SEEDS) {
    const lens = new FouledLens('silt', 4, SIZE, seed);
    const [black, white] = [lens.apply(even(0), blurBy), lens.apply(even(255), blurBy)];
    expect(lens.measure.kind).toBe('veiled');
    expect(lens.measure.value).toBeCloseTo(1 - difference(white, black) / 255, 2);
  }
});

test('silt is brown: red above green above blue', () => {
  for (const seed of SEEDS) {
    const own = new FouledLens('silt', 5, SIZE, seed).apply(even(0), blurBy);
    expect(mean(own, 0)).toBeGreaterThan(mean(own, 1));
    expect(mean(own, 1)).toBeGreaterThan(mean(own, 2));
  }
});

test('film takes red, and leaves more of green and blue', () => {
  for (const seed of SEEDS) {
    const white = new FouledLens('film', 4, SIZE, seed).apply(even(255), blurBy);
    const [red, green, blue] = [mean(white, 0), mean(white, 1), mean(white, 2)];
    expect(red).toBeLessThan(220);
    expect(red).toBeLessThan(green);
    const clean = propertiesOf(scene());
    const fouled = propertiesOf(new FouledLens('film', 4, SIZE, seed).apply(scene(), blurBy));
    expect(fouled.greenCast).toBeGreaterThan(clean.greenCast);
    expect(blue).toBeGreaterThan(0);
  }
});

test('growth creeps in from the borders: the middle is free for longest', () => {
  for (const seed of SEEDS) {
    const lens = new FouledLens('growth', 3, SIZE, seed);
    const [black, white] = [lens.apply(even(0), blurBy), lens.apply(even(255), blurBy)];
    const passing = (y: number, x: number) => {
      const at = (y * SIZE.width + x) * 3;
      return (white[at]! - black[at]!) / 255;
    };
    const row = (y: number) => {
      let sum = 0;
      for (let x = 32; x < 64; x++) sum += passing(y, x);
      return sum / 32;
    };
    expect(row(27)).toBeGreaterThan(0.9);
    expect(row(0)).toBeLessThan(0.5);
    expect(row(53)).toBeLessThan(0.5);
  }
});

test('defocus, droplets, film and silt lower the sharpness of a textured picture', () => {
  const clean = propertiesOf(scene()).sharpness;
  for (const kind of ['defocus', 'droplets', 'film', 'silt'] as const) {
    const fouled = new FouledLens(kind, 3, SIZE, 1).apply(scene(), blurBy);
    expect(propertiesOf(fouled).sharpness, kind).toBeLessThan(0.8 * clean);
  }
});

test('defocus spreads an edge by the radius that it tells, whichever way the edge runs', () => {
  const size = { height: 200, width: 200 };
  for (const severity of [0.5, 1, 2.2, 5]) {
    const lens = new FouledLens('defocus', severity, size, 0);
    expect(lens.measure.kind).toBe('blurred');
    for (const step of [3, 3 * size.width]) {
      const start = step === 3 ? 100 * 3 * size.width : 100 * 3;
      const picture = even(0, size);
      for (let i = 0; i < picture.length; i++) {
        const pixel = Math.floor(i / 3);
        if ((step === 3 ? pixel % size.width : Math.floor(pixel / size.width)) >= 100) picture[i] = 255;
      }
      const fouled = lens.apply(picture, blurBy);
      let variance = 0;
      for (let i = 1; i < 200; i++) {
        const rise = fouled[start + i * step]! - fouled[start + (i - 1) * step]!;
        variance += (rise / 255) * (i - 100) ** 2;
      }
      // Bytes cut the far ends of the spread.
      expect(Math.sqrt(variance) / size.width / lens.measure.value).toBeCloseTo(1, 1);
    }
  }
});

test('an even picture out of focus stays what it is, up to its border', () => {
  for (const value of [0, 1, 127, 255]) {
    expect(new FouledLens('defocus', 5, SIZE, 0).apply(even(value), blurBy)).toEqual(even(value));
  }
});

test('droplets leave the picture between them as sharp as it was', () => {
  const clean = scene();
  const fouled = new FouledLens('droplets', 1, SIZE, 5).apply(clean, blurBy);
  const same = fouled.filter((value, i) => Math.abs(value - clean[i]!) <= 1).length;
  expect(same / clean.length).toBeGreaterThan(0.5);
});

/** Of 24 lenses each, as the first version drew them: figures that were published rest on them. */
const FIRST = {
  film: 'f948fd6437d2db7b53324f51e1c1339e',
  silt: '3d0403c1806e2aabb014789a03ba8aee',
  growth: '6dd7d9d586ae7dc3d1c03bf317ddc7ac',
  droplets: '5a30cb72f24b381d9213b74a78cbc435',
  defocus: 'bbfdaeced501102e160c4925de7e2d07',
  cover: 'a77999347e94d8e67172066d84ae9142',
} as const;

test('the kinds of the first version come out as they did, to the byte', () => {
  const length = SIZE.height * SIZE.width * 3;
  const picture = Uint8Array.from({ length }, (_, i) => (i * 37 + (i >> 5) * 11) % 256);
  for (const [kind, expected] of Object.entries(FIRST) as [Fouling, string][]) {
    const hash = createHash('sha256');
    for (const severity of [0.1, 0.5, 1, 2.5, 4, 5]) {
      for (const seed of [0, 7, 8, 123456789]) {
        const lens = new FouledLens(kind, severity, SIZE, seed);
        hash.update(lens.apply(picture, blurBy)).update(String(lens.measure.value));
      }
    }
    expect(hash.digest('hex').slice(0, 32), kind).toBe(expected);
  }
});

/** A trained picture's size, in which small growth is more than a pixel. */
const TRAINED = { height: 216, width: 384 };
const SETTLERS = ['barnacles', 'tubes', 'nets', 'rosettes'] as const;

/** How much each place hides, 0..1, of a lens that is laid over black and over white. */
function hiding(lens: FouledLens, size = TRAINED): number[] {
  const [black, white] = [lens.apply(even(0, size), blurBy), lens.apply(even(255, size), blurBy)];
  return Array.from({ length: size.height * size.width }, (_, i) => {
    return 1 - (white[3 * i]! - black[3 * i]!) / 255;
  });
}

for (const kind of SETTLERS) {
  test(`${kind} settle anywhere on the glass, its middle and its borders alike`, () => {
    const cells = new Array<number>(9).fill(0);
    const seeds = Array.from({ length: 16 }, (_, seed) => seed);
    for (const seed of seeds) {
      for (const [i, hidden] of hiding(new FouledLens(kind, 5, TRAINED, seed)).entries()) {
        const column = Math.floor((3 * (i % TRAINED.width)) / TRAINED.width);
        const row = Math.floor((3 * Math.floor(i / TRAINED.width)) / TRAINED.height);
        cells[3 * row + column]! += (9 * hidden) / (TRAINED.height * TRAINED.width * seeds.length);
      }
    }
    const mean = cells.reduce((sum, cell) => sum + cell, 0) / 9;
    for (const cell of cells) expect(cell / mean).toBeGreaterThan(0.6);
    for (const cell of cells) expect(cell / mean).toBeLessThan(1.5);
  });

  test(`${kind} of severity 1 are a few that hide under 1 %, of severity 5 a tenth to two fifths`, () => {
    for (const seed of SEEDS) {
      const few = new FouledLens(kind, 1, TRAINED, seed).measure;
      expect(few.kind).toBe('covered');
      expect(few.value).toBeGreaterThan(0.0005);
      expect(few.value).toBeLessThan(0.01);
      const { value } = new FouledLens(kind, 5, TRAINED, seed).measure;
      expect(value).toBeGreaterThan(0.1);
      expect(value).toBeLessThan(0.4);
    }
  });

  test(`the covered share of ${kind} is all that they hide, together`, () => {
    const lens = new FouledLens(kind, 4, TRAINED, 2);
    const hidden = hiding(lens);
    const mean = hidden.reduce((sum, value) => sum + value, 0) / hidden.length;
    expect(lens.measure.value).toBeCloseTo(mean, 2);
  });

  test(`${kind} are paler than dark water, and darker than the surface`, () => {
    for (const seed of SEEDS) {
      const lens = new FouledLens(kind, 5, TRAINED, seed);
      for (const channel of [0, 1, 2]) {
        expect(mean(lens.apply(even(40, TRAINED), blurBy), channel)).toBeGreaterThan(50);
        expect(mean(lens.apply(even(240, TRAINED), blurBy), channel)).toBeLessThan(235);
      }
    }
  });
}

test('barnacles, tubes and nets have edges: each adds fine structure to an even picture, a film none', () => {
  for (const kind of ['barnacles', 'tubes', 'nets'] as const) {
    const fouled = new FouledLens(kind, 3, TRAINED, 1).apply(even(60, TRAINED), blurBy);
    const grey = new FouledLens('grey-film', 3, TRAINED, 1).apply(even(60, TRAINED), blurBy);
    const [sharp, soft] = [fouled, grey].map((bytes) => propertiesOf(bytes, TRAINED).sharpness);
    expect(sharp!, kind).toBeGreaterThan(20 * soft!);
  }
});

test('a grey film leaves grey grey, takes contrast, and softens', () => {
  for (const seed of SEEDS) {
    const lens = new FouledLens('grey-film', 4, SIZE, seed);
    expect(lens.measure.kind).toBe('veiled');
    const own = lens.apply(even(90), blurBy);
    expect(own.every((value, i) => value === own[i - (i % 3)])).toBe(true);
    const [clean, fouled] = [scene(), lens.apply(scene(), blurBy)].map((bytes) => propertiesOf(bytes));
    expect(fouled!.sharpness).toBeLessThan(0.8 * clean!.sharpness);
  }
});
