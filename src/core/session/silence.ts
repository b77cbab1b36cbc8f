import { freshnessOf, HABIT, isSeen, type Freshness } from '../domain/camera/time/freshness';
import type { Camera, Job } from '../domain/camera/job';

/** A camera that has sent nothing for longer than is usual for it. */
export interface Silence extends Freshness {
  /** true if somebody was following it: an archive is silent when it comes, and that is no news */
  readonly isNews: boolean;
}

/**
 * Length of a camera's silence, by all snapshots that it took; null if it is not silent. The demo's time is its own.
 *
 * @param jobs - of the camera, in capture order: its newest at least
 */
export function silenceOf(jobs: readonly Job[], { isDemo }: Camera, now: number): Silence | null {
  if (isDemo) return null;
  const last = jobs.findLastIndex((job) => isSeen(job, now));
  const begin = (jobs[last]?.capturedAt ?? 0) - HABIT;
  const first = jobs.findLastIndex(({ capturedAt }) => capturedAt <= begin) + 1;
  const recent = jobs.slice(first, last + 1).filter((job) => isSeen(job, now));
  const freshness = freshnessOf(recent.map(({ capturedAt }) => capturedAt));
  if (!freshness || now < freshness.silentFrom) return null;
  const { newestAt, silentFrom } = freshness;
  const isNews = recent.some((job) => job.capturedAt === newestAt && job.createdAt < silentFrom);
  return { ...freshness, isNews };
}
