import type { Delivery, StoredFailure } from '../../../core/domain/camera/records/delivery';
import type { Due, FailureRule, Limit } from '../../../core/domain/camera/records/next-state';
import {
  backoff,
  consequenceOf,
  failureFrom,
  holdWait,
  isDue,
  LONGEST_WAIT,
  MOST_ATTEMPTS,
} from '../../../core/domain/camera/records/retry';
import { AppError } from '../../../core/domain/errors';
import type { Database } from '../../../core/storage/database';
import { nextDueAt } from '../../../core/storage/deliveries';
import { settledAt, type Timings } from './timings';

/** The lane's state after each step; `until` is milliseconds since 1970. */
export type Step =
  | { readonly kind: 'progress'; readonly isCorrecting?: boolean }
  | { readonly kind: 'done' }
  /** the service was in trouble */
  | { readonly kind: 'wait'; readonly until: number; readonly failure: StoredFailure }
  /**
   * nothing is in the way: a record waits for its next try, or all wait for the audit; `twice` of them stand beside a
   * younger one of another device, which takes its own back
   */
  | { readonly kind: 'rest'; readonly until: number; readonly isForAudit: boolean; readonly twice: number }
  /** nothing passes; `until` is null when only a person can help */
  | { readonly kind: 'held'; readonly until: number | null; readonly failure: StoredFailure };

type Halt = Extract<Step, { kind: 'wait' | 'held' }>;

/**
 * Records that are sent at once, after as many were taken in a row: a few go one after the other, and a service in
 * trouble is asked by one at a time.
 */
export const MOST_AT_ONCE = 6;
/** After as many refusals in a row for one reason, the reason is not in the records. */
const MOST_REFUSED = 3;

/** A lane's pace: how many records go at once, and how long it waits, by what the service has answered so far. */
export class LanePace {
  readonly #timings: Timings;
  #failures = 0;
  #holds = 0;
  #refusals = { why: '', count: 0 };
  #taken = 0;
  #takenInRow = 0;
  /** number of those when the service last failed on a record, by the record's job */
  readonly #takenBefore = new Map<string, number>();
  /** why the lane waits since its last failure; new records do not change it */
  #stop: Halt | null = null;

  constructor(timings: Timings) {
    this.#timings = timings;
  }

  /**
   * The network is back, or a person opened the outbox: a lane that waits for a service out of reach may try at once.
   */
  hurry(): void {
    if (this.#stop?.kind !== 'wait' || this.#stop.failure.code === 'server-busy') return;
    this.#failures = 0;
    this.#stop = null;
  }

  /** A person has asked for another try: earlier failures don't count now. */
  encourage(): void {
    this.passed();
    this.#refusals = { why: '', count: 0 };
    this.#stop = null;
  }

  /** Why the lane still waits. */
  stopAt(now: number): Halt | null {
    if (this.#stop && this.#stop.until !== null && isDue({ notBefore: this.#stop.until }, now))
      this.#stop = null;
    return this.#stop;
  }

  /** The service works, for records too: earlier failures say nothing now. */
  passed(): void {
    this.#failures = 0;
    this.#holds = 0;
  }

  taken({ jobId }: Delivery): void {
    this.#taken += 1;
    this.#takenInRow += 1;
    this.#takenBefore.delete(jobId);
    this.#refusals.count = 0;
    this.passed();
  }

  /** From now on one record at a time. */
  slowDown(): void {
    this.#takenInRow = 0;
  }

  /** @param inFlight - of all lanes; each may send one, however many others send */
  mostAtOnce(inFlight: number): number {
    const wanted = this.#takenInRow < MOST_AT_ONCE ? 1 : MOST_AT_ONCE;
    return Math.max(1, Math.min(wanted, MOST_AT_ONCE - inFlight));
  }

  /** Counts a failure of a record by its rule. @returns attempts of the record, and the limit that is reached */
  count(
    how: FailureRule['counts'],
    { jobId, attempts }: Delivery,
    { message }: AppError,
  ): readonly [attempts: number, Limit | null] {
    if (how === undefined) return [attempts, null];
    if (how === 'in a row') {
      const count = this.#refusals.why === message ? this.#refusals.count + 1 : 1;
      this.#refusals = { why: message, count };
      if (count < MOST_REFUSED) return [attempts, null];
      return [attempts, count === MOST_REFUSED ? 'third refusal' : 'later refusal'];
    }
    const counted = attempts + (how === 'always' || this.#haveOthersPassed(jobId) ? 1 : 0);
    return [counted, counted < MOST_ATTEMPTS ? null : 'fifth failure'];
  }

  /** While the service fails on all records, the reason is not in this one. */
  #haveOthersPassed(jobId: string): boolean {
    const takenBefore = this.#takenBefore.get(jobId);
    this.#takenBefore.set(jobId, this.#taken);
    return takenBefore !== undefined && takenBefore < this.#taken;
  }

  /** When a record is due again, milliseconds since 1970. */
  dueAt(due: Due | undefined, delivery: Delivery, now: number): number {
    const { backoffBase, backoffMost } = this.#timings;
    if (due === undefined) return delivery.notBefore;
    if (due === 'at once') return 0;
    if (due === 'when settled') return settledAt(delivery, this.#timings);
    if (due === 'after as long')
      return now + Math.max(backoffBase, Math.min(now - (delivery.sentAt ?? 0), LONGEST_WAIT));
    // Others go first meanwhile, so that one bad record holds up none of them.
    return now + backoff(delivery.attempts + 1, Math.random(), backoffBase, backoffMost);
  }

  /** Stops the lane after a failure. */
  stop(error: AppError): Halt {
    const { backoffBase, backoffMost } = this.#timings;
    const failure = failureFrom(error);
    const now = Date.now();
    this.#takenInRow = 0;
    if (isHeldBy(error)) {
      this.#holds += 1;
      const wait = holdWait(error.code, this.#holds);
      this.#stop = { kind: 'held', failure, until: wait === null ? null : now + wait };
    } else {
      this.#failures += 1;
      const wanted = error.code === 'server-busy' ? Number(error.detail) * 1000 : 0;
      const wait = Math.max(wanted, backoff(this.#failures, Math.random(), backoffBase, backoffMost));
      this.#stop = { kind: 'wait', failure, until: now + Math.min(wait, LONGEST_WAIT) };
    }
    return this.#stop;
  }
}

/** Nothing can be done now: how long the lane waits for a record's next try, or for the audit. */
export async function restOf(db: Database, key: string, now: number, twice: number): Promise<Step> {
  const record = await nextDueAt(db, key, ['unknown', 'withdrawing', 'queued']);
  const audit = await nextDueAt(db, key, ['sent']);
  if (record === null && audit === null) return { kind: 'done' };
  const until = Math.max(now, Math.min(record ?? Infinity, audit ?? Infinity));
  return { kind: 'rest', until, isForAudit: record === null, twice };
}

/** Of failures at once the one that stops the lane longest: all wait once. */
export function gravest(errors: readonly unknown[]): unknown {
  const weight = (error: unknown) => {
    if (!(error instanceof AppError) || isHeldBy(error)) return Infinity;
    return error.code === 'server-busy' ? 1 + Number(error.detail) : 0;
  };
  return errors.reduce((worst, error) => (weight(error) > weight(worst) ? error : worst));
}

function isHeldBy({ code }: AppError): boolean {
  return ['hold', 'refuse'].includes(consequenceOf(code));
}
