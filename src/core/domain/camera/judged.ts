import { NO_PERSISTENCE } from '../drift/persistence';
import type { CompletedJob } from './job';
import { learnedVerdictOf } from './verdict';
import { timeFacts, type TimeFacts } from './time/job-time';
import { isAlike } from '../alike';

/**
 * The judgement of a scored job and its place in capture order: both may change with the other snapshots, with settings,
 * references and events, and with corrections of the camera's clock.
 */
export type JudgingFacts = TimeFacts &
  Pick<
    CompletedJob,
    | 'distance'
    | 'windowFill'
    | 'driftStatus'
    | 'thresholds'
    | 'detector'
    | 'persistence'
    | 'calibrationId'
    | 'referenceId'
    | 'blindness'
    | 'cleanMissing'
    | 'glass'
  >;

/** Fills in the fields that earlier versions left out. */
export function judgedOf(job: CompletedJob): JudgingFacts {
  const { distance, windowFill, thresholds, detector, referenceId, blindness, cleanMissing, glass } = job;
  const verdict = learnedVerdictOf(job);
  return {
    ...timeFacts(job),
    distance,
    windowFill,
    driftStatus: job.driftStatus ?? (verdict === 'not-checked' ? 'warming-up' : verdict),
    thresholds,
    detector,
    persistence: job.persistence ?? NO_PERSISTENCE,
    calibrationId: job.calibrationId ?? null,
    referenceId,
    ...(blindness && { blindness }),
    ...(cleanMissing !== undefined && { cleanMissing }),
    ...(glass !== undefined && { glass }),
  };
}

/** A job with this judgement. Fields keep their order, so that a change and its reversal give the same row. */
export function withJudged(job: CompletedJob, judged: JudgingFacts): CompletedJob {
  const next: { -readonly [Field in keyof CompletedJob]: CompletedJob[Field] } = { ...job, ...judged };
  if (judged.statedAt === undefined) delete next.statedAt;
  if (judged.wallClock === undefined) delete next.wallClock;
  if (!judged.blindness) delete next.blindness;
  if (judged.cleanMissing === undefined) delete next.cleanMissing;
  if (judged.glass === undefined) delete next.glass;
  return next;
}

/** True if two jobs of one snapshot have the same judgement. */
export function isJudgedAlike(one: CompletedJob, other: CompletedJob): boolean {
  return isAlike(judgedOf(one), judgedOf(other));
}
