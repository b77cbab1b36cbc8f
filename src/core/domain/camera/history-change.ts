import type { ConclusionCode } from '../glass/conclusion';
import type { GlassSight } from '../glass/sight';
import type { DriftStatus } from '../drift/thresholds';
import type { CompletedJob, Job } from './job';
import { conclusionOf, isAwaiting, verdictOf } from './verdict';

/** A verdict and its cause, which is null if only the learned distance was used. */
export interface WordedVerdict {
  readonly verdict: DriftStatus | 'not-checked';
  readonly code: ConclusionCode | null;
}

/** A scored snapshot whose verdict has changed. */
export interface ChangedVerdict {
  readonly jobId: string;
  readonly capturedAt: number;
  readonly imageName: string;
  readonly from: WordedVerdict;
  readonly to: WordedVerdict;
}

/** Late snapshots or better times; an import; a history of an earlier version, judged again. */
export type ChangeCause = 'late' | 'imported' | 'upgrade';

/** The cause of a change of verdicts that a person may have seen. */
export interface Because {
  readonly cause: ChangeCause;
  /** the snapshots that came late, or got another time */
  readonly snapshots: readonly Pick<Job, 'id' | 'capturedAt'>[];
  /** the same for all parts of one batch */
  readonly batch: number;
}

/** Changed verdicts of one camera and cause, kept until a person dismisses them. */
export interface HistoryChange extends Because {
  readonly cameraId: string;
  /** in capture order; empty while only numbers have changed */
  readonly items: readonly ChangedVerdict[];
}

/** A row that a change replaced, kept so that the change can be undone. */
export interface FormerRow {
  readonly cameraId: string;
  readonly cause: ChangeCause;
  /** id of the job that replaced it: mostly the same */
  readonly jobId: string;
  readonly job: Job;
  /** null if there was none; absent if it stays */
  readonly sight?: GlassSight | null;
}

export function saidOf(job: Job): WordedVerdict {
  const isConcluded = job.jobStatus === 'Completed' && (Boolean(job.glass) || isAwaiting(job));
  return { verdict: verdictOf(job), code: isConcluded ? conclusionOf(job).code : null };
}

/** @returns null if the verdict is the same, or if growth and loss have looked at the snapshot for the first time */
export function changedVerdict(before: CompletedJob, after: CompletedJob): ChangedVerdict | null {
  if (before.glass === undefined && after.glass !== undefined) return null;
  const [from, to] = [saidOf(before), saidOf(after)];
  if (isSaidAlike(from, to)) return null;
  const { id: jobId, capturedAt, imageName } = after;
  return { jobId, capturedAt, imageName, from, to };
}

function isSaidAlike(one: WordedVerdict, other: WordedVerdict): boolean {
  return one.verdict === other.verdict && one.code === other.code;
}

/**
 * Adds a part of a batch, or a further batch, to the changes not dismissed yet. A batch that changed only numbers
 * was never announced, so the next one takes its place.
 */
export function withChange(known: HistoryChange | undefined, added: HistoryChange): HistoryChange {
  if (!known || (known.items.length === 0 && known.batch !== added.batch)) return added;
  const items = new Map(known.items.map((item) => [item.jobId, item]));
  for (const item of added.items) {
    const from = items.get(item.jobId)?.from ?? item.from;
    if (isSaidAlike(from, item.to)) items.delete(item.jobId);
    else items.set(item.jobId, { ...item, from });
  }
  const snapshots = new Map([...known.snapshots, ...added.snapshots].map((each) => [each.id, each]));
  return {
    ...added,
    snapshots: [...snapshots.values()],
    items: [...items.values()].sort((a, b) => a.capturedAt - b.capturedAt),
  };
}
