import { isAhead } from './time/clock';
import { upToNewest } from './time/freshness';
import { isRemark, lastCleaning, type CameraEvent } from './event';
import type { CompletedJob } from './job';
import { verdictOf } from './verdict';
import { scaledDistance } from './spoken';
import { trendOf, type Trend } from '../drift/trend';

/** Forecast of the distance, from the snapshots since the lens or the view last changed. */
export interface Outlook {
  /** capture time of the newest snapshot, in milliseconds since 1970 */
  readonly newestAt: number;
  /** the cleaning or the move that the trend begins after; null when there was none */
  readonly since: CameraEvent | null;
  /** the last cleaning, in milliseconds since 1970; null when none was logged */
  readonly cleanedAt: number | null;
  /** number of distances in the trend, and the time from the first to the last in milliseconds */
  readonly distances: number;
  readonly span: number;
  /** null if the verdict is drift already, or if there is no distance */
  readonly trend: Trend | null;
}

/**
 * The trend towards the drift limit that was in force for the newest snapshot.
 *
 * A move changes the picture as a cleaning does, so the trend begins after either. The first windows after it may
 * hold earlier snapshots if it was logged late or emptied no window: they are left out.
 *
 * @param all - one history, in capture order
 * @param events - of its camera, in capture order; future ones are ignored
 * @param now - milliseconds since 1970
 * @returns null without jobs, or if one of them lies ahead of now: then it is not known which clock is right
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
