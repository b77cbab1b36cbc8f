import type { CameraEvent } from '../camera/event';
import type { CompletedJob, Job } from '../camera/job';
import { isSetAside, verdictOf } from '../camera/verdict';
import { scaledDistance } from '../camera/spoken';
import { NO_PERSISTENCE } from './persistence';
import { classify } from './thresholds';

const DAY = 86_400_000;
/** Snapshots of so long after a cleaning may serve as clean ones: later a film may have begun that no limit sees yet. */
const CLEAN_FOR = 3 * DAY;

type Recovery =
  | { readonly kind: 'no-snapshot' }
  | { readonly kind: 'filling'; readonly windowFill: number; readonly windowSize: number }
  | { readonly kind: 'confirmed'; readonly snapshots: number }
  | { readonly kind: 'not-yet'; readonly snapshots: number };

/** One cleaning with the distances before and after it. */
export interface CleaningReport {
  readonly event: CameraEvent;
  readonly daysSincePrevious: number | null;
  /** the last distance before it; null if there is none */
  readonly before: number | null;
  /** the distance that confirmed recovery, else the newest one after it; null if there is none */
  readonly after: number | null;
  /** true if the last verdict before it was a warning or drift: else there was nothing to help */
  readonly wasInAlarm: boolean;
  /** when a distance after recovery was above the warning limit again; null when none was */
  readonly relapseAt: number | null;
  readonly recovery: Recovery;
  /** jobs that may serve the next reference version; empty until recovery is confirmed */
  readonly clean: readonly CompletedJob[];
}

/** Effects of a camera's cleanings, oldest first. Events and jobs (of one model) are in capture order. */
export function cleaningReports(events: readonly CameraEvent[], jobs: readonly Job[]): CleaningReport[] {
  const cleanings = events.filter(({ kind }) => kind === 'cleaned');
  /** the jobs before the first cleaning, those between it and the next one, and so on */
  const between = Array.from({ length: cleanings.length + 1 }, (): CompletedJob[] => []);
  let passed = 0;
  for (const job of jobs) {
    if (job.jobStatus === 'Failed' || isSetAside(job)) continue;
    while (passed < cleanings.length && cleanings[passed]!.at <= job.capturedAt) passed += 1;
    between[passed]!.push(job);
  }
  return cleanings.map((event, i) => {
    const previous = cleanings[i - 1];
    const [earlier, since] = [between[i]!, between[i + 1]!];
    const recovered = recoveredAt(since);
    return {
      event,
      daysSincePrevious: previous ? (event.at - previous.at) / DAY : null,
      before: newestDistance(earlier),
      after: newestDistance(recovered < 0 ? since : since.slice(0, recovered + 1)),
      wasInAlarm: ['warning', 'drift'].includes(lastVerdict(earlier)),
      relapseAt:
        recovered < 0 ? null : (since.find((job, i) => i > recovered && !isNormal(job))?.capturedAt ?? null),
      recovery: recoveryOf(since, recovered),
      clean: recovered < 0 ? [] : confirmedClean(event, since, recovered),
    };
  });
}

/**
 * The place of the job that confirms recovery: so many windows in a row whose own distance is normal as an alarm takes
 * to be raised or cleared. The verdict alone would not do: after a cleaning it is normal until an alarm is raised.
 */
function recoveredAt(since: readonly CompletedJob[]): number {
  let run = 0;
  return since.findIndex((job) => {
    const { raiseAfter, clearAfter } = job.persistence ?? NO_PERSISTENCE;
    run = isNormal(job) ? run + 1 : 0;
    return run >= Math.max(raiseAfter, clearAfter) && verdictOf(job) === 'normal';
  });
}

function isNormal(job: CompletedJob): boolean {
  return classify(scaledDistance(job), job.thresholds) === 'normal';
}

function lastVerdict(jobs: readonly CompletedJob[]): string {
  const last = lastJudged(jobs);
  return last ? verdictOf(last) : 'normal';
}

function newestDistance(jobs: readonly CompletedJob[]): number | null {
  const last = lastJudged(jobs);
  return last ? scaledDistance(last) : null;
}

/** The last that has a distance; a history has 100,000, of which one is wanted. */
function lastJudged(jobs: readonly CompletedJob[]): CompletedJob | null {
  for (let i = jobs.length - 1; i >= 0; i -= 1) if (scaledDistance(jobs[i]!) !== null) return jobs[i]!;
  return null;
}

function recoveryOf(since: readonly CompletedJob[], recovered: number): Recovery {
  const newest = since.at(-1);
  if (!newest) return { kind: 'no-snapshot' };
  if (recovered >= 0) return { kind: 'confirmed', snapshots: recovered + 1 };
  if (scaledDistance(newest) !== null) return { kind: 'not-yet', snapshots: since.length };
  return { kind: 'filling', windowFill: newest.windowFill, windowSize: newest.detector.windowSize };
}

/** The snapshots from the cleaning on, up to the first whose window was no longer normal. */
function confirmedClean(
  event: CameraEvent,
  since: readonly CompletedJob[],
  recovered: number,
): readonly CompletedJob[] {
  const relapse = since.findIndex((job, i) => i > recovered && !isNormal(job));
  const clean = relapse < 0 ? since : since.slice(0, relapse);
  return clean.filter(({ capturedAt }) => capturedAt < event.at + CLEAN_FOR);
}
