import { freshnessOf, HABIT, isSeen, type Freshness } from '../domain/camera/time/freshness';
import { isAhead } from '../domain/camera/time/clock';
import { NOTHING_LEARNED, type LearnedPictures } from '../domain/camera/time/reference-times';
import type { Camera } from '../domain/camera/camera';
import type { Job } from '../domain/camera/job';

/** A camera that has sent nothing for longer than is usual for it. */
export interface Silence extends Freshness {
  /** true if the camera was followed: an archive is always silent, which is no news */
  readonly isNews: boolean;
}

/** A camera's pictures: those that were judged, in capture order, its newest at least, and those that it learned. */
export interface News {
  readonly jobs: readonly Job[];
  readonly learned?: LearnedPictures;
}

/** Capture time of the newest picture of a camera, judged or learned; null without any. */
export function newestOf({ jobs, learned = NOTHING_LEARNED }: News, now: number): number | null {
  const judged = jobs.findLast((job) => isSeen(job, now))?.capturedAt ?? -Infinity;
  const newest = Math.max(judged, learned.times.findLast((at) => !isAhead(at, now)) ?? -Infinity);
  return newest === -Infinity ? null : newest;
}

/**
 * Length of a camera's silence, by all snapshots that it took; null if it is not silent. The demo's time is its own.
 */
export function silenceOf(news: News, { isDemo }: Camera, now: number): Silence | null {
  const newest = newestOf(news, now);
  if (isDemo || newest === null) return null;
  const { jobs, learned = NOTHING_LEARNED } = news;
  const begin = newest - HABIT;
  const first = jobs.findLastIndex(({ capturedAt }) => capturedAt <= begin) + 1;
  const recent = jobs.slice(first).filter((job) => isSeen(job, now));
  const times = [
    ...recent.map(({ capturedAt }) => capturedAt),
    ...learned.times.filter((at) => at > begin && at <= newest),
  ];
  const freshness = freshnessOf(times.sort((a, b) => a - b));
  if (!freshness || now < freshness.silentFrom) return null;
  const { newestAt, silentFrom } = freshness;
  const isNews =
    recent.some((job) => job.capturedAt === newestAt && job.createdAt < silentFrom) ||
    (learned.times.includes(newestAt) && learned.at < silentFrom);
  return { ...freshness, isNews };
}
