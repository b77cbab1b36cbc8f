import { expect, test } from '@playwright/test';
import { canCallClean, cleanChoices, likelyChoice } from '../../../src/core/domain/camera/called-clean';
import { wholeCamera, wholeEvent, wholeJob, wholeReference } from '../../storage/whole-rows';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 4, 20, 12);
const madrid = wholeCamera('camera', { timeZone: 'Europe/Madrid' });
/** One each two hours, the last at noon. */
const jobs = Array.from({ length: 60 }, (_, i) => wholeJob(`job ${String(i)}`, NOON - (59 - i) * 2 * HOUR));

test('a lens is called clean since midnight by the camera’s clock, for three days, or since it was known to be', () => {
  const cleaned = wholeEvent('cleaned', { kind: 'cleaned', at: NOON - 4 * DAY });
  const choices = cleanChoices(madrid, [cleaned], jobs);
  expect(choices.map(({ since, at, pictures }) => [since, at, pictures])).toEqual([
    ['day', Date.UTC(2026, 4, 19, 22), 8],
    ['days', Date.UTC(2026, 4, 17, 22), 32],
    ['beginning', NOON - 4 * DAY, 49],
  ]);
  expect(choices.every(({ until }) => until === NOON)).toBe(true);
  // As short as can be learned at once; else the day, of which the rest is to come.
  expect(likelyChoice(choices)?.since).toBe('days');
  expect(likelyChoice(cleanChoices(madrid, [cleaned], jobs.slice(-10)))?.since).toBe('day');
  expect(cleanChoices(madrid, [], jobs).at(-1)).toMatchObject({ at: jobs[0]!.capturedAt, pictures: 60 });
  expect(cleanChoices(madrid, [], [])).toEqual([]);
});

test('no choice reaches back over a cleaning or another word, and rows without a picture are not counted', () => {
  const called = wholeEvent('clean', { kind: 'clean', at: NOON - DAY, until: NOON - HOUR });
  const rows = jobs.map((job, i) => (i === 59 ? { ...job, properties: null } : job));
  expect(cleanChoices(madrid, [called], rows)).toMatchObject([
    { since: 'day', pictures: 7 },
    { since: 'beginning', at: NOON - DAY, pictures: 12 },
  ]);
});

test('a camera that keeps its reference, or has embeddings alone, learns nothing that is called clean', () => {
  const embeddings = Array.from({ length: 24 }, () => new Float32Array(1));
  const reference = wholeReference('own', { embeddings, properties: [] });
  expect(canCallClean(madrid, reference)).toBe(true);
  expect(canCallClean({ ...madrid, renewsReference: false }, reference)).toBe(false);
  expect(canCallClean(madrid, wholeReference('own', { embeddings }))).toBe(false);
  expect(canCallClean(madrid, null)).toBe(false);
});
