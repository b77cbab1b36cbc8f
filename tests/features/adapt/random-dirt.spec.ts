import { expect, test } from '@playwright/test';
import { FOULINGS } from '../../../src/core/domain/picture/fouling';
import { Random } from '../../../src/core/domain/picture/noise';
import { randomDirt } from '../../../src/features/adapt/pure/random-dirt';
import { blurBy } from '../../wasm';

const SIZE = { height: 9, width: 16 };
const DRAWS = 6000;

let drawn: readonly ReturnType<typeof randomDirt>[] | undefined;

/** The same for each test, drawn once. */
function draws() {
  const random = new Random(1);
  return (drawn ??= Array.from({ length: DRAWS }, () => randomDirt(SIZE, random)));
}

function picture(): Uint8Array {
  return Uint8Array.from({ length: SIZE.height * SIZE.width * 3 }, (_, i) => (i * 37) % 256);
}

/** Four standard errors of a share among `count`. */
function tolerance(share: number, count: number): number {
  return 4 * Math.sqrt((share * (1 - share)) / count);
}

test('the kinds come in their shares, and a second one evenly on every fifth picture @long', () => {
  const old = { film: 2, silt: 1.5, droplets: 1.5, growth: 1, cover: 2, defocus: 0.5 };
  const shares = { ...old, 'grey-film': 1, barnacles: 1, tubes: 1, nets: 1, rosettes: 1 };
  const all = draws();
  const both = all.filter(({ kinds }) => kinds.length === 2);
  expect(Math.abs(both.length / DRAWS - 0.2)).toBeLessThan(tolerance(0.2, DRAWS));
  for (const kind of FOULINGS) {
    const share = shares[kind] / 13.5;
    const first = all.filter(({ kinds }) => kinds[0] === kind).length / DRAWS;
    expect(Math.abs(first - share), kind).toBeLessThan(tolerance(share, DRAWS));
    const second = both.filter(({ kinds }) => kinds[1] === kind).length / both.length;
    expect(Math.abs(second - 1 / 11), kind).toBeLessThan(tolerance(1 / 11, both.length));
  }
  expect(all.every(({ kinds, lenses }) => kinds.length === lenses.length && kinds.length <= 2)).toBe(true);
});

test('strength is uniform from 0.15 to 1, and defocus tells that a second lens has 0.6 of it @long', () => {
  const all = draws();
  const strengths = all.map(({ strength }) => strength);
  expect(Math.min(...strengths)).toBeGreaterThanOrEqual(0.15);
  expect(Math.min(...strengths)).toBeLessThan(0.16);
  expect(Math.max(...strengths)).toBeLessThan(1);
  expect(Math.max(...strengths)).toBeGreaterThan(0.99);
  const mean = strengths.reduce((sum, strength) => sum + strength, 0) / DRAWS;
  // Of a uniform mean: 4 × 0.85 / √12 / √6000.
  expect(Math.abs(mean - 0.575)).toBeLessThan(0.0126);

  const errors = all.flatMap(({ kinds, lenses, strength }) =>
    kinds.flatMap((kind, i) => {
      if (kind !== 'defocus') return [];
      const own = i === 0 ? strength : 0.6 * strength;
      return [Math.abs(lenses[i]!.measure.value - Math.min(10 * own, 0.8 + 6 * own) / 384)];
    }),
  );
  expect(Math.max(...errors)).toBeLessThan(1e-12);
  expect(errors.length).toBeGreaterThan(250);
});

test('one seed gives the same dirt, and the picture is left as it was', () => {
  const clean = picture();
  for (let seed = 0; seed < 30; seed++) {
    const [a, b] = [randomDirt(SIZE, new Random(seed)), randomDirt(SIZE, new Random(seed))];
    const dirty = a.apply(clean, blurBy);
    expect(b.apply(clean, blurBy)).toEqual(dirty);
    expect(a.apply(clean, blurBy)).toEqual(dirty);
    expect(dirty).not.toEqual(clean);
    expect(dirty.buffer).not.toBe(clean.buffer);
  }
  expect(clean).toEqual(picture());
});

test('two lenses lie one over the other @long', () => {
  const both = draws().find(({ lenses }) => lenses.length === 2)!;
  const [first, second] = both.lenses;
  expect(both.apply(picture(), blurBy)).toEqual(second!.apply(first!.apply(picture(), blurBy), blurBy));
});

test('another size is the same dirt', () => {
  const twice = { height: 18, width: 32 };
  for (let seed = 0; seed < 50; seed++) {
    const [small, large] = [randomDirt(SIZE, new Random(seed)), randomDirt(twice, new Random(seed))];
    expect(large.kinds).toEqual(small.kinds);
    expect(large.strength).toBe(small.strength);
  }
});

test('a picture of another size, and a size without whole sides, are refused', () => {
  expect(() => randomDirt(SIZE, new Random(0)).apply(new Uint8Array(3), blurBy)).toThrow(RangeError);
  expect(() => randomDirt({ height: 0, width: 4 }, new Random(0))).toThrow(RangeError);
});
