import type { Camera } from '../camera';
import { compareJobs, type CompletedJob, type Job } from '../job';
import { isJudgedAlike } from '../judged';
import { isUnjudged, snapshotOf, unjudgedJob } from '../snapshot-job';
import {
  isAhead,
  isAside,
  rightTimes,
  type AsideJob,
  type ClockFacts,
  type ClockFault,
  type SnapshotTime,
} from './clock';
import { atTime } from './job-time';

/** The jobs of a camera, grouped by the trust in their clocks. */
export interface ClockStand {
  /** in capture order: what the page goes by */
  readonly believed: readonly Job[];
  /** in capture order; those that were scored before their time was known to be wrong are shown as failed, too */
  readonly aside: readonly AsideJob[];
  /** the accepted ones ahead of this device's clock: either clock may be wrong */
  readonly doubted: readonly CompletedJob[];
}

/**
 * Tells stored jobs apart by their clock, for all who show them. One that is not judged yet is in no history, though its
 * time may be right by now.
 *
 * @param jobs - in capture order
 */
export function clockStand(jobs: readonly Job[], facts: ClockFacts): ClockStand {
  const times = rightTimes(jobs.filter(isPicture), facts);
  const believed: Job[] = [];
  const doubted: CompletedJob[] = [];
  const aside: AsideJob[] = [];
  for (const job of jobs) {
    if (isAside(job)) aside.push(job);
    else if (!isPicture(job)) {
      if (isAhead(job.capturedAt, facts.now)) aside.push(setAside(job, 'clock-ahead'));
      else believed.push(job);
    } else {
      const { fault, isDoubted }: Partial<SnapshotTime> = times.get(job) ?? {};
      if (fault || isUnjudged(job)) aside.push(setAside(job, fault ?? 'clock-ahead'));
      else believed.push(job);
      if (isDoubted) doubted.push(job);
    }
  }
  if (aside.length === 0) return { believed, aside, doubted };
  // An export may bring a snapshot that was judged since.
  const contents = new Set(aside.map(({ contentSha256 }) => contentSha256));
  const isJudged = (job: Job) => isPicture(job) && contents.has(job.contentSha256);
  const judged = new Set(believed.filter(isJudged).map(({ contentSha256 }) => contentSha256));
  return { believed, aside: aside.filter(({ contentSha256 }) => !judged.has(contentSha256)), doubted };
}

/** A history in its right time, and what of it has to be stored and judged otherwise for that. */
export interface InRightTime {
  /** those of the camera's model that count, in capture order */
  readonly jobs: readonly CompletedJob[];
  /** ids of those that are to be judged: they were not, or in another place */
  readonly fresh: ReadonlySet<string>;
  /** capture times at which some were judged that are no longer there */
  readonly from: readonly number[];
  /** jobs that don't count, or are another model's, as they are from now on, by id */
  readonly others: ReadonlyMap<string, CompletedJob>;
}

/** @param stored - in capture order */
export function inRightTime(stored: readonly Job[], camera: Camera, facts: ClockFacts): InRightTime {
  const pictures = stored.filter(isPicture);
  const times = rightTimes(pictures, facts);
  const jobs: CompletedJob[] = [];
  const fresh = new Set<string>();
  const from: number[] = [];
  const others = new Map<string, CompletedJob>();
  let isMoved = false;
  for (const job of pictures) {
    const timed = times.get(job);
    const isOwn = job.modelSha256 === camera.modelSha256;
    const isElsewhere = timed !== undefined && timed.capturedAt !== job.capturedAt;
    const now = timed && (isElsewhere || timed.statedAt !== job.statedAt) ? atTime(job, timed) : job;
    isMoved ||= isElsewhere;
    const wasJudged = isOwn && !isUnjudged(job);
    if (wasJudged && (timed?.fault || isElsewhere)) from.push(job.capturedAt);
    if (isOwn && !timed?.fault) {
      jobs.push(now);
      if (!wasJudged || now !== job) fresh.add(job.id);
    } else {
      const unjudged = isOwn ? withoutJudgement(now, camera) : now;
      if (!isJudgedAlike(unjudged, job)) others.set(job.id, unjudged);
    }
  }
  if (isMoved) jobs.sort(compareJobs);
  return { jobs, fresh, from, others };
}

/** Its sight is through the fit of its reference, so that stays. */
function withoutJudgement(job: CompletedJob, camera: Camera): CompletedJob {
  const { properties, referenceId, byEye } = job;
  const unjudged = unjudgedJob(snapshotOf(job), { camera, reference: { id: referenceId } }, properties);
  return byEye ? { ...unjudged, byEye } : unjudged;
}

function isPicture(job: Job): job is CompletedJob {
  return job.jobStatus === 'Completed';
}

/** Shown as a failed job; the stored job does not change. */
export function setAside(job: Job, code: ClockFault): AsideJob {
  return { ...snapshotOf(job), jobStatus: 'Failed', code, detail: '' };
}
