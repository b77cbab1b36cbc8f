import assert from 'node:assert/strict';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { flagOf, flagSinceOnset } from '../../../src/core/domain/camera/qartod';
import { resultsCsv, resultsJson } from '../../../src/core/domain/camera/results';
import { classify } from '../../../src/core/domain/drift/thresholds';
import { firstOnset, onsetsOf } from '../../../src/core/domain/usable/onset';
import { onsetsForFlags } from '../../../src/core/domain/usable/track';
import { completed, failed, glass, HOUR, NOON, otherView } from '../camera/jobs';

interface Made {
  readonly times: readonly number[];
  readonly distances: readonly (number | null)[];
  readonly truth: number;
  readonly onset: {
    readonly at: number;
    readonly low: number;
    readonly high: number;
    readonly alarmAt: number;
  };
}
const MADE = JSON.parse(
  readFileSync(new URL('../../fixtures/onset.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Made>>;

/** Snapshots that growth alone speaks of. */
function jobsOf(times: readonly number[], distances: readonly (number | null)[]): CompletedJob[] {
  return times.map((at, i) => ({
    ...completed(0, null, { glass: glass(distances[i] ?? null, distances[i] === null ? null : 0) }),
    id: `job-${i}`,
    contentSha256: `content-${i}`,
    driftStatus: 'warming-up',
    capturedAt: at,
  }));
}

for (const [name, { times, distances, truth, onset }] of Object.entries(MADE)) {
  test(`since when a lens was suspect is what numpy finds: ${name}`, () => {
    const found = onsetsOf(jobsOf(times, distances), []);
    expect(found[0]).toEqual({ ...onset, referenceId: 'reference' });
    // It is known to lie there, and the interval holds it; between two snapshots any moment is as good.
    const place = times.indexOf(truth);
    expect(found[0]!.low).toBeLessThanOrEqual(truth);
    expect(found[0]!.high).toBeGreaterThanOrEqual(times[Math.max(0, place - 1)]!);
  });
}

/** Hourly distances: so many of each. */
function course(...runs: readonly (readonly [count: number, distance: number | null])[]): CompletedJob[] {
  const distances = runs.flatMap(([count, distance]) => Array.from({ length: count }, () => distance));
  return jobsOf(
    distances.map((_, i) => NOON + i * HOUR),
    distances,
  );
}

test('without drift there is no onset, and a warning that stands has none yet', () => {
  expect(onsetsOf([], [])).toEqual([]);
  expect(onsetsOf(course([40, 0]), [])).toEqual([]);
  expect(onsetsOf(course([12, 0], [40, 0.08]), [])).toEqual([]);
});

test('an alarm that falls back for less than a window has the onset that it had, and one after a quiet window its own', () => {
  const rise = [3, 0.03] as const;
  const short = course([20, 0], rise, [3, 0.2], [11, 0.01], [3, 0.2]);
  expect(onsetsOf(short, [])).toHaveLength(1);
  const long = course([20, 0], rise, [3, 0.2], [12, 0.01], rise, [3, 0.2]);
  const onsets = onsetsOf(long, []);
  expect(onsets).toHaveLength(2);
  expect(onsets[1]!.low).toBeGreaterThan(onsets[0]!.alarmAt);
});

test('what shows another view is in no window, and moves no onset', () => {
  const jobs = course([20, 0], [4, 0.04], [3, 0.2]);
  const aside = jobs.map((job, i) => ({
    ...job,
    id: `aside-${i}`,
    capturedAt: job.capturedAt + HOUR / 2,
    glass: otherView(),
  }));
  const mixed = [...jobs, ...aside].sort((a, b) => a.capturedAt - b.capturedAt);
  expect(onsetsOf(mixed, [])).toEqual(onsetsOf(jobs, []));
});

test('whatever the distances, an onset lies in its interval, and no later than the first warning or the alarm', () => {
  const distances = fc.array(fc.option(fc.double({ min: -0.01, max: 0.4, noNaN: true }), { freq: 10 }), {
    maxLength: 90,
  });
  fc.assert(
    fc.property(distances, (values) => {
      const jobs = jobsOf(
        values.map((_, i) => NOON + i * HOUR),
        values,
      );
      let before = -Infinity;
      for (const { at, low, high, alarmAt } of onsetsOf(jobs, [])) {
        assert.ok([at, low, high, alarmAt].every(Number.isFinite));
        assert.ok(NOON <= low && low <= at);
        assert.ok(at <= high && high <= alarmAt);
        assert.ok(alarmAt > before);
        before = alarmAt;
      }
      assert.deepEqual(firstOnset(jobs, []), onsetsOf(jobs, [])[0] ?? null);
      const drifts = values.filter((value) => classify(value, { warning: 0.05, drift: 0.1 }) === 'drift');
      assert.equal(onsetsOf(jobs, []).length > 0, drifts.length > 0);
    }),
  );
});

test('flags since the onset call suspect what passed then, and the flags of then stay', () => {
  const rise = Array.from({ length: 12 }, (_, i) => [1, 0.01 * (i + 1)] as const);
  const jobs = course([20, 0], ...rise, [5, 0]);
  const camera = { name: 'Reef', modelSha256: 'a'.repeat(64) };
  expect(onsetsForFlags(camera, jobs, [])).toBeNull();
  const onsets = onsetsForFlags({ ...camera, flagsSinceOnset: true }, jobs.toReversed(), [])!;
  const { at, alarmAt } = onsets[0]!;
  const then = jobs.map(flagOf);
  const since = jobs.map((job) => flagSinceOnset(job, onsets));
  const isBetween = ({ capturedAt }: CompletedJob) => at <= capturedAt && capturedAt < alarmAt;
  expect(since).toEqual(jobs.map((job, i) => (isBetween(job) ? 3 : then[i])));
  expect(since.filter((flag, i) => flag !== then[i]).length).toBeGreaterThan(3);
  expect(flagSinceOnset({ ...failed(0), capturedAt: at }, onsets)).toBe(9);

  const column = (csv: string, name: string) => {
    const [names, ...rows] = csv
      .trim()
      .split('\r\n')
      .map((row) => row.split(','));
    return rows.map((row) => row[names!.indexOf(name)]);
  };
  const csv = resultsCsv(jobs, { ...camera, onsets });
  expect(column(csv, 'qartod_flag_since_onset').map(Number)).toEqual(since);
  expect(column(csv, 'qartod_flag').map(Number)).toEqual(then);
  const without = column(resultsCsv(jobs, camera), 'qartod_flag_since_onset');
  expect(new Set(without)).toEqual(new Set(['']));
  const json = JSON.parse(resultsJson(jobs, new Map(), { ...camera, onsets }, String)) as {
    jobs: { qartod_flag: number; qartod_flag_since_onset: number }[];
  };
  expect(json.jobs.map((row) => row.qartod_flag_since_onset)).toEqual(since);
});
