import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { Job } from '../../../src/core/domain/camera/job';
import { placeOf, windowBehind, windowLength } from '../../../src/core/domain/camera/window';
import { completed, failed, glass, HOUR, NOON, otherView } from './jobs';

const seen = (hour: number) => completed(hour, 0, { glass: glass(0, 0) });
const stream = (until: number) => Array.from({ length: until + 1 }, (_, hour): Job => seen(hour));
const ids = (jobs: readonly Job[]) => jobs.map(({ id }) => id);
const cleaned: CameraEvent = {
  ...{ id: 'event', cameraId: 'camera', kind: 'cleaned', note: '' },
  at: NOON + 15 * HOUR,
};

test('a window holds the newest dozen that count, of one model and since the last cleaning', () => {
  const jobs = stream(20);
  jobs[18] = failed(18);
  jobs[17] = completed(17, null, { glass: otherView() });
  jobs[16] = completed(16, 0, { modelSha256: 'b'.repeat(64) });
  const window = windowBehind(jobs, 20, []);
  expect(ids(window)).toEqual(ids([...jobs.slice(6, 16), ...jobs.slice(19)]));
  expect(windowLength(jobs, 20, [])).toBe(14 * HOUR);
  expect(ids(windowBehind(jobs, 20, [cleaned]))).toEqual(ids([jobs[15]!, jobs[19]!, jobs[20]!]));
  expect(windowLength(jobs, 20, [cleaned])).toBeNull();
});

test('the window of a snapshot that does not count is that of the last one that did', () => {
  const jobs = stream(13);
  jobs[13] = completed(13, null, { glass: otherView() });
  expect(ids(windowBehind(jobs, 13, []))).toEqual(ids(jobs.slice(1, 13)));
  expect(windowLength(jobs, 13, [])).toBeNull();
  expect(placeOf({ id: 'job-13' }, jobs)).toBe(13);
});

test('a cleaning at the very time of a snapshot is before it, and one after it is not', () => {
  const jobs = stream(15);
  expect(ids(windowBehind(jobs, 15, [cleaned]))).toEqual(['job-15']);
  expect(windowBehind(jobs, 14, [cleaned])).toHaveLength(12);
});
