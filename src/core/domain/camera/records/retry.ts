import type { AppError, ErrorCode } from '../../errors';
import type { Delivery, StoredFailure } from './delivery';

/** Longest wait: a clock that is set back must not delay a record for a day. */
export const LONGEST_WAIT = 15 * 60_000;

/** Attempts after which a record is set aside if the service fails on it but accepts others. */
export const MOST_ATTEMPTS = 5;

export function isDue(delivery: Pick<Delivery, 'notBefore'>, now: number): boolean {
  return delivery.notBefore <= now || delivery.notBefore > now + LONGEST_WAIT;
}

/**
 * Meaning of a failed request for a record:
 * - `look`: it was answered, but may have been stored: look before sending again
 * - `settle`: it was not answered, and may still be stored in a while: wait, then look
 * - `refuse`: nothing was stored, and the same record would be refused again
 * - `wait`: nothing was stored, and the cause passes by itself
 * - `hold`: every record would fail; nothing was stored, unless `mayHaveArrived`
 */
export type Consequence = 'look' | 'settle' | 'refuse' | 'wait' | 'hold';

const CONSEQUENCES: Partial<Record<ErrorCode, Consequence>> = {
  'server-busy': 'look',
  'server-failed': 'look',
  'answer-unreadable': 'look',
  'gateway-failed': 'settle',
  'timed-out': 'settle',
  'no-answer': 'settle',
  offline: 'settle',
  'record-refused': 'refuse',
  'record-missing': 'refuse',
  'mytoken-no-answer': 'wait',
  'mytoken-failed': 'wait',
};

export function consequenceOf(code: ErrorCode): Consequence {
  return CONSEQUENCES[code] ?? 'hold';
}

/** True if a failed request may have been carried out, or may be later. */
export function mayHaveArrived(code: ErrorCode): boolean {
  const consequence = consequenceOf(code);
  // The page is not allowed to read the answer.
  return code === 'cors-blocked' || consequence === 'look' || consequence === 'settle';
}

const MINUTE = 60_000;
const HOLD_WAITS = [MINUTE, 5 * MINUTE, 15 * MINUTE];
/** True if a person has to act first. */
const FOR_A_PERSON: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'address',
  'remote-id',
  'token-missing',
  'token-locked',
  'mytoken-refused',
  'mytoken-restricted',
  'not-registered',
  'record-refused',
]);

/**
 * Time until a held lane is tried again.
 *
 * @param times - number of holds in a row, from 1
 * @returns milliseconds, or null when only a person can help
 */
export function holdWait(code: ErrorCode, times: number): number | null {
  if (FOR_A_PERSON.has(code)) return null;
  // A refused token may be the provider's outage; asking for ever would use up its exchanges.
  if (code === 'token-refused' && times > HOLD_WAITS.length) return null;
  return HOLD_WAITS[Math.min(times, HOLD_WAITS.length) - 1]!;
}

/**
 * Exponential backoff with full jitter: a random wait below base · 2^(failures - 1), so that many devices that
 * lost the same service don't return at once.
 *
 * @param random - in [0, 1)
 * @returns milliseconds
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoff(failures: number, random: number, base = 2000, most = 5 * MINUTE): number {
  return random * Math.min(most, base * 2 ** Math.max(0, failures - 1));
}

export const failureFrom = ({ code, detail }: AppError): StoredFailure => ({ code, detail });
