import type { CompletedJob } from '../../core/domain/camera/job';
import { conclusionOf, learnedVerdictOf } from '../../core/domain/camera/verdict';
import type { SpokenDistance } from '../../core/domain/camera/spoken';
import { lowerLineOf } from '../../core/domain/drift/persistence';
import { classify, type DriftStatus, type Thresholds } from '../../core/domain/drift/thresholds';
import type { SecondOpinion } from './why';

/** A reference of fewer days has seen little weather, and finds much unusual. */
const FEW_DAYS = 14;

const SEVERITY: Record<DriftStatus, number> = { 'warming-up': 0, normal: 1, warning: 2, drift: 3 };

/** A distance with its limits and what it says, as that persists. */
export interface JudgedDistance {
  readonly distance: number | null;
  readonly thresholds: Thresholds;
  readonly status: DriftStatus | 'not-checked';
}

/** The learned distance's statement, whether it has a say or not. */
export function learnedOf(job: CompletedJob): JudgedDistance {
  const { distance, thresholds } = job;
  return { distance, thresholds, status: learnedVerdictOf(job) };
}

/** The statement of the detector that a verdict rests on. */
export function saidBy(job: CompletedJob, { speaker, distance, thresholds }: SpokenDistance): JudgedDistance {
  if (speaker === 'learned') return learnedOf(job);
  const judged = job.glass?.changed?.rest ?? job.glass;
  return { distance, thresholds, status: judged?.[speaker]?.driftStatus ?? 'not-checked' };
}

/** Reasons for a verdict other than that of the distance alone. */
export type PersistenceFacts =
  | { readonly kind: 'pending'; readonly alone: DriftStatus; readonly raiseAfter: number }
  | {
      readonly kind: 'held';
      readonly alone: DriftStatus;
      readonly status: DriftStatus;
      readonly clearAfter: number;
      readonly lowerLine: number;
    };

export function persistenceOf(
  { persistence }: Pick<CompletedJob, 'persistence'>,
  { distance, thresholds, status }: JudgedDistance,
): PersistenceFacts | null {
  if (distance === null || !persistence || status === 'not-checked') return null;
  const alone = classify(distance, thresholds);
  if (alone === status) return null;
  const { raiseAfter, clearAfter } = persistence;
  if (SEVERITY[alone] > SEVERITY[status]) return { kind: 'pending', alone, raiseAfter };
  const raised = status === 'drift' ? thresholds.drift : thresholds.warning;
  return { kind: 'held', alone, status, clearAfter, lowerLine: lowerLineOf(raised, persistence) };
}

/** Another possible reason for a high learned distance than a dirty lens, or that there is none. */
export type Hint = 'camera' | 'murk' | 'light' | 'unexplained';

export function hintOf(job: CompletedJob, { findings, hasUsual, stand }: SecondOpinion): Hint | null {
  const status = learnedVerdictOf(job);
  if (status !== 'drift' && status !== 'warning') return null;
  if (findings.some(({ kind }) => kind !== 'unusual')) return 'camera';
  const hints = findings.map((finding) => (finding.kind === 'unusual' ? finding.hintsAt : null));
  if (hints.includes('murk')) return 'murk';
  if (hints.includes('light')) return 'light';
  // If growth and film are looked for and not found, nobody is sent to look at the lens.
  const isClear = job.glass && conclusionOf(job).level === 'normal';
  return hasUsual && stand.stands === 'in-place' && !isClear ? 'unexplained' : null;
}

/** The days of a reference that has seen too few to know what is usual; null when it has seen enough. */
export function fewDaysOf({ days, findings }: SecondOpinion): number | null {
  return days === null || days >= FEW_DAYS || !findings.some((finding) => 'property' in finding)
    ? null
    : days;
}
