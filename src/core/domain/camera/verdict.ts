import type { Detail } from '../detail';
import type { AlarmRun } from '../drift/persistence';
import { classify, type DriftStatus } from '../drift/thresholds';
import type { ErrorCode } from '../errors';
import { conclude, type Conclusion } from '../glass/conclusion';
import { evidenceOf } from '../glass/evidence';
import type { StandingVerdict } from '../glass/glass-facts';
import type { CompletedJob, FailedJob, Job } from './job';

/** The facts that all statements on a scored snapshot rest on. */
export type JudgedFacts = Pick<
  CompletedJob,
  | 'jobStatus'
  | 'glass'
  | 'awaitsGlass'
  | 'distance'
  | 'thresholds'
  | 'driftStatus'
  | 'blindness'
  | 'cleanMissing'
>;

/** The verdict of the learned distance alone. */
export function learnedVerdictOf(job: JudgedFacts): DriftStatus | 'not-checked' {
  if (job.blindness || isUntaught(job)) return 'not-checked';
  return job.driftStatus ?? classify(job.distance, job.thresholds);
}

/** True if a job was not judged because its reference lacks clean pictures. */
export function isUntaught({ cleanMissing = 0 }: Pick<CompletedJob, 'cleanMissing'>): boolean {
  return cleanMissing > 0;
}

const conclusions = new WeakMap<JudgedFacts, Conclusion>();

/** The one conclusion about a scored job, whoever shows it; each asks again, so it is made once. */
export function conclusionOf(job: JudgedFacts): Conclusion {
  const known = conclusions.get(job);
  if (known) return known;
  const made = concludeOn(job);
  conclusions.set(job, made);
  return made;
}

function concludeOn(job: JudgedFacts): Conclusion {
  const { glass, distance, thresholds, driftStatus } = job;
  return conclude({
    ...evidenceOf(glass),
    // A model that can tell nothing says so, unless the others speak in its place.
    isReadable: Boolean(glass) || !job.blindness,
    cleanMissing: job.cleanMissing ?? 0,
    isAwaiting: isAwaiting(job),
    // While a cycle learns, the learned distance is that from another cycle's reference.
    learned:
      job.blindness || glass?.learning
        ? null
        : {
            distance,
            status: driftStatus ?? classify(distance, thresholds),
            limit: thresholds.drift,
            isOwn: glass?.isOwnModel ?? true,
          },
  });
}

/** True if the learned distance has a part in what is said of a job: places show it then, and nowhere else. */
export function hasLearnedSay(job: JudgedFacts): boolean {
  return !job.glass || conclusionOf(job).restsOn.includes('learned');
}

/** A job as it is known while growth and loss have not looked at it. @param awaited - ids of references that they can look through */
export function awaiting(job: Job, awaited: ReadonlySet<string>): Job {
  const isMissing = job.jobStatus === 'Completed' && job.glass === undefined;
  return isMissing && awaited.has(job.referenceId) ? { ...job, awaitsGlass: true } : job;
}

/** True if growth and loss have still to look at a job; its learned distance raises nothing until then. */
export function isAwaiting({ glass, awaitsGlass }: Pick<CompletedJob, 'glass' | 'awaitsGlass'>): boolean {
  return glass === undefined && awaitsGlass === true;
}

/** The verdict of a job, as it stood when it was scored; `not-checked` is never shown as healthy. */
export function verdictOf(job: JudgedFacts | FailedJob): DriftStatus | 'not-checked' {
  if (job.jobStatus === 'Failed') return 'not-checked';
  if (!job.glass) return isAwaiting(job) ? 'not-checked' : learnedVerdictOf(job);
  // Most of a history is: a tenth of the time for 100,000 jobs.
  if (isQuiet(job)) return 'normal';
  const { code, level } = conclusionOf(job);
  if (level !== 'unknown') return level;
  return code === 'warming-up' ? 'warming-up' : 'not-checked';
}

/** True if growth, loss and the learned distance were all heard or have no say, none raised anything, nothing is asked, and the scene is seen. */
export function isQuiet(job: JudgedFacts): boolean {
  const { glass, blindness, driftStatus } = job;
  if (glass?.growth?.driftStatus !== 'normal' || glass.loss?.driftStatus !== 'normal') return false;
  if (glass.unseenSince !== undefined || glass.visit?.isAsked) return false;
  const learned = blindness ? 'normal' : (driftStatus ?? classify(job.distance, job.thresholds));
  return learned === 'normal' || learned === 'warming-up';
}

/**
 * Verdict for a snapshot that counts for nothing: the conclusion on the last one that did.
 *
 * @param before - the job before it, in capture order; null where there is none since the last break
 */
export function standingAfter(before: JudgedFacts | null): StandingVerdict {
  if (!before) return 'normal';
  if (isSetAside(before)) return before.glass?.standing ?? 'normal';
  const verdict = verdictOf(before);
  return verdict === 'warning' || verdict === 'drift' ? verdict : 'normal';
}

/** True if a scored snapshot counts for nothing: it shows another view, or the dark. */
export function isSetAside(job: Pick<CompletedJob, 'glass'>): boolean {
  return job.glass?.growth === null;
}

/** True if growth decided a job's alarm: only then its picture shows the covered glass unasked. */
export function isByGrowth(job: JudgedFacts): boolean {
  const { level, speaker } = conclusionOf(job);
  return speaker === 'growth' && (level === 'warning' || level === 'drift');
}

/** Why a job has no verdict, as a code with its detail; null when it has one, and while the window fills. */
export function whyNotChecked(job: Job): { readonly code: ErrorCode; readonly detail: Detail } | null {
  if (job.jobStatus === 'Failed') return { code: job.code, detail: job.detail };
  const { cleanMissing: missing = 0 } = job;
  if (missing > 0) return { code: 'few-clean', detail: { code: 'clean-missing', missing } };
  return job.blindness && !job.glass ? { code: 'detector-blind', detail: job.blindness } : null;
}

/**
 * The alarms of a history, from the first drift to the last warning or drift. One ends with a whole window of normal
 * verdicts in a row, when a window begins to fill, and where another model or reference judges; what can't be judged neither
 * ends nor begins one.
 *
 * @param jobs - in capture order
 */
export function alarmsOf(jobs: readonly Job[]): AlarmRun[] {
  const runs: { first: number; last: number }[] = [];
  let open: { first: number; last: number } | null = null;
  let [calm, before]: [number, CompletedJob | null] = [0, null];
  for (const [i, job] of jobs.entries()) {
    const verdict = verdictOf(job);
    if (verdict === 'not-checked' || job.jobStatus === 'Failed') continue;
    calm = verdict === 'normal' ? calm + 1 : 0;
    const isOther =
      before !== null && (before.modelSha256 !== job.modelSha256 || before.referenceId !== job.referenceId);
    if (verdict === 'warming-up' || isOther || calm >= job.detector.windowSize) open = null;
    if (open && verdict !== 'normal') open.last = i;
    else if (verdict === 'drift') runs.push((open = { first: i, last: i }));
    before = job;
  }
  return runs;
}
