import { expect, test } from '@playwright/test';
import {
  EXAMINED,
  measureSet,
  suspicionsOf,
  traceOf,
  type Suspicion,
  type Trace,
} from '../../../src/features/adapt/pure/dirty-start';
import { FouledLens, type Fouling } from '../../../src/core/domain/picture/fouling';
import { Random } from '../../../src/core/domain/picture/noise';
import { blurBy } from '../../wasm';

const { height, width } = EXAMINED;
const FULL_HD = { height: 1080, width: 1920 };
const HOUR = 3_600_000;
const COUNT = 60;

interface Weather {
  /** Light, as a factor, and of it how much more there is to the right. */
  readonly light: number;
  readonly slope: number;
  /** Share of the water's own light between the camera and the stones. */
  readonly haze: number;
}

/** Stones with gaps between them before blue water, and a few dark fish; of the day's light, water and sensor noise. */
function snapshot({ light, slope, haze }: Weather, random: Random): Uint8Array {
  const picture = new Uint8Array(height * width * 3);
  const fish = Array.from(
    { length: 4 },
    () => [random.uniform(0, width), random.uniform(0, height)] as const,
  );
  const noise = Math.floor(random.uniform(0, 997)) * 31;
  for (let y = 0, at = 0; y < height; y++) {
    const water = [40, 120 - y / 4, 150 - y / 4] as const;
    for (let x = 0; x < width; x++, at += 3) {
      const isGap = (Math.floor(x / 9) * 7 + Math.floor(y / 7) * 13) % 5 < 2;
      const grain = (x * 31 + y * 17 + x * y) % 29;
      const isStone = y > 40 + 20 * Math.sin(x / 40);
      const isFish = fish.some(([left, top]) => (x - left) ** 2 / 9 + (y - top) ** 2 < 16);
      const here = light * (1 + slope * (x / width - 0.5));
      for (let c = 0; c < 3; c++) {
        const stone = isGap ? 4 : [95, 90, 80][c]! + 2 * grain;
        const clear = isFish ? 8 : isStone ? stone * (1 - haze) + water[c]! * haze : water[c]!;
        const flicker = ((at + c) * 7919 + noise) % 5;
        picture[at + c] = Math.min(here * clear + flicker, 255);
      }
    }
  }
  return picture;
}

let scene: readonly Uint8Array[] = [];

/** The traces of a set as one lens shows it, every two hours. */
function traced(
  pictures: readonly Uint8Array[],
  lensOf: (i: number) => FouledLens | null = () => null,
  source = FULL_HD,
): Trace[] {
  return pictures.map((picture, i) =>
    traceOf(lensOf(i)?.apply(picture, blurBy) ?? picture, 2 * HOUR * i, source),
  );
}

function kinds(suspicions: readonly Suspicion[]): string[] {
  return suspicions.map(({ kind }) => kind);
}

test.beforeAll(() => {
  const random = new Random(1);
  scene = Array.from({ length: COUNT }, () => {
    const weather = {
      light: random.uniform(0.5, 1.2),
      slope: random.uniform(-0.3, 0.3),
      haze: random.uniform(0.02, 0.2),
    };
    return snapshot(weather, random);
  });
});

test('a clean lens is not suspicious, however light and water change', () => {
  const traces = traced(scene);
  expect(suspicionsOf(traces), JSON.stringify(measureSet(traces))).toEqual([]);
});

const EXPECTED: readonly (readonly [Fouling, Suspicion['kind']])[] = [
  ['film', 'green-veil'],
  ['silt', 'brown-veil'],
  ['growth', 'cover'],
  ['cover', 'cover'],
  ['droplets', 'droplets'],
  ['defocus', 'soft'],
];

for (const [fouling, kind] of EXPECTED) {
  test(`${fouling} of severity 4 on every snapshot is suspected as ${kind} @long`, () => {
    for (const seed of [11, 22]) {
      const lens = new FouledLens(fouling, 4, EXAMINED, seed);
      const traces = traced(scene, () => lens);
      const found = suspicionsOf(traces);
      expect(kinds(found), `seed ${seed}, ${JSON.stringify(measureSet(traces))}`).toContain(kind);
      expect(found.every(({ when }) => when === 'throughout')).toBe(true);
    }
  });
}

test('a cover is told with its place and its share', () => {
  const covered = scene.map((picture) => {
    const copy = picture.slice();
    // The right quarter behind something dark brown, but for the sensor's noise.
    for (let y = 0; y < height; y++) {
      for (let x = (3 * width) / 4; x < width; x++) {
        const at = 3 * (y * width + x);
        for (let c = 0; c < 3; c++) copy[at + c] = [40, 30, 20][c]! + (picture[at + c]! % 3);
      }
    }
    return copy;
  });
  const cover = suspicionsOf(traced(covered)).find(({ kind }) => kind === 'cover')!;
  expect(cover.value).toBeCloseTo(0.25, 2);
  expect(cover.centre!.x).toBeCloseTo(0.875, 2);
  expect(cover.centre!.y).toBeCloseTo(0.5, 2);
  expect(cover.usual[1]).toBeLessThan(cover.value);
});

test('a lens that clouds over within the set is suspected of its later half, in whatever order it comes', () => {
  const lens = new FouledLens('defocus', 3, EXAMINED, 1);
  const twice = [...scene, ...scene];
  const found = suspicionsOf(traced(twice, (i) => (i < COUNT ? null : lens)).reverse());
  expect(found.map(({ kind, when }) => ({ kind, when }))).toContainEqual({ kind: 'soft', when: 'later' });
});

test('a small picture that was enlarged is not called soft', () => {
  const lens = new FouledLens('defocus', 2, EXAMINED, 1);
  const soft = scene.map((picture) => lens.apply(picture, blurBy));
  const of = (source: typeof FULL_HD) => kinds(suspicionsOf(traced(soft, undefined, source)));
  expect(of(FULL_HD)).toContain('soft');
  const small = of({ height: 120, width: 160 });
  expect(small).not.toContain('soft');
  expect(small).not.toContain('droplets');
});

test('a set of fewer than thirty, and none at all, raise no suspicion', () => {
  const lens = new FouledLens('defocus', 5, EXAMINED, 1);
  expect(suspicionsOf(traced([]))).toEqual([]);
  expect(suspicionsOf(traced(scene.slice(0, 29), () => lens))).toEqual([]);
  expect(suspicionsOf(traced(scene.slice(0, 30), () => lens))).not.toEqual([]);
});

test('pictures that are all alike, black or even, give numbers and not a failure', () => {
  for (const level of [0, 128, 255]) {
    const picture = new Uint8Array(height * width * 3).fill(level);
    const traces = traced(new Array<Uint8Array>(40).fill(picture));
    for (const [kind, { value }] of Object.entries(measureSet(traces)))
      expect(Number.isFinite(value), kind).toBe(true);
    expect(kinds(suspicionsOf(traces))).not.toContain('soft');
  }
});

test('pictures are left as they were, and the same set gives the same answer', () => {
  const lens = new FouledLens('growth', 4, EXAMINED, 3);
  const before = scene[0]!.slice();
  const some = scene.slice(0, 30);
  expect(suspicionsOf(traced(some, () => lens))).toEqual(suspicionsOf(traced(some, () => lens)));
  expect(Buffer.compare(scene[0]!, before)).toBe(0);
});

test('a picture of another size is refused', () => {
  expect(() => traceOf(new Uint8Array(12), 0, FULL_HD)).toThrow(RangeError);
});
