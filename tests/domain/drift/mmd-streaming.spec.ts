import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { createDetector, MmdStreaming, type Detector } from '../../../src/core/domain/drift/detectors';
import { kernelSaturation, type Sample } from '../../../src/core/domain/drift/kernel';
import { mmd2 } from '../../../src/core/domain/drift/mmd';

interface Case {
  name: string;
  reference: (number | number[])[];
  window_size: number;
  sigma: number;
  warmup_rows: number;
  warmup_distances: (number | null)[];
  stream: (number | number[])[];
  distances: (number | null)[];
  expected_k_xx: number;
  dtype: string;
}

interface Sequence {
  window_size: number;
  sigma: number;
  reference_1: number[][];
  reference_2: number[][];
  stream_1: number[][];
  stream_2: number[][];
  distances_1: (number | null)[];
  distances_2: (number | null)[];
}

/** Made with Frouros 0.10.0 itself, see `versions` in the file. */
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/mmd_streaming.json', import.meta.url), 'utf8'),
) as { cases: Case[]; sequences: [Sequence, Pick<Sequence, 'distances_2'>] };

/**
 * Absolute, because distances pass through 0. Frouros is itself within 1.4e-15 of an 80-bit evaluation, and we are
 * within 2.3e-15 of Frouros (the worst is case 11: sigma 1000, where nearly equal numbers are subtracted); other
 * machines' exp may differ in the last bit.
 */
const TOLERANCE = 1e-12;

const toSamples = (rows: readonly (number | number[])[], dtype = 'float64'): Sample[] =>
  rows.map((row) => (dtype === 'float32' ? Float32Array : Float64Array).from([row].flat()));

function expectDistances(actual: readonly (number | null)[], expected: readonly (number | null)[]): void {
  expect(actual.map((distance) => distance === null)).toEqual(expected.map((distance) => distance === null));
  const errors = actual.map((distance, i) => Math.abs((distance ?? 0) - (expected[i] ?? 0)));
  expect(Math.max(...errors)).toBeLessThan(TOLERANCE);
}

/** Reproducible float32 embeddings, uniform in 0..0.3. */
function embeddings(count: number, length: number, seed: number): Float32Array[] {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (0.3 * state) / 2 ** 32;
  };
  return Array.from({ length: count }, () => Float32Array.from({ length }, next));
}

for (const golden_ of golden.cases) {
  test(`equals Frouros on ${golden_.name}`, () => {
    const reference = toSamples(golden_.reference, golden_.dtype);
    const detector = new MmdStreaming({ windowSize: golden_.window_size, sigma: golden_.sigma });
    detector.fit(reference);
    const warmUp = reference.slice(0, golden_.warmup_rows).map((sample) => detector.update(sample));
    const stream = toSamples(golden_.stream, golden_.dtype).map((sample) => detector.update(sample));
    expectDistances(warmUp, golden_.warmup_distances);
    expectDistances(stream, golden_.distances);
    expect(Math.abs(kernelSaturation(reference, golden_.sigma) - golden_.expected_k_xx)).toBeLessThan(
      TOLERANCE,
    );
  });
}

test('a window equal to a constant reference has a distance of exactly 0', () => {
  const constant = golden.cases.find(({ name }) => name === '12_constant_then_constant')!;
  const detector = new MmdStreaming({ windowSize: constant.window_size, sigma: constant.sigma });
  detector.fit(toSamples(constant.reference));
  const distances = toSamples(constant.reference).map((sample) => detector.update(sample));
  expect(distances.at(-1)).toBe(0);
});

test('equals Frouros through fit, reset and fit', () => {
  const [sequence] = golden.sequences;
  const detector = new MmdStreaming({ windowSize: sequence.window_size, sigma: sequence.sigma });
  detector.fit(toSamples(sequence.reference_1));
  expectDistances(
    toSamples(sequence.stream_1).map((sample) => detector.update(sample)),
    sequence.distances_1,
  );
  detector.reset();
  detector.fit(toSamples(sequence.reference_2));
  expectDistances(
    toSamples(sequence.stream_2).map((sample) => detector.update(sample)),
    sequence.distances_2,
  );
});

test('fitting again without reset empties the window, and equals Frouros once it is full again', () => {
  const [sequence, { distances_2 }] = golden.sequences;
  const detector = new MmdStreaming({ windowSize: sequence.window_size, sigma: sequence.sigma });
  detector.fit(toSamples(sequence.reference_1));
  for (const sample of toSamples(sequence.stream_1)) detector.update(sample);
  detector.fit(toSamples(sequence.reference_2));
  expect(detector.windowFill).toBe(0);
  // Frouros kept the old window: its golden has a distance from the first update on.
  expect(distances_2[0]).not.toBeNull();
  const full = sequence.window_size - 1;
  expectDistances(
    toSamples(sequence.stream_2).map((sample) => detector.update(sample)),
    distances_2.map((distance, i) => (i < full ? null : distance)),
  );
});

test('window of 12 gives no distance until the twelfth embedding', () => {
  const detector = new MmdStreaming({ windowSize: 12, sigma: 0.3 });
  detector.fit(embeddings(20, 4, 1));
  const fills: number[] = [];
  const distances = embeddings(14, 4, 2).map((embedding) => {
    const distance = detector.update(embedding);
    fills.push(detector.windowFill);
    return distance;
  });
  expect(distances.map((distance) => distance === null)).toEqual([
    ...Array<boolean>(11).fill(true),
    false,
    false,
    false,
  ]);
  expect(fills).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 12, 12]);
});

for (const length of [1, 3, 64, 67]) {
  test(`rebuilt from the last window of length ${length}, a detector gives the same distances to the last bit`, () => {
    const reference = embeddings(53, length, 3);
    const stream = embeddings(60, length, 4);
    const settings = { windowSize: 12, sigma: 0.3 * Math.sqrt(length / 8) };
    const uninterrupted = new MmdStreaming(settings);
    uninterrupted.fit(reference);
    const distances = stream.map((embedding) => uninterrupted.update(embedding));

    for (let reload = 12; reload < stream.length; reload++) {
      const rebuilt = new MmdStreaming(settings);
      rebuilt.fit(reference);
      let last: number | null = null;
      for (const embedding of stream.slice(reload - 12, reload)) last = rebuilt.update(embedding);
      expect(Object.is(last, distances[reload - 1])).toBe(true);
      expect(Object.is(rebuilt.update(stream[reload]!), distances[reload])).toBe(true);
    }
  });
}

test('a streamed distance is the batch distance of its window to the last bit', () => {
  const reference = embeddings(30, 9, 5);
  const stream = embeddings(25, 9, 6);
  const detector = new MmdStreaming({ windowSize: 7, sigma: 0.4 });
  detector.fit(reference);
  stream.forEach((embedding, i) => {
    const distance = detector.update(embedding);
    if (i >= 6) expect(Object.is(distance, mmd2(reference, stream.slice(i - 6, i + 1), 0.4))).toBe(true);
  });
});

test('arrays that the caller changes afterwards do not change a distance', () => {
  const reference = embeddings(20, 5, 7);
  const stream = embeddings(15, 5, 8);
  const expected = new MmdStreaming({ windowSize: 4, sigma: 0.3 });
  expected.fit(reference);
  const distances = stream.map((embedding) => expected.update(embedding));

  const reused = reference.map((embedding) => embedding.slice());
  const detector = new MmdStreaming({ windowSize: 4, sigma: 0.3 });
  detector.fit(reused);
  for (const embedding of reused) embedding.fill(9);
  const buffer = new Float32Array(5);
  expect(
    stream.map((embedding) => {
      buffer.set(embedding);
      return detector.update(buffer);
    }),
  ).toEqual(distances);
});

test('fit and update leave their inputs as they were', () => {
  const reference = embeddings(9, 5, 9);
  const sample = embeddings(1, 5, 10)[0]!;
  const before = [...reference, sample].map((embedding) => [...embedding]);
  const detector = new MmdStreaming({ windowSize: 2, sigma: 0.3 });
  detector.fit(reference);
  detector.update(sample);
  detector.update(sample);
  expect([...reference, sample].map((embedding) => [...embedding])).toEqual(before);
});

test.describe('a refused call leaves the detector as it was', () => {
  const reference = embeddings(20, 3, 11);
  const stream = embeddings(12, 3, 12);
  const bad: [string, string, (detector: Detector) => void][] = [
    ['update with NaN', 'embedding-not-finite', (d) => d.update(Float32Array.of(0, NaN, 0))],
    ['update with Infinity', 'embedding-not-finite', (d) => d.update(Float32Array.of(0, 0, -Infinity))],
    ['update with a short embedding', 'embedding-length', (d) => d.update(Float32Array.of(0, 0))],
    ['update with a long embedding', 'embedding-length', (d) => d.update(new Float32Array(4))],
    ['update with an empty embedding', 'embedding-length', (d) => d.update(new Float32Array(0))],
    ['fit without an embedding', 'reference-too-small', (d) => d.fit([])],
    ['fit with one embedding', 'reference-too-small', (d) => d.fit(reference.slice(0, 1))],
    ['fit with NaN', 'embedding-not-finite', (d) => d.fit([...reference, Float32Array.of(0, 0, NaN)])],
    [
      'fit with Infinity',
      'embedding-not-finite',
      (d) => d.fit([Float32Array.of(0, Infinity, 0), ...reference]),
    ],
    ['fit with two lengths', 'embedding-length', (d) => d.fit([...reference, new Float32Array(2)])],
    [
      'fit with empty embeddings',
      'embedding-length',
      (d) => d.fit([new Float32Array(0), new Float32Array(0)]),
    ],
  ];
  for (const [title, code, call] of bad) {
    test(title, () => {
      // Both while the window fills and after.
      for (const before of [2, 7]) {
        const undisturbed = new MmdStreaming({ windowSize: 5, sigma: 0.3 });
        const detector = new MmdStreaming({ windowSize: 5, sigma: 0.3 });
        undisturbed.fit(reference);
        detector.fit(reference);
        stream.forEach((embedding, i) => {
          if (i === before) {
            const fill = detector.windowFill;
            expect(() => call(detector)).toThrow(expect.objectContaining({ name: 'AppError', code }));
            expect(detector.windowFill).toBe(fill);
          }
          expect(Object.is(detector.update(embedding), undisturbed.update(embedding))).toBe(true);
        });
      }
    });
  }

  test('update before fit', () => {
    const detector = new MmdStreaming({ windowSize: 2, sigma: 0.3 });
    expect(() => detector.update(stream[0]!)).toThrow(expect.objectContaining({ code: 'not-fitted' }));
    detector.fit(reference);
    expect(stream.slice(0, 2).map((embedding) => detector.update(embedding) === null)).toEqual([true, false]);
  });

  test('update after reset', () => {
    const detector = new MmdStreaming({ windowSize: 2, sigma: 0.3 });
    detector.fit(reference);
    detector.update(stream[0]!);
    detector.reset();
    expect(detector.windowFill).toBe(0);
    expect(() => detector.update(stream[0]!)).toThrow(expect.objectContaining({ code: 'not-fitted' }));
  });
});

test('the registry makes the detector that the settings name', () => {
  const detector = createDetector({ name: 'mmd-streaming', windowSize: 2, sigma: 0.3 });
  const direct = new MmdStreaming({ windowSize: 2, sigma: 0.3 });
  const reference = embeddings(5, 3, 13);
  detector.fit(reference);
  direct.fit(reference);
  const stream = embeddings(4, 3, 14);
  expect(detector.windowSize).toBe(2);
  expect(stream.map((embedding) => detector.update(embedding))).toEqual(
    stream.map((embedding) => direct.update(embedding)),
  );
});

const usable = { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 };
for (const [title, change] of [
  ['an unknown name', { name: 'mmd' }],
  ['an empty name', { name: '' }],
  ['the name of an object property', { name: 'constructor' }],
  ...[1, 0, -12, 2.5, NaN, Infinity].map(
    (windowSize) => [`window of ${windowSize}`, { windowSize }] as const,
  ),
  ...[0, -0.3, NaN, Infinity].map((sigma) => [`sigma ${sigma}`, { sigma }] as const),
] as const) {
  test(`the registry refuses ${title}`, () => {
    expect(() => createDetector({ ...usable, ...change })).toThrow(
      expect.objectContaining({ code: 'detector-settings' }),
    );
  });
}
