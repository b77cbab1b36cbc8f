import { expect, test } from '@playwright/test';
import { estimateShift, type Grey } from '../../../src/core/domain/picture/picture-shift';

const SIZE = { height: 90, width: 160 };

function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A wide scene of overlapping plates of all greys and sizes: edges everywhere, as on a reef. */
function scene(seed: number): Grey {
  const random = uniform(seed);
  const [height, width] = [150, 240];
  const values = new Float32Array(height * width).fill(120);
  for (let plate = 0; plate < 250; plate++) {
    const [top, left] = [Math.floor(random() * height), Math.floor(random() * width)];
    const [bottom, right] = [top + 3 + random() * 25, left + 3 + random() * 25];
    const grey = 60 + 120 * random();
    for (let y = top; y < Math.min(height, bottom); y++) {
      for (let x = left; x < Math.min(width, right); x++) values[y * width + x] = grey;
    }
  }
  return { values, height, width };
}

/** What a camera at a place sees: 90 × 160 pixels of the scene. */
function seen(from: Grey, top: number, left: number, change = (grey: number, _x: number) => grey): Grey {
  const values = new Float32Array(SIZE.height * SIZE.width);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      values[y * SIZE.width + x] = change(from.values[(y + top) * from.width + x + left]!, x);
    }
  }
  return { values, ...SIZE };
}

test('a shift of whole pixels is found to a third of a pixel, to the right and down', () => {
  const reef = scene(1);
  for (const [down, right] of [
    [0, 0],
    [5, 12],
    [-7, 9],
    [4, -16],
  ] as const) {
    const shift = estimateShift(seen(reef, 30, 40), seen(reef, 30 - down, 40 - right));
    expect(shift, `${down} ${right}`).not.toBeNull();
    expect(Math.abs(shift!.right * 160 - right)).toBeLessThan(1 / 3);
    expect(Math.abs(shift!.down * 90 - down)).toBeLessThan(1 / 3);
  }
});

test('half the light, a slope of light, grain and a veil do not hide a shift', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const reef = scene(seed);
    const random = uniform(100 + seed);
    const grain = () => 8 * (random() + random() + random() - 1.5);
    const before = seen(reef, 30, 40, (grey) => grey + grain());
    const after = seen(reef, 25, 29, (grey, x) => 100 + 0.4 * grey + 0.3 * x + grain());
    const shift = estimateShift(before, after);
    expect(shift, `scene ${seed}`).not.toBeNull();
    expect(shift!.right).toBeCloseTo(11 / 160, 2);
    expect(shift!.down).toBeCloseTo(5 / 90, 2);
  }
});

test('fish in front of an unmoved scene do not move it', () => {
  const reef = scene(2);
  const withFish = (left: number) => {
    const picture = seen(reef, 30, 40);
    for (const top of [20, 45, 60]) {
      for (let y = top; y < top + 12; y++) picture.values.fill(20, y * 160 + left, y * 160 + left + 25);
    }
    return picture;
  };
  const shift = estimateShift(withFish(50), withFish(64));
  expect(Math.abs(shift!.right)).toBeLessThan(0.005);
  expect(Math.abs(shift!.down)).toBeLessThan(0.005);
});

test('a caption that stays in its corner does not hide a shift', () => {
  const reef = scene(3);
  const captioned = (picture: Grey) => {
    for (let y = 3; y < 10; y++) {
      for (let x = 4; x < 54; x++) picture.values[y * 160 + x] = (x * 7 + y * 3) % 5 < 2 ? 255 : 90;
    }
    return picture;
  };
  const shift = estimateShift(captioned(seen(reef, 30, 40)), captioned(seen(reef, 30, 28)));
  expect(shift!.right).toBeCloseTo(12 / 160, 2);
});

test('different scenes, noise and flat water give null, not a guess', () => {
  for (let seed = 1; seed <= 20; seed++) {
    expect(estimateShift(seen(scene(seed), 30, 40), seen(scene(seed + 50), 30, 40))).toBeNull();
    const random = uniform(seed);
    const noise = () => seen(scene(1), 30, 40, () => 255 * random());
    expect(estimateShift(noise(), noise())).toBeNull();
  }
  const water = seen(scene(1), 0, 0, () => 70);
  expect(estimateShift(water, water)).toBeNull();
  const slope = seen(scene(1), 0, 0, (_grey, x) => x);
  expect(estimateShift(water, slope)).toBeNull();
});

test('a shift beyond a fifth of the width is not mistaken for another', () => {
  const reef = scene(4);
  expect(estimateShift(seen(reef, 30, 0), seen(reef, 30, 60))).toBeNull();
});

test('the scale of the values does not matter, nor do thumbnails twice as large', () => {
  const reef = scene(5);
  const [before, after] = [seen(reef, 30, 40), seen(reef, 30, 30)];
  const expected = estimateShift(before, after)!;
  const scaled = ({ values, ...size }: Grey): Grey => ({
    values: Float32Array.from(values, (v) => v / 255),
    ...size,
  });
  expect(estimateShift(scaled(before), scaled(after))!.right).toBeCloseTo(expected.right, 4);
  const doubled = ({ values }: Grey): Grey => ({
    values: Uint8Array.from(
      { length: 180 * 320 },
      (_, i) => values[(Math.floor(i / 320) >> 1) * 160 + ((i % 320) >> 1)]!,
    ),
    height: 180,
    width: 320,
  });
  expect(estimateShift(doubled(before), doubled(after))!.right).toBeCloseTo(10 / 160, 2);
});

test('pictures survive, and those of unequal sizes are refused', () => {
  const before = seen(scene(6), 30, 40);
  const copy = before.values.slice();
  estimateShift(before, before);
  expect(before.values).toEqual(copy);
  expect(() => estimateShift(before, { ...before, height: 160, width: 90 })).toThrow(RangeError);
  expect(() => estimateShift({ ...before, height: 91 }, before)).toThrow(RangeError);
  const tiny = { values: new Uint8Array(400), height: 20, width: 20 };
  expect(estimateShift(tiny, tiny)).toBeNull();
});

test('an estimate takes less than 30 ms on an idle core', () => {
  const [before, after] = [seen(scene(7), 30, 40), seen(scene(7), 30, 30)];
  const times = Array.from({ length: 10 }, () => {
    const start = process.cpuUsage();
    estimateShift(before, after);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  // Of the processor’s time the least of ten: the machine may be busy with other tests.
  expect(Math.min(...times)).toBeLessThan(30);
});
