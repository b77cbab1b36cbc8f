import { expect, test } from '@playwright/test';
import type { Camera } from '../../../src/core/domain/camera/camera';
import { newestOf, silenceOf } from '../../../src/core/session/silence';
import { learnedOf } from '../../../src/core/domain/camera/time/reference-times';
import { wholeReference } from '../../storage/whole-rows';
import { completed, HOUR, NOON } from '../../domain/camera/jobs';

const camera = { isDemo: false } as Camera;
/** A snapshot every two hours for ten days, each scored a minute after it was taken. */
const jobs = Array.from({ length: 120 }, (_, i) => {
  const capturedAt = NOON + 2 * i * HOUR;
  return completed(2 * i, 0.01, { capturedAt, createdAt: capturedAt + 60_000 });
});
const newestAt = jobs.at(-1)!.capturedAt;

test('a camera that somebody follows is silent after three missing snapshots, and that is news', () => {
  expect(silenceOf({ jobs }, camera, newestAt + 5 * HOUR)).toBeNull();
  expect(silenceOf({ jobs }, camera, newestAt + 6 * HOUR)).toMatchObject({ newestAt, isNews: true });
  expect(silenceOf({ jobs }, { ...camera, isDemo: true }, newestAt + 60 * HOUR)).toBeNull();
});

test('an archive is silent when it comes, and that is no news', () => {
  const archive = jobs.map((job) => ({ ...job, createdAt: newestAt + 10_000 * HOUR }));
  expect(silenceOf({ jobs: archive }, camera, newestAt + 10_001 * HOUR)).toMatchObject({
    newestAt,
    isNews: false,
  });
});

test('a file whose clock was wrong is no news of the camera, nor one that lies ahead', () => {
  const ahead = completed(400, 0.01);
  const now = newestAt + 8 * HOUR;
  expect(silenceOf({ jobs: [...jobs, ahead] }, camera, now)).toMatchObject({ newestAt });
  const { distance: _d, ...facts } = ahead;
  const wrong = {
    ...facts,
    capturedAt: now - HOUR,
    jobStatus: 'Failed',
    code: 'clock-ahead',
    detail: '',
  } as const;
  expect(silenceOf({ jobs: [...jobs, wrong] }, camera, now)).toMatchObject({ newestAt });
});

test('pictures that were given at set-up are news, those too that fill the window, and dates of files are none', () => {
  const early = jobs.slice(0, 3);
  const old = early.at(-1)!.capturedAt;
  const now = old + 400 * HOUR;
  const reference = wholeReference('reference', {
    capturedAt: [now - 20 * HOUR, null],
    besideTimes: [{ at: now - 2 * HOUR }],
    createdAt: now - HOUR,
  });
  const news = { jobs: early, learned: learnedOf(reference) };
  expect(silenceOf({ jobs: early }, camera, now)).toMatchObject({ newestAt: old });
  expect(silenceOf(news, camera, now)).toBeNull();
  expect(newestOf(news, now)).toBe(now - 2 * HOUR);
  expect(newestOf({ jobs: [], learned: learnedOf(reference) }, now - 200 * HOUR)).toBeNull();
  // Nothing came since: somebody was following it.
  expect(silenceOf(news, camera, now + 200 * HOUR)).toMatchObject({ newestAt: now - 2 * HOUR, isNews: true });
});
