import { expect, test } from '@playwright/test';
import type { Job } from '../../../src/core/domain/camera/job';
import { parseBundleJob } from '../../../src/core/domain/files/bundle';
import { ordersOf, rankOf, sortedJobs } from '../../../src/features/jobs/pure/sorted';
import { mostUncertain, uncertaintyOf } from '../../../src/features/jobs/pure/uncertain';
import { completed, failed, glass, otherView } from '../../domain/camera/jobs';

test('a distance at its limit is the least sure, and one at half or twice of both limits is sure', () => {
  expect(uncertaintyOf(completed(0, 0.05))).toBe(1);
  expect(uncertaintyOf(completed(0, 0.1))).toBe(1);
  // Half way between the limits by ratio: log2 of the root of 2.
  expect(uncertaintyOf(completed(0, 0.05 * Math.SQRT2))).toBeCloseTo(0.5, 9);
  for (const distance of [null, -0.01, 0, 0.025, 0.2, 1]) {
    expect(uncertaintyOf(completed(0, distance)), String(distance)).toBe(0);
  }
});

test('cover near the one that growth’s limit stands for makes a snapshot unsure', () => {
  const covered = (cover: number) => uncertaintyOf(completed(0, 0, { glass: glass(0, 0, { cover }) }));
  expect(covered(0.08)).toBe(1);
  expect(covered(0.16)).toBe(0);
  expect(covered(0)).toBe(0);
});

test('detectors that disagree make a snapshot unsure, and a learned distance of another model has no say', () => {
  // Far from every limit: 0.5 is drift, 0 is normal.
  const own = completed(0, 0.5, { glass: glass(0, 0, { isOwnModel: true, cover: 0 }) });
  expect(uncertaintyOf(own)).toBe(1);
  const other = completed(0, 0.5, { glass: glass(0, 0, { cover: 0 }) });
  expect(uncertaintyOf(other)).toBe(0);
  expect(uncertaintyOf(completed(0, 0.5, { glass: glass(0.5, 0.5, { isOwnModel: true, cover: 0 }) }))).toBe(
    0,
  );
});

test('the least sure twelve come first, neighbours only where nothing else is unsure', () => {
  const near = (hour: number, distance = 0.05) => completed(hour, distance);
  const jobs = Array.from({ length: 60 }, (_, hour) => near(hour));
  const chosen = mostUncertain(jobs);
  expect(chosen).toHaveLength(12);
  const places = chosen.map((job) => jobs.indexOf(job)).sort((a, b) => a - b);
  expect(Math.min(...places.slice(1).map((place, i) => place - places[i]!))).toBeGreaterThanOrEqual(4);

  const few = [near(0, 0.06), near(1), near(2, 0.055), completed(9, 1), failed(10)];
  expect(mostUncertain(few).map(({ id }) => id)).toEqual(['job-1', 'job-2', 'job-0']);
  expect(mostUncertain(few, 1).map(({ id }) => id)).toEqual(['job-1']);
});

test('nobody is asked twice, nor about what shows another view', () => {
  const jobs = [
    completed(0, 0.05, { byEye: 'neither' }),
    completed(1, 0.05, { glass: otherView() }),
    completed(2, 0.05),
  ];
  expect(mostUncertain(jobs).map(({ id }) => id)).toEqual(['job-2']);
});

test('jobs are sorted by what a picture shows, those without a number last, equals the newest first', () => {
  const pictured = (hour: number, sharpness: number) => {
    const job = completed(hour, 0.01 * hour);
    return { ...job, properties: { ...job.properties!, sharpness } };
  };
  const jobs: readonly Job[] = [pictured(0, 5), pictured(1, 2), failed(2), pictured(3, 5)];
  const hours = (order: Parameters<typeof sortedJobs>[1]) =>
    sortedJobs(jobs, order).map((job) => jobs.indexOf(job));
  expect(hours('newest')).toEqual([3, 2, 1, 0]);
  expect(hours('oldest')).toEqual([0, 1, 2, 3]);
  expect(hours('distance')).toEqual([3, 1, 0, 2]);
  expect(hours('blur')).toEqual([1, 3, 0, 2]);
  expect(ordersOf(jobs), 'no glass was looked at').not.toContain('cover');
  expect(rankOf(jobs[2]!, 'distance')).toBeNull();
});

test('a file that could not be read comes last by time if only its date says when it was taken', () => {
  const undated = { ...failed(5), capturedAtSource: 'file-date' as const };
  const picture = { ...completed(6, 0.01), capturedAtSource: 'file-date' as const };
  const jobs = [completed(0, 0.01), failed(1), undated, picture];
  const places = (order: Parameters<typeof sortedJobs>[1]) =>
    sortedJobs(jobs, order).map((job) => jobs.indexOf(job));
  expect(places('newest')).toEqual([3, 1, 0, 2]);
  expect(places('oldest')).toEqual([0, 1, 3, 2]);
});

test('what a person called a snapshot comes back from an export; another word leaves the job out by name', () => {
  const line = (byEye: unknown) =>
    JSON.stringify({
      ...completed(0, 0.01),
      detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
      byEye,
      files: { thumbnail: null, original: null },
    });
  const parsed = (byEye: unknown) => parseBundleJob(line(byEye), 'jobs.json', 'camera');
  expect(parsed('dirty')).toMatchObject({ job: { byEye: 'dirty' } });
  expect(parsed(undefined)).not.toHaveProperty('job.byEye');
  expect(parsed('spotless')).toBe('byEye');
});
