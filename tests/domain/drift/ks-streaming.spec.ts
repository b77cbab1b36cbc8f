import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { KsStreaming, type KsResult } from '../../../src/core/domain/drift/detectors/ks-streaming';
import { refusalOf } from '../../told';

interface Case {
  name: string;
  window_size: number;
  reference: number[];
  warmup_rows: number;
  warmup_results: ([number, number] | null)[];
  stream: number[];
  results: ([number, number] | null)[];
}

/** Made with Frouros 0.10.0 itself, see `versions` in the file; all equal scipy.stats.ks_2samp(method="exact"). */
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/ks_streaming.json', import.meta.url), 'utf8'),
) as { cases: Case[] };

/** Absolute: SciPy adds the same probabilities in another order, and for equal sizes multiplies ratios instead. */
const P_TOLERANCE = 1e-12;

function expectResults(actual: (KsResult | null)[], expected: ([number, number] | null)[]): void {
  // The statistic is the difference of the same two quotients, so exactly Frouros' number.
  expect(actual.map((result) => result && result.statistic)).toEqual(
    expected.map((result) => result && result[0]),
  );
  const errors = actual.map((result, i) => Math.abs((result?.pValue ?? 0) - (expected[i]?.[1] ?? 0)));
  expect(Math.max(0, ...errors)).toBeLessThan(P_TOLERANCE);
}

for (const golden of cases) {
  test(`equals Frouros on ${golden.name}`, () => {
    const detector = new KsStreaming({ windowSize: golden.window_size });
    detector.fit(golden.reference);
    const warmUp = golden.reference.slice(0, golden.warmup_rows).map((value) => detector.update(value));
    expectResults(warmUp, golden.warmup_results);
    expectResults(
      golden.stream.map((value) => detector.update(value)),
      golden.results,
    );
  });
}

test('small p-values keep their digits', () => {
  const { reference, window_size, stream, results } = cases.find(({ name }) => name.startsWith('05'))!;
  const detector = new KsStreaming({ windowSize: window_size });
  detector.fit(reference);
  const last = stream.map((value) => detector.update(value)).at(-1)!;
  const expected = results.at(-1)![1];
  expect(expected).toBeLessThan(1e-6);
  // 450 additions of positive numbers on the way: 1e-12 of the p-value itself is generous.
  expect(Math.abs(last.pValue / expected - 1)).toBeLessThan(1e-12);
});

test('window of 5 gives no result until the fifth number', () => {
  const detector = new KsStreaming({ windowSize: 5 });
  detector.fit([1, 2, 3, 4, 5, 6]);
  expect([1, 2, 3, 4, 5].map((value) => detector.update(value) === null)).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(detector.windowFill).toBe(5);
});

test('rebuilt from the last window, a detector gives the same results to the last bit', () => {
  const { reference, window_size, stream } = cases.find(({ name }) => name.startsWith('04'))!;
  const uninterrupted = new KsStreaming({ windowSize: window_size });
  uninterrupted.fit(reference);
  const results = stream.map((value) => uninterrupted.update(value));
  for (let reload = window_size; reload < stream.length; reload++) {
    const rebuilt = new KsStreaming({ windowSize: window_size });
    rebuilt.fit(reference);
    for (const value of stream.slice(reload - window_size, reload)) rebuilt.update(value);
    const next = rebuilt.update(stream[reload]!)!;
    expect(Object.is(next.statistic, results[reload]!.statistic)).toBe(true);
    expect(Object.is(next.pValue, results[reload]!.pValue)).toBe(true);
  }
});

test('fitting again empties the window and gives what a new detector gives', () => {
  const [{ reference: first }, { reference: second, window_size, stream }] = cases as [Case, Case];
  const refitted = new KsStreaming({ windowSize: window_size });
  refitted.fit(first);
  for (const value of stream) refitted.update(value);
  refitted.fit(second);
  const fresh = new KsStreaming({ windowSize: window_size });
  fresh.fit(second);
  expect(stream.map((value) => refitted.update(value))).toEqual(stream.map((value) => fresh.update(value)));
});

test('fit does not reorder the reference, nor follow what the caller does to it', () => {
  const reference = [3, 1, 2];
  const detector = new KsStreaming({ windowSize: 1 });
  detector.fit(reference);
  expect(reference).toEqual([3, 1, 2]);
  reference.fill(100);
  expect(detector.update(2)!.statistic).toBe(1 - 2 / 3);
});

test('10000 reference values are taken, 10001 refused while the old reference stays', () => {
  const detector = new KsStreaming({ windowSize: 2 });
  const values = Array.from({ length: 10_001 }, (_, i) => i);
  detector.fit(values.slice(1));
  expect(detector.update(1)).toBeNull();
  expect(refusalOf(() => detector.fit(values))).toBe(
    'detector-settings: the exact test takes at most 10000 reference values, got 10001',
  );
  expect(detector.windowFill).toBe(1);
  const { statistic, pValue } = detector.update(2)!;
  expect(statistic).toBe(0.9998);
  // Of the C(10002, 2) orders, 6 at either end reach this far. Frouros gives 2.399280167964018e-7; 10000 additions on
  // the way are worth at most 1e-12 of the p-value.
  expect(Math.abs(pValue / (12 / ((10_002 * 10_001) / 2)) - 1)).toBeLessThan(1e-12);
  expect(Math.abs(pValue / 2.399280167964018e-7 - 1)).toBeLessThan(1e-12);
});

test.describe('a refused call leaves the detector as it was', () => {
  const reference = [0.3, 0.1, 0.7, 0.4, 0.9];
  const stream = [0.2, 0.8, 0.5, 0.1, 0.6, 0.35];
  const bad: [string, string, (detector: KsStreaming) => void][] = [
    ['update with NaN', 'embedding-not-finite', (d) => d.update(NaN)],
    ['update with Infinity', 'embedding-not-finite', (d) => d.update(Infinity)],
    ['fit without a number', 'reference-too-small', (d) => d.fit([])],
    ['fit with NaN', 'embedding-not-finite', (d) => d.fit([1, NaN])],
  ];
  for (const [title, code, call] of bad) {
    test(title, () => {
      const undisturbed = new KsStreaming({ windowSize: 3 });
      const detector = new KsStreaming({ windowSize: 3 });
      undisturbed.fit(reference);
      detector.fit(reference);
      for (const value of stream) {
        expect(() => call(detector)).toThrow(expect.objectContaining({ name: 'AppError', code }));
        expect(detector.update(value)).toEqual(undisturbed.update(value));
      }
    });
  }

  test('update before fit and after reset', () => {
    const detector = new KsStreaming({ windowSize: 2 });
    const notFitted = expect.objectContaining({ code: 'not-fitted' });
    expect(() => detector.update(1)).toThrow(notFitted);
    detector.fit(reference);
    detector.update(1);
    detector.reset();
    expect(detector.windowFill).toBe(0);
    expect(() => detector.update(1)).toThrow(notFitted);
  });
});

for (const windowSize of [0, -1, 1.5, NaN, 10_001]) {
  test(`window of ${windowSize} is refused`, () => {
    expect(() => new KsStreaming({ windowSize })).toThrow(
      expect.objectContaining({ code: 'detector-settings' }),
    );
  });
}
