import { isAhead } from './time/clock';
import { upToNewest } from './time/freshness';
import { isRemark, lastCleaning, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { verdictOf } from './verdict';
import { scaledDistance } from './spoken';
import { trendOf, type Trend } from '../drift/trend';

/** How the distance goes on from here, as far as the snapshots since the lens or the view last changed tell. */
export interface Outlook {
  /** capture time of the newest snapshot, in milliseconds since 1970 */
  readonly newestAt: number;
  /** the cleaning or the move that the trend begins after; null when there was none */
  readonly since: CameraEvent | null;
  /** the last cleaning, in milliseconds since 1970; null when none was logged */
  readonly cleanedAt: number | null;
  /** how many distances the trend rests on, and the time from the first of them to the last in milliseconds */
  readonly distances: number;
  readonly span: number;
  /** null when nothing is left to foresee: the verdict is drift already, or there is no distance */
  readonly trend: Trend | null;
}

/**
 * The trend towards the drift limit that was in force for the newest snapshot.
 *
 * A move changes the picture as a cleaning does, so the trend begins after either. The first windows after it may
 * hold snapshots of before, where it was logged late or emptied no window: they are left out.
 *
 * @param all - one history, in capture order
 * @param events - of its camera, in capture order; those to come are none yet
 * @param now - milliseconds since 1970
 * @returns null without jobs, and where one of them lies ahead of now: then nobody knows which clock is right
 */
export function outlookOf(
  all: readonly CompletedJob[],
  events: readonly CameraEvent[],
  now: number,
): Outlook | null {
  const jobs = upToNewest(all, events, now);
  const newest = jobs.at(-1);
  if (!newest || isAhead(newest.capturedAt, now)) return null;
  const since = events.filter((event) => !isRemark(event) && event.at <= now).at(-1) ?? null;
  const { windowSize } = newest.detector;
  const first = since ? jobs.findIndex(({ capturedAt }) => capturedAt >= since.at) : 0;
  const usable = first < 0 ? [] : jobs.slice(since ? first + windowSize - 1 : 0);
  const points = usable.flatMap((job) => {
    const value = scaledDistance(job);
    return value === null ? [] : [{ at: job.capturedAt, value }];
  });
  const isOver = verdictOf(newest) === 'drift' || points.length === 0;
  return {
    newestAt: newest.capturedAt,
    since,
    cleanedAt: lastCleaning(events, now),
    distances: points.length,
    span: (points.at(-1)?.at ?? 0) - (points[0]?.at ?? 0),
    trend: isOver ? null : trendOf(points, newest.thresholds.drift, windowSize),
  };
}
