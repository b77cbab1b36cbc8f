import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { blindnessOf } from '../../../src/core/domain/drift/blindness';
import type { Embedding } from '../../../src/core/domain/drift/embedding';
import { verdictOf } from '../../../src/core/domain/camera/verdict';
import { Judge } from '../../../src/core/domain/drift/judge';
import type { Judging } from '../../../src/core/domain/drift/judging';
import { mmd2 } from '../../../src/core/domain/drift/mmd';
import { flagOf } from '../../../src/core/domain/camera/qartod';
import { resultsCsv } from '../../../src/core/domain/camera/results';
import { summarise } from '../../../src/core/domain/camera/summary';
import { driftText } from '../../../src/features/driftwatch/remote/driftwatch-record';
import { completed } from '../camera/jobs';
import { normalNumbers } from './streams';

const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/mmd_streaming.json', import.meta.url), 'utf8'),
) as { cases: { reference: (number | number[])[] }[] };
const GOLDEN = golden.cases
  .map(({ reference }) => reference.map((row) => Float32Array.from(typeof row === 'number' ? [row] : row)))
  .filter((rows) => rows.length >= 2 && rows.some((row) => row.join() !== rows[0]!.join()));

const NORMAL = normalNumbers(20230730);
const embedding = (spread = 1, at = 0): Embedding =>
  Float32Array.from({ length: 32 }, () => at + spread * NORMAL());
/** A reference whose spread, the root mean square distance of two, is about 8. */
const REFERENCE = Array.from({ length: 60 }, () => embedding());
/** Dirty windows as the OBSEA and the demo camera have them: 8 or 84 spreads away and five times as wide, or wide alone. */
const DIRTY = [
  Array.from({ length: 12 }, () => embedding(5, 8 * Math.SQRT2)),
  Array.from({ length: 12 }, () => embedding(5)),
  Array.from({ length: 12 }, () => embedding(0.6, 8 * Math.SQRT2)),
  Array.from({ length: 12 }, () => embedding(0.6, 84 * Math.SQRT2)),
];

function judging(sigma: number, drift = 0.1): Judging {
  return {
    detector: { name: 'mmd-streaming', windowSize: 12, sigma },
    thresholds: { warning: drift / 2, drift },
    persistence: { raiseAfter: 1, clearAfter: 1, clearBelow: 1 },
  };
}

test('a sigma that can tell is not blind, and one far beyond either end is', () => {
  const kinds = (references: readonly (readonly Embedding[])[], sigma: number) => [
    ...new Set(references.map((reference) => blindnessOf(reference, judging(sigma)))),
  ];
  for (const sigma of [1e-9, 1e-6]) expect(kinds([...GOLDEN, REFERENCE], sigma)).toEqual(['empty']);
  for (const sigma of [1e6, 1e9]) expect(kinds([...GOLDEN, REFERENCE], sigma)).toEqual(['saturated']);
  for (const sigma of [2, 4, 8, 16, 80]) expect(blindnessOf(REFERENCE, judging(sigma))).toBeNull();
});

test('settings are called blind only where no dirty window exceeds the limit any more', () => {
  let called = 0;
  for (let exponent = -9; exponent <= 9; exponent += 0.25) {
    for (const drift of [1e-4, 0.1, 0.5, 1]) {
      const sigma = 10 ** exponent;
      if (blindnessOf(REFERENCE, judging(sigma, drift)) === null) continue;
      called += 1;
      const highest = Math.max(...DIRTY.map((window) => mmd2(REFERENCE, window, sigma)));
      expect(highest, `sigma ${sigma}, limit ${drift}`).toBeLessThanOrEqual(drift);
    }
  }
  expect(called).toBeGreaterThan(100);
});

test('a reference without spread and a limit beyond all distances are named', () => {
  const same = Array.from({ length: 40 }, () => REFERENCE[0]!);
  expect(blindnessOf(same, judging(4))).toBe('no-spread');
  expect(blindnessOf(REFERENCE, judging(8, 1.9))).toBe('out-of-reach');
  expect(blindnessOf(REFERENCE, judging(8, 1e307))).toBe('out-of-reach');
  expect(blindnessOf(REFERENCE, judging(8, 1))).toBeNull();
});

test('numbers that no detector takes are blind, and never an error', () => {
  for (const sigma of [0, -1, Number.NaN, 1e-200])
    expect(blindnessOf(REFERENCE, judging(sigma))).not.toBeNull();
  expect(blindnessOf(REFERENCE, judging(1e200))).toBe('saturated');
  expect(blindnessOf(REFERENCE, judging(8, Number.NaN))).toBe('out-of-reach');
  expect(blindnessOf([], judging(8))).toBeNull();
});

test('a blind judge never says normal, and keeps an alarm that it can still give', () => {
  const judge = new Judge(judging(1e-9), REFERENCE);
  const said = [...REFERENCE.slice(0, 12), ...DIRTY[0]!].map((sample) => judge.update(sample));
  for (const judgement of said) {
    expect(judgement).toMatchObject({ distance: null, driftStatus: 'warming-up', blindness: 'empty' });
  }
  // A drift limit that no distance can exceed leaves the warning limit as it is.
  const limited = { ...judging(8), thresholds: { warning: 0.05, drift: 1.9 } };
  const alarming = new Judge(limited, REFERENCE);
  const last = [...REFERENCE.slice(0, 12), ...DIRTY[0]!].map((sample) => alarming.update(sample)).at(-1);
  expect(last).toMatchObject({ driftStatus: 'warning' });
  expect(last?.blindness).toBeUndefined();
});

test('a job that nothing was told of is not evaluated, nowhere normal and no drift-free record', () => {
  const job = completed(0, null, { driftStatus: 'warming-up', blindness: 'empty' });
  expect(verdictOf(job)).toBe('not-checked');
  expect(flagOf(job)).toBe(2);
  expect(summarise([job])).toMatchObject({ failed: 0, verdicts: { 'not-checked': 1, normal: 0 } });
  expect(resultsCsv([job], { name: 'Reef' })).toContain('not-checked');
  const record = JSON.parse(
    driftText(job, { camera: '', tags: [], model: 'm', reference: null, reason: 'why' }),
  ) as { parameters: Record<string, unknown> };
  expect(record.parameters).toMatchObject({ reason_code: 'detector-blind', reason: 'why' });
  expect(record.parameters).not.toHaveProperty('distance');
  expect(record.parameters).not.toHaveProperty('warning');
});
