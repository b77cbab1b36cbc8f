import type { Job, Reference } from '../../../core/domain/camera/job';

/** What is said of a job besides its own facts. */
export interface RecordContext {
  readonly tags: readonly string[];
  readonly model: string;
  /** of the reference that the job was judged with; null for a job that was not scored */
  readonly reference: Reference | null;
  /** a sentence for why a job has no verdict, in English: other programs read it */
  readonly reason: string | null;
  readonly appVersion: string;
}

/** A record as the service holds it. */
export interface Arrived {
  readonly id: string;
  /** milliseconds since 1970 by the service's clock; null when it can't be read */
  readonly createdAt: number | null;
  /** whether it still says what was sent */
  says(body: string): boolean;
}

/** The exact text of a job's record. The same job and context give the same text. */
export type RecordWriter = (job: Job, context: RecordContext) => string;

/**
 * A service that takes results. Every method rejects with an AppError whose code says whether the record may have
 * been stored (see `consequenceOf`).
 */
export interface SyncTarget {
  send(experimentId: string, body: string): Promise<Arrived>;
  /**
   * Looks records up by the ids of their jobs.
   *
   * @param jobIds - at most `FIND_AT_ONCE`
   * @returns for each job that has any, all its records, oldest first
   */
  find(experimentId: string, jobIds: readonly string[]): Promise<ReadonlyMap<string, readonly Arrived[]>>;
  replace(experimentId: string, remoteId: string, body: string): Promise<Arrived>;
  /** Removes a record; one that is gone already counts as removed. */
  remove(experimentId: string, remoteId: string): Promise<void>;
}

/** How many records one look-up can ask for. */
export const FIND_AT_ONCE = 100;
