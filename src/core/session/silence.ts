import { isAhead } from '../domain/camera/clock';
import { freshnessOf, HABIT, type Freshness } from '../domain/camera/freshness';
import type { Camera, Job } from '../domain/camera/job';

/**
 * How long a camera has been silent, by all snapshots that it took; null where it is not. The demo's time is its own.
 *
 * @param jobs - all of the camera, in capture order
 */
export function silenceOf(jobs: readonly Job[], { isDemo }: Camera, now: number): Freshness | null {
  if (isDemo) return null;
  const last = jobs.findLastIndex(({ capturedAt }) => !isAhead(capturedAt, now));
  const begin = (jobs[last]?.capturedAt ?? 0) - HABIT;
  const first = jobs.findLastIndex(({ capturedAt }) => capturedAt <= begin) + 1;
  const freshness = freshnessOf(jobs.slice(first, last + 1).map(({ capturedAt }) => capturedAt));
  return freshness && now >= freshness.silentFrom ? freshness : null;
}
