import type { Outlook } from './outlook';
import type { RisingTrend } from '../drift/trend';

const DAY = 86_400_000;

/** When the drift limit is reached: in days from now while the camera is followed, else from its newest snapshot. */
export interface ReachFacts {
  readonly isFollowed: boolean;
  readonly soonest: number;
  /** null when the rise may be much slower */
  readonly latest: number | null;
  readonly likely: number;
  readonly earliestAt: number;
  readonly latestAt: number | null;
}

export function reachFacts({ reaches }: RisingTrend, newestAt: number, now: number): ReachFacts {
  const isFollowed = isRecent(newestAt, now);
  const from = isFollowed ? now : newestAt;
  return {
    isFollowed,
    soonest: Math.max(0, Math.floor((reaches.earliest - from) / DAY)),
    latest: reaches.latest === null ? null : Math.max(1, Math.ceil((reaches.latest - from) / DAY)),
    likely: Math.max(1, Math.round((reaches.at - from) / DAY)),
    earliestAt: reaches.earliest,
    latestAt: reaches.latest,
  };
}

/** Duration of the lens's present state: until now while the camera is followed, else until its newest snapshot. */
export function sinceCleaning(
  { cleanedAt, newestAt }: Outlook,
  now: number,
): { readonly isFollowed: boolean; readonly span: number } | null {
  if (cleanedAt === null) return null;
  if (isRecent(Math.max(newestAt, cleanedAt), now)) {
    return { isFollowed: true, span: Math.max(0, now - cleanedAt) };
  }
  return cleanedAt > newestAt ? null : { isFollowed: false, span: newestAt - cleanedAt };
}

/** True if the camera is followed day by day, so that its times count until now. */
function isRecent(at: number, now: number): boolean {
  return now - at < DAY;
}
