import { lastBreak, type CameraEvent } from './event';
import type { CompletedJob, Job } from './job';
import { isSetAside } from './verdict';

/**
 * The snapshots in the window behind one, oldest first: those that count, of its model, since the last break. Where they
 * are fewer than the window holds, the camera's warm-up may stand before them.
 *
 * @param jobs - of one camera, in capture order
 * @param place - of a scored one among them; if it does not count itself, the window is that of the last one that did
 * @param events - of the camera
 * @param most - of them; as many as its detector's window holds if absent
 */
export function windowBehind(
  jobs: readonly Job[],
  place: number,
  events: readonly CameraEvent[],
  most?: number,
): CompletedJob[] {
  const job = jobs[place];
  if (job?.jobStatus !== 'Completed') return [];
  const since = lastBreak(events, job.capturedAt) ?? -Infinity;
  const window: CompletedJob[] = [];
  const length = most ?? job.detector.windowSize;
  for (let i = place; i >= 0 && window.length < length; i -= 1) {
    const each = jobs[i]!;
    if (each.capturedAt < since) break;
    const counts =
      each.jobStatus === 'Completed' && each.modelSha256 === job.modelSha256 && !isSetAside(each);
    if (counts) window.unshift(each);
  }
  return window;
}

/**
 * Time from the first to the last snapshot in the window of a job, in milliseconds; null unless it is full of snapshots.
 *
 * @param size - of the window; its detector's if absent
 */
export function windowLength(
  jobs: readonly Job[],
  place: number,
  events: readonly CameraEvent[],
  size?: number,
): number | null {
  const job = jobs[place];
  if (job?.jobStatus !== 'Completed' || isSetAside(job)) return null;
  const window = windowBehind(jobs, place, events, size);
  return window.length < (size ?? job.detector.windowSize) ? null : job.capturedAt - window[0]!.capturedAt;
}

/** The place of a job among others in capture order; they are new objects whenever something was filled in. */
export function placeOf(job: Pick<Job, 'id'>, jobs: readonly Job[]): number {
  return jobs.findIndex(({ id }) => id === job.id);
}
