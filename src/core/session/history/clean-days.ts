import type { Camera } from '../../domain/camera/camera';
import type { CompletedJob, Job } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { isAwaiting, isSetAside } from '../../domain/camera/verdict';
import { timeOfName, timesOf } from '../../domain/camera/time/reference-times';
import { dayOf, mayBound } from '../../domain/drift/calibration';

/** Facts of a camera's clean days. */
export interface KnownDays {
  readonly camera: Camera;
  readonly reference: Reference;
  /** in capture order */
  readonly jobs: readonly Job[];
  /** names of clean snapshots whose files can be read again */
  readonly given: readonly string[];
}

/**
 * True if limits of the learned distance can be measured here: the distance has a say on this camera, and there are
 * snapshots enough of clean days that the reference has no part in.
 */
export function canMeasureLimits(known: KnownDays): boolean {
  const { camera, reference, jobs, given } = known;
  if (!hasSay(known)) return false;
  const { windowSize } = camera.detector;
  const names = new Set<string>();
  let count = 0;
  for (const day of cleanDays(jobs, reference, camera)) {
    for (const { imageName } of day) names.add(imageName);
    count += day.length;
    if (mayBound(count, windowSize)) return true;
  }
  const isUnseen = notIn(reference, camera);
  const isSpare = (name: string) => !names.has(name) && isUnseen(timeOfName(name, camera), name);
  return mayBound(count + given.filter(isSpare).length, windowSize);
}

/**
 * The scored snapshots of a reference by clean UTC days, in capture order. A day of the reference is none, nor is one on
 * which growth or loss raised something and nobody called it clean. The learned distance has no part in this: its limits
 * would rest on themselves.
 */
export function* cleanDays(
  jobs: readonly Job[],
  reference: Reference,
  camera: Camera,
): Generator<readonly CompletedJob[]> {
  const isUnseen = notIn(reference, camera);
  let day: CompletedJob[] = [];
  let isClean = true;
  for (const job of jobs) {
    if (job.jobStatus !== 'Completed' || job.referenceId !== reference.id || isSetAside(job)) continue;
    if (day[0] && dayOf(job.capturedAt) !== dayOf(day[0].capturedAt)) {
      if (isClean) yield day;
      [day, isClean] = [[], true];
    }
    day.push(job);
    isClean &&= !isDirty(job) && isUnseen(job.capturedAt, job.imageName);
  }
  if (day.length > 0 && isClean) yield day;
}

/** True for a snapshot of a day that the reference has no part in; one without a time must have another name. */
export function notIn(
  reference: Reference,
  camera: Camera,
): (capturedAt: number | null, name: string) => boolean {
  const days = new Set(timesOf(reference, camera).map((at) => at !== null && dayOf(at)));
  const names = new Set(reference.names);
  return (at, name) => (at === null ? !names.has(name) : !days.has(dayOf(at)));
}

/** The model is the camera's own, or nothing else judges: growth and loss have not looked and will not. */
function hasSay({ reference, jobs }: KnownDays): boolean {
  if (reference.isOwnModel !== false) return true;
  return jobs.some(
    (job) =>
      job.jobStatus === 'Completed' && job.referenceId === reference.id && !job.glass && !isAwaiting(job),
  );
}

function isDirty({ byEye, glass }: CompletedJob): boolean {
  if (byEye === 'clean') return false;
  const raised = [glass?.growth, glass?.loss].some(
    (found) => found?.driftStatus === 'warning' || found?.driftStatus === 'drift',
  );
  return byEye === 'dirty' || raised;
}
