import { verdictOf, type CompletedJob } from '../../core/domain/camera/job';
import { lowerLineOf } from '../../core/domain/drift/persistence';
import { classify, type DriftStatus } from '../../core/domain/drift/thresholds';
import type { SecondOpinion } from './why';

/** A reference of fewer days has seen little weather, and finds much unusual. */
const FEW_DAYS = 14;

const SEVERITY: Record<DriftStatus, number> = { 'warming-up': 0, normal: 1, warning: 2, drift: 3 };

/** Why the verdict is another than the distance alone would give. */
export type PersistenceFacts =
  | { readonly kind: 'pending'; readonly alone: DriftStatus; readonly raiseAfter: number }
  | {
      readonly kind: 'held';
      readonly alone: DriftStatus;
      readonly status: DriftStatus;
      readonly clearAfter: number;
      readonly lowerLine: number;
    };

export function persistenceOf(job: CompletedJob): PersistenceFacts | null {
  const { distance, thresholds, persistence } = job;
  const status = verdictOf(job);
  if (distance === null || !persistence || status === 'not-checked') return null;
  const alone = classify(distance, thresholds);
  if (alone === status) return null;
  const { raiseAfter, clearAfter } = persistence;
  if (SEVERITY[alone] > SEVERITY[status]) return { kind: 'pending', alone, raiseAfter };
  const raised = status === 'drift' ? thresholds.drift : thresholds.warning;
  return { kind: 'held', alone, status, clearAfter, lowerLine: lowerLineOf(raised, persistence) };
}

/** What other reason there may be for an alarm than a dirty lens, or that there is none. */
export type Hint = 'camera' | 'murk' | 'light' | 'unexplained';

export function hintOf(job: CompletedJob, { findings, hasUsual, placed }: SecondOpinion): Hint | null {
  const status = verdictOf(job);
  if (status !== 'drift' && status !== 'warning') return null;
  if (findings.some(({ kind }) => kind !== 'unusual')) return 'camera';
  const hints = findings.map((finding) => (finding.kind === 'unusual' ? finding.hintsAt : null));
  if (hints.includes('murk')) return 'murk';
  if (hints.includes('light')) return 'light';
  return hasUsual && placed === 'in-place' ? 'unexplained' : null;
}

/** The days of a reference that has seen too few to know what is usual; null when it has seen enough. */
export function fewDaysOf({ days, findings }: SecondOpinion): number | null {
  return days === null || days >= FEW_DAYS || !findings.some((finding) => 'property' in finding)
    ? null
    : days;
}
