import { expect, test } from '@playwright/test';
import { emptyBands } from '../../../src/core/domain/glass/bands';
import { emptyCellSums, emptyColourSums } from '../../../src/core/domain/glass/cells';
import { fitGlass, Glass, type GlassFit } from '../../../src/core/domain/glass/glass';
import type { GlassSight } from '../../../src/core/domain/glass/sight';
import { LossReader, type Loss } from '../../../src/core/domain/glass/loss';
import { isOtherView } from '../../../src/core/domain/glass/views';
import type { KernelsFor } from '../../../src/core/domain/glass/kernels';
import { movesWithin } from '../../../src/core/domain/glass/move';
import { medians } from '../../../src/core/domain/glass/order';
import type { GlassPicture } from '../../../src/core/domain/glass/picture';
import { cleanReference, filmed, grown, murky, scene, seen, SIZE } from '../../domain/glass/glass-scenes';
import { oracleKernels } from '../../oracles/glass-kernels';
import { glassKernels } from '../../wasm';

const HALF = { height: SIZE.height / 2, width: SIZE.width / 2 };
const QUARTER = { height: SIZE.height / 4, width: SIZE.width / 4 };
const BANDS = ['finest', 'fine', 'coarse', 'yellow'] as const;

const reef = scene(1);
const elsewhere = scene(2);
const course: readonly GlassPicture[] = [
  ...[200, 201, 202].map((seed) => seen(reef, seed)),
  ...[203, 204].map((seed) => seen(reef, seed, 6, -11)),
  ...[205, 206].map((seed) => seen(reef, seed, -28, 25)),
  ...[207, 208].map((seed) => grown(seen(reef, seed), 5, 120)),
  murky(seen(reef, 209), 60, [120, 125, 122]),
  filmed(seen(reef, 210)),
  ...[211, 212, 213].map((seed) => seen(elsewhere, seed)),
  seen(reef, 214, 1, 1),
];

/** Numbers in -1..1 that are the same each time. */
function noise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** NaN is as far from a number as can be, and as near to NaN. */
function furthest(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  expect(got.length).toBe(wanted.length);
  return Array.from(wanted).reduce((most, value, i) => {
    const apart = Number.isNaN(value) && Number.isNaN(got[i]) ? 0 : Math.abs(got[i]! - value);
    return Math.max(most, Number.isNaN(apart) ? Infinity : apart);
  }, 0);
}

const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

test('bands are those of the oracle to a ten-thousandth of their deviation, at every size @long', () => {
  for (const height of [24, 96, 108, 384]) {
    const size = { height, width: 192 };
    const [oracle, simd] = [oracleKernels(size), glassKernels(size)];
    const pictures: GlassPicture[] = [1, 2].map((seed) => ({
      ...size,
      data: Uint8Array.from(noise(3 * height * 192, seed), (value) => 128 + 127 * value),
    }));
    if (height === SIZE.height) pictures.push(...course);
    pictures.push({ ...size, data: new Uint8Array(3 * height * 192) });
    pictures.push({ ...size, data: new Uint8Array(3 * height * 192).fill(255) });
    for (const picture of pictures) {
      const wanted = oracle.split(picture);
      const held = simd.split(
        picture,
        emptyBands(size, (length) => simd.floats(length)),
      );
      const guests = simd.split(picture);
      expect(held.brightness).toBeCloseTo(wanted.brightness, 9);
      for (const band of BANDS) {
        expect(furthest(held[band], wanted[band]), band).toBeLessThan(1e-4 * deviation(wanted[band]) + 1e-6);
        expect(furthest(guests[band], held[band]), band).toBe(0);
      }
      expect(furthest(simd.structureOf(held), oracle.structureOf(wanted))).toBeLessThan(1e-6);
      expect(simd.structureOf(guests)).toEqual(simd.structureOf(held));
    }
  }
});

test('products are those of the oracle, however far the moves lie apart', () => {
  const [oracle, simd] = [oracleKernels(SIZE), glassKernels(SIZE)];
  for (const [size, around, reach] of [
    [QUARTER, { down: 0, right: 0 }, { down: 10, right: 10 }],
    [HALF, { down: -20, right: 20 }, { down: 2, right: 2 }],
    [SIZE, { down: 44, right: -45 }, { down: 1, right: 1 }],
    [SIZE, { down: -95, right: 93 }, { down: 2, right: 1 }],
    [SIZE, { down: 96, right: -192 }, { down: 1, right: 1 }],
    [SIZE, { down: 0, right: 191 }, { down: 1, right: 1 }],
  ] as const) {
    const [before, after] = [1, 2].map((seed) => noise(size.height * size.width, seed)) as [
      Float32Array,
      Float32Array,
    ];
    const [wanted, got] = [new Float64Array(movesWithin(reach)), new Float64Array(movesWithin(reach))];
    oracle.products(before, after, size, around, reach, wanted);
    simd.products(before, after, size, around, reach, got);
    expect(furthest(got, wanted)).toBeLessThan(1e-3);
    expect(wanted.some((sum) => sum !== 0)).toBe(true);
  }
  const many = new Float64Array(41 * 41);
  const [before, after] = [noise(SIZE.height * SIZE.width, 1), noise(SIZE.height * SIZE.width, 2)];
  for (const [right, reach] of [
    [0, 20],
    [400, 1],
  ] as const) {
    const around = { down: 0, right };
    expect(() => {
      simd.products(before, after, SIZE, around, { down: reach, right: reach }, many);
    }).toThrow(RangeError);
  }
});

test('sums of cells are those of the oracle wherever the scene has moved, and those of colours exactly', () => {
  const [oracle, simd] = [oracleKernels(SIZE), glassKernels(SIZE)];
  for (const move of [
    { down: 0, right: 0 },
    { down: 3, right: -7 },
    { down: -30, right: 38 },
    { down: 90, right: 0 },
    { down: 0, right: -191 },
    { down: 200, right: 5 },
  ]) {
    for (const [size, side] of [
      [SIZE, 12],
      [SIZE, 18],
      [HALF, 6],
      [HALF, 9],
    ] as const) {
      const [band, pattern] = [noise(size.height * size.width, 3), noise(size.height * size.width, 4)];
      const cells = Math.floor(size.height / side) * Math.floor(size.width / side);
      const [wanted, got] = [emptyCellSums(cells), emptyCellSums(cells)];
      oracle.sumCells(band, pattern, size, side, move, wanted);
      simd.sumCells(band, pattern, size, side, move, got);
      expect(got.seen).toEqual(wanted.seen);
      for (const sum of ['energy', 'both', 'own'] as const) {
        expect(furthest(got[sum], wanted[sum]), sum).toBeLessThan(1e-4);
      }
    }
    const [wanted, got] = [emptyColourSums(50), emptyColourSums(50)];
    oracle.sumColours(course[0]!.data, SIZE, 18, move, wanted);
    simd.sumColours(course[0]!.data, SIZE, 18, move, got);
    expect(got).toEqual(wanted);
  }
});

test('medians are those of the oracle to the last bit, of any count, and of places that are not known', () => {
  const simd = glassKernels(SIZE);
  const rowsOf = (count: number, length: number) =>
    Array.from({ length: count }, (_, i) => {
      const row = noise(length, i + 1);
      // Place k is unknown in some rows, the first ten in all; others are equal, but none is -0.
      const isUnknown = (k: number) => k < 10 || (k * 7 + i * 3) % 11 < k % 9;
      return row.map((value, k) => (isUnknown(k) ? NaN : Math.round(50 * value) + 0));
    });
  for (const count of [1, 2, 3, 12, 46, 64, 96, 128]) {
    for (const length of [21, 1003]) {
      const rows = rowsOf(count, length);
      expect(simd.medians(rows), `${count} × ${length}`).toEqual(medians(rows));
    }
  }
  expect(() => simd.medians(rowsOf(129, 8))).toThrow(RangeError);
});

test('a camera is judged as by the oracle: same moves and views, excess and loss to a thousandth', () => {
  const reference = cleanReference(reef, 40);
  const fits = [oracleKernels, glassKernels].map((kernels) => fitGlass(reference, [], kernels));
  const [oracle, simd] = fits.map((fit, k) => lookAt(fit, [oracleKernels, glassKernels][k]!)) as [
    GlassSight[],
    GlassSight[],
  ];
  const moves = new Set<string>();
  const others: boolean[] = [];
  for (const [i, wanted] of oracle.entries()) {
    const got = simd[i]!;
    moves.add(`${wanted.move.down} ${wanted.move.right}`);
    expect([got.move, got.measured]).toEqual([wanted.move, wanted.measured]);
    expect(got.places).toBeCloseTo(wanted.places, 5);
    expect(got.strength).toBeCloseTo(wanted.strength, 5);
    expect(furthest(got.view, wanted.view)).toBeLessThanOrEqual(1);
    expect(furthest(got.excess, wanted.excess)).toBeLessThan(1e-3);
    const [first, second] = [wanted, got].map(({ losses }, k) =>
      new LossReader(fits[k]!, []).read(losses),
    ) as [Loss, Loss];
    expect(furthest(second.embedding, first.embedding)).toBeLessThan(1e-5);
    expect(second.visible).toBeCloseTo(first.visible, 5);
    expect(second.recognised).toBe(first.recognised);
    others.push(isOtherView(got, second.recognised, fits[1]!, []));
    expect(others.at(-1)).toBe(isOtherView(wanted, first.recognised, fits[0]!, []));
  }
  expect(moves.size).toBeGreaterThan(1);
  expect(new Set(others).size).toBe(2);
});

test('the same picture gets the same bits, whatever was looked at before, and none of the kernels’ own memory', () => {
  const fit = fitGlass(cleanReference(reef, 14), [], glassKernels);
  const [used, fresh] = [new Glass(fit, glassKernels), new Glass(fit, glassKernels)];
  for (const picture of course) used.look(picture);
  const sight = used.look(course[3]!);
  used.look(course[11]!);
  expect(sight).toEqual(fresh.look(course[3]!));
  const isOwn = (array: Float32Array | Int8Array) => array.buffer.byteLength === array.byteLength;
  expect([sight.excess, sight.losses, sight.view].every(isOwn)).toBe(true);
  expect([fit.structure, fit.sharp, fit.growth.fine.pattern, fit.loss.patterns.finest].every(isOwn)).toBe(
    true,
  );
});

test('when their own memory is full, arrays are ordinary ones, and say the same', () => {
  const simd = glassKernels(SIZE);
  const floats = Array.from({ length: 20 }, () => simd.floats(SIZE.height * SIZE.width));
  expect(new Set(floats.map(({ buffer }) => buffer)).size).toBeGreaterThan(2);
  const [first, last] = [floats[0]!, floats.at(-1)!];
  first.set(noise(first.length, 5));
  last.set(first);
  const reach = { down: 1, right: 1 };
  const [held, guest] = [new Float64Array(9), new Float64Array(9)];
  simd.products(first, first, SIZE, { down: 2, right: 3 }, reach, held);
  simd.products(last, last, SIZE, { down: 2, right: 3 }, reach, guest);
  expect(guest).toEqual(held);
});

test('a size whose rows are not whole vectors, and a picture of another size, are refused', () => {
  const size = { height: 96, width: 180 };
  const picture = { ...size, data: new Uint8Array(3 * 96 * 180) };
  expect(() => glassKernels(size)).toThrow(RangeError);
  expect(() => glassKernels(SIZE).split(picture)).toThrow(RangeError);
});

function lookAt(fit: GlassFit, kernels: KernelsFor): GlassSight[] {
  const glass = new Glass(fit, kernels);
  return course.map((picture) => glass.look(picture));
}
