import { isAside, isPlain, YEAR } from '../../domain/camera/time/clock';
import { isUnjudged } from '../../domain/camera/snapshot-job';
import { cycleAt, cyclesOf, isOpen } from '../../domain/camera/cycle';
import { lastBreak } from '../../domain/camera/event';
import type { Job } from '../../domain/camera/job';
import { loadJobsNewestFirst } from '../../storage/jobs';
import { fitOfReference } from '../glass/fit-of-reference';
import type { Sources } from './contents';
import type { CurrentRules } from './current-rules';
import { scoredBy } from './history';
import { restsOn } from './judge-again';
import type { WatchedCamera } from './window';

/** Windows, memory and persistence are shorter, mostly. */
const FEW = 200;

/** Jobs that a camera's next snapshots are judged by. */
interface LatestStretch {
  /** in capture order */
  readonly jobs: readonly Job[];
  /** true if these are all of the camera's jobs */
  readonly isWhole: boolean;
}

/**
 * The newest jobs of a camera, enough to judge snapshots exactly as the whole history would, to the last bit. All jobs
 * are read if a part can't be enough: the camera's clock was corrected or jumps, an alarm stands between its lines for
 * long, or growth and loss have seen little.
 *
 * @param times - when the snapshots were taken, as their files say
 * @throws AppError `worker-lost` or `storage-failed`
 */
export async function loadLatestStretch(
  sources: Sources,
  watched: WatchedCamera,
  rules: CurrentRules,
  times: readonly number[],
): Promise<LatestStretch> {
  const { camera, reference } = watched;
  const now = sources.now();
  const hasFit = (await fitOfReference(sources, reference.id)) !== null;
  const first = times.reduce((earliest, time) => Math.min(earliest, time), Infinity);
  // A camera without a timeline needs the whole history to tell which reference judged when.
  const isLatestView = (camera.timeline?.at(-1)?.at ?? Infinity) <= first;
  const hasPlainTimes =
    (isLatestView || watched.references.length === 1) &&
    (camera.clockCorrections ?? []).length === 0 &&
    times.every((time) => isPlain(time, now));
  const own = reference.beganAt === undefined ? null : (camera.timeline?.at(-1)?.at ?? null);
  const broken = lastBreak(watched.events, first);
  const since = own === null ? broken : Math.max(own, broken ?? own);
  // A cycle without a reference of its own is learned from all of its pictures.
  const cycle = cycleAt(cyclesOf(camera, watched.events), first);
  const learnedFrom = cycle && isOpen(cycle, first) ? cycle.beganAt : Infinity;
  let jobs: readonly Job[] = [];
  for await (const part of loadJobsNewestFirst(sources.db, camera.id, hasPlainTimes ? FEW : undefined)) {
    jobs = [...rules.applyTo(part), ...jobs];
    const isPlainTail =
      hasPlainTimes && jobs.every((job) => isPlain(job.capturedAt, now) && !isAside(job) && !isUnjudged(job));
    const earlier = scoredBy(camera.modelSha256, jobs).filter(({ capturedAt }) => capturedAt < first);
    const isInSeason = first - (earlier.at(-1)?.capturedAt ?? -Infinity) < YEAR;
    const isLearned = learnedFrom === Infinity || (earlier[0]?.capturedAt ?? Infinity) < learnedFrom;
    if (isPlainTail && isInSeason && isLearned && restsOn({ camera, reference, since, hasFit }, earlier))
      return { jobs, isWhole: false };
  }
  return { jobs, isWhole: true };
}
