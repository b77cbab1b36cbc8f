import type { Delivery } from '../../../core/domain/camera/records/delivery';

/** Durations in milliseconds. */
export interface Timings {
  /** a request without an answer is given up after so long */
  readonly timeout: number;
  /** time after that in which it may still be carried out */
  readonly settle: number;
  readonly backoffBase: number;
  readonly backoffMost: number;
}

/** @param timeout - seconds */
export function timingsOf({ timeout }: { readonly timeout: number }): Timings {
  return { timeout: timeout * 1000, settle: 30_000, backoffBase: 2000, backoffMost: 5 * 60_000 };
}

/** When a request that was sent can no longer be carried out late. */
export function settledAt({ sentAt }: Pick<Delivery, 'sentAt'>, { timeout, settle }: Timings): number {
  return sentAt === null ? 0 : sentAt + timeout + settle;
}
