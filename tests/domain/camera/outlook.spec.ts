import { expect, test } from '@playwright/test';
import type { CameraEvent } from '../../../src/core/domain/camera/event';
import type { CompletedJob } from '../../../src/core/domain/camera/job';
import { outlookOf } from '../../../src/core/domain/camera/outlook';

const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 1);

/** Twelve distances a day; what an outlook does not look at is left out. */
function jobs(days: number, distanceOn: (day: number) => number | null): CompletedJob[] {
  return Array.from({ length: days * 12 }, (_, i) => {
    const job: Partial<CompletedJob> = {
      jobStatus: 'Completed',
      capturedAt: START + (i * DAY) / 12,
      distance: distanceOn(i / 12),
      thresholds: { warning: 0.05, drift: 0.1 },
      detector: { name: 'mmd-streaming', windowSize: 12, sigma: 0.3 },
    };
    return job as CompletedJob;
  });
}

function event(kind: CameraEvent['kind'], day: number): CameraEvent {
  return { id: kind, cameraId: 'camera', kind, at: START + day * DAY, note: '' };
}

const NOW = START + 40 * DAY;

/** Dirty for ten days, then clean and rising by 0.004 a day. */
const sawtooth = (day: number) => (day < 10 ? 0.3 : 0.004 * (day - 10));

test('the trend begins after the last cleaning, and a note begins nothing', () => {
  const history = jobs(25, sawtooth);
  const cleaned = event('cleaned', 10);
  const outlook = outlookOf(history, [event('note', 2), cleaned, event('note', 20)], NOW)!;
  expect(outlook.since).toBe(cleaned);
  expect(outlook.cleanedAt).toBe(cleaned.at);
  // The window of the eleven snapshots right after it may hold older ones.
  expect(outlook.distances).toBe(15 * 12 - 11);
  const { trend } = outlook;
  if (trend?.kind !== 'rising') throw new Error(JSON.stringify(trend));
  expect(trend.perDay).toBeCloseTo(0.004, 10);
  expect(Math.abs(trend.reaches.at - (START + 35 * DAY))).toBeLessThan(1000);
  expect(outlookOf(history, [], NOW)).toMatchObject({ since: null, cleanedAt: null, distances: 25 * 12 });
});

test('a move begins the trend anew, since the picture is another one', () => {
  const stepped = jobs(25, (day) => (day < 12 ? 0.01 : 0.05));
  const outlook = outlookOf(stepped, [event('cleaned', 0), event('moved', 12)], NOW)!;
  expect(outlook.since?.kind).toBe('moved');
  expect(outlook.cleanedAt).toBe(START);
  expect(outlook.trend).toEqual({ kind: 'silent', because: 'not-rising' });
});

test('nothing is foreseen once the verdict is drift, without distances, or after the newest snapshot', () => {
  const rising = jobs(20, (day) => 0.004 * day);
  expect(outlookOf(rising, [], NOW)?.trend?.kind).toBe('rising');
  expect(
    outlookOf([...rising.slice(0, -1), { ...rising.at(-1)!, driftStatus: 'drift' }], [], NOW)?.trend,
  ).toBeNull();
  expect(
    outlookOf(
      jobs(20, () => null),
      [],
      NOW,
    )?.trend,
  ).toBeNull();
  expect(outlookOf(rising, [event('cleaned', 30)], NOW)).toMatchObject({
    distances: 0,
    span: 0,
    trend: null,
  });
  expect(outlookOf([], [], NOW)).toBeNull();
});

test('a cleaning of a time to come is none yet, and where the newest snapshot is of such a time nothing is foreseen', () => {
  const rising = jobs(20, (day) => 0.004 * day);
  const logged = event('cleaned', 0);
  expect(outlookOf(rising, [logged, event('cleaned', 5000)], NOW)).toEqual(outlookOf(rising, [logged], NOW));
  expect(outlookOf(rising, [], START + 3 * DAY)).toBeNull();
});
