import { isAhead, isAside, isPlain } from '../../domain/camera/time/clock';
import { historyKey, isSetAside, lastBreak, type Job } from '../../domain/camera/job';
import { isSettledBy } from '../../domain/drift/persistence';
import { countedNeeded, GLASS_MEMORY, GLASS_THRESHOLDS } from '../../domain/glass/glass-facts';
import type { Database } from '../../storage/database';
import { loadJobsNewestFirst } from '../../storage/jobs';
import type { Hindsight } from './hindsight';
import { scoredBy } from './history';
import type { Watched } from './window';

/** Windows, memory and persistence are shorter, mostly. */
const FEW = 200;

/** What a camera's next snapshots are judged by. */
interface LatestStretch {
  /** in capture order */
  readonly jobs: readonly Job[];
  /** whether these are all of the camera's jobs */
  readonly isWhole: boolean;
}

/**
 * The newest jobs of a camera, so many that snapshots are judged by them as they would be by the whole history, to the
 * last bit. Where that can't be told of a part, all are read: of a camera whose clock was corrected or jumps, while an
 * alarm stands between its lines for long, while growth and loss have seen little.
 *
 * @param times - when the snapshots were taken, as their files say
 * @param now - milliseconds since 1970
 * @throws AppError `storage-failed`
 */
export async function loadLatestStretch(
  db: Database,
  watched: Watched,
  hindsight: Hindsight,
  { times, now }: { readonly times: readonly number[]; readonly now: number },
): Promise<LatestStretch> {
  const { camera, reference } = watched;
  const hasPlainTimes =
    (camera.clockCorrections ?? []).length === 0 && times.every((time) => isPlain(time, now));
  const hasFit = (await db.getKey('glassFits', reference.id)) !== undefined;
  const first = times.reduce((earliest, time) => Math.min(earliest, time), Infinity);
  let jobs: readonly Job[] = [];
  for await (const part of loadJobsNewestFirst(db, camera.id, hasPlainTimes ? FEW : undefined)) {
    jobs = [...hindsight.see(part), ...jobs];
    const isPlainTail = hasPlainTimes && !jobs.some(isAside) && !isAhead(jobs.at(-1)!.capturedAt, now);
    if (isPlainTail && isEnough(watched, jobs, { first, hasFit })) return { jobs, isWhole: false };
  }
  return { jobs, isWhole: true };
}

/**
 * Whether what `restoreJudge` and `GlassWatch.place` take from jobs before a moment, and from there on, all stands in
 * these.
 *
 * @param jobs - the newest, in capture order
 */
function isEnough(
  { camera, reference, events }: Watched,
  jobs: readonly Job[],
  { first, hasFit }: { readonly first: number; readonly hasFit: boolean },
): boolean {
  const { detector, thresholds, persistence } = camera;
  const since = lastBreak(events, first);
  // The oldest of these may have others of its instant before it.
  const hasBreak = since !== null && jobs[0]!.capturedAt < since;
  const earlier = scoredBy(camera.modelSha256, jobs).filter(({ capturedAt }) => capturedAt < first);
  const counts = (job: (typeof earlier)[number]) =>
    !isSetAside(job) && (since === null || job.capturedAt >= since);
  if (!hasBreak) {
    const counted = earlier.filter(counts);
    const others = counted.findLastIndex((job) => historyKey(job) !== historyKey(camera));
    const distances = counted.slice(others + 1).map(({ distance }) => distance);
    const isSettled = others >= 0 || isSettledBy(distances, thresholds, persistence);
    if (counted.length < detector.windowSize || !isSettled) return false;
  }
  if (!hasFit) return true;
  const all = earlier.filter(({ referenceId }) => referenceId === reference.id);
  if (all.some(({ glass }) => glass === undefined)) return true;
  const seen = all.filter(({ glass }) => glass);
  if (seen.length < GLASS_MEMORY) return false;
  if (hasBreak) return true;
  const counted = seen.filter(counts);
  return (
    counted.length > countedNeeded(detector.windowSize) &&
    (['growth', 'loss'] as const).every((stream) =>
      isSettledBy(
        counted.map(({ glass }) => glass?.[stream]?.distance ?? null),
        GLASS_THRESHOLDS,
        persistence,
      ),
    )
  );
}
