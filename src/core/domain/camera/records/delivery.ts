import type { Detail } from '../../detail';
import type { AppError, ErrorCode } from '../../errors';
import { isUnjudged } from '../snapshot-job';
import { isAside } from '../time/clock';
import type { Job } from '../job';

/** The experiment that a camera's results are sent to, and the camera's description there. */
export interface Destination {
  readonly cameraId: string;
  /** the kind of service: the database and exports name it, though there is one alone */
  readonly target: 'driftwatch';
  /** API root without a trailing slash: a full URL, or a path of this page's origin */
  readonly baseUrl: string;
  readonly experimentId: string;
  readonly experimentName: string;
  readonly tags: readonly string[];
  /** what the records give as their model */
  readonly model: string;
  /** jobs stored since then are sent, milliseconds since 1970; 0 for all */
  readonly since: number;
  /** the user has agreed that records there are corrected when their jobs are judged again */
  readonly corrects?: true;
}

/** True if a stored job is to be sent there; nobody else is told a time that can't be right. */
export function isMeantFor(destination: Destination, job: Job): boolean {
  const counts = !isAside(job) && !isUnjudged(job);
  return counts && job.cameraId === destination.cameraId && job.createdAt >= destination.since;
}

/**
 * How far a record has come:
 * - `queued`: not sent
 * - `sending`: a request is under way, or was when the page died
 * - `unknown`: it may have arrived, so it is looked up before it is sent again
 * - `sent`: the service said that it has it
 * - `confirmed`: the audit found it there exactly once, as it was sent
 * - `corrected`: the same, after its job was judged again and the record was replaced
 * - `outdated`: the same, but its job says something else now, and nobody has agreed to a correction
 * - `refused`: it needs a person
 * - `withdrawing`: its job is gone here and has to go there too
 */
export const DELIVERY_STATES = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'confirmed',
  'corrected',
  'outdated',
  'refused',
  'withdrawing',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** States of records that have not reached the service as far as is known, and still should. */
export const WAITING: readonly DeliveryState[] = ['queued', 'unknown', 'sending', 'refused'];
export const UNFINISHED: readonly DeliveryState[] = [...WAITING, 'withdrawing'];
/** States of records that are known to be there. */
export const ARRIVED: readonly DeliveryState[] = ['sent', 'confirmed', 'corrected', 'outdated'];

export function hasArrived({ state }: Pick<Delivery, 'state'>): boolean {
  return ARRIVED.includes(state);
}

/** Why something did not go through, in a form that can be stored. */
export interface StoredFailure {
  readonly code: ErrorCode;
  readonly detail: Detail;
}

/** One job on its way to one experiment. Times are milliseconds since 1970. */
export interface Delivery {
  readonly lane: string;
  /** also the record's `result_id`, by which it is found again */
  readonly jobId: string;
  readonly cameraId: string;
  readonly imageName: string;
  readonly capturedAt: number;
  /** the exact text that is sent, the same with every attempt until the job is judged again */
  readonly body: string;
  /**
   * every text that a request of this device may have put there since the record was last verified; one string in rows
   * of earlier versions
   */
  readonly earlier?: readonly string[] | string;
  /** `body` replaces a text of this device that may be there, after the user has agreed to corrections */
  readonly isCorrecting?: true;
  /** a correction has replaced the record there */
  readonly isCorrected?: true;
  /** the job says something else than `body` now, and nobody has agreed to a correction */
  readonly isOutdated?: true;
  /** a person wants `body` there, whatever others have made of the record */
  readonly isOverwriting?: boolean;
  /** what others have made of the record, which a person has seen and left there: found again, it is no news */
  readonly kept?: string;
  readonly state: DeliveryState;
  /** how often the service failed on this record while it answered others */
  readonly attempts: number;
  readonly notBefore: number;
  /** when it was sent last; null when it can't have arrived */
  readonly sentAt: number | null;
  readonly remoteId: string | null;
  readonly failure: StoredFailure | null;
}

/** Texts that this device may have put there, with the present one. */
export function textsOf({ body, earlier = [] }: Pick<Delivery, 'body' | 'earlier'>): readonly string[] {
  return [...new Set([body, ...[earlier].flat()])];
}

/** True if `body` may replace a record there only after the user has agreed; earlier versions did not say it. */
export function needsConsent({ isCorrecting, earlier }: Delivery): boolean {
  return isCorrecting === true || typeof earlier === 'string';
}

/** Failures of records that others have changed there, or have put there themselves. */
const EDITED: readonly ErrorCode[] = ['record-changed', 'record-differs'];

export function isEdited({ failure }: Pick<Delivery, 'failure'>): boolean {
  return failure !== null && EDITED.includes(failure.code);
}

/** The state of a record that was found there exactly once, as it was sent. */
export function verifiedState({ isOutdated, isCorrected }: Delivery): DeliveryState {
  if (isOutdated) return 'outdated';
  return isCorrected ? 'corrected' : 'confirmed';
}

/**
 * A record after its job was judged again.
 *
 * @param body - its text by now
 * @param mayCorrect - true if the user has agreed to corrections
 * @param settledAt - when a request that is under way can no longer be carried out
 * @returns itself when nothing changes
 */
export function judgedAgain(from: Delivery, body: string, mayCorrect: boolean, settledAt: number): Delivery {
  const { isOutdated = false, ...current } = from;
  const isThere = hasArrived(from);
  const marked = (to: Delivery) => (from.state === 'sent' ? to : { ...to, state: verifiedState(to) });
  if (body === from.body) return isOutdated ? marked(current) : from;
  // Nothing of it is there, or it stays there as others have changed it.
  const isOthers = isThere && (isEdited(from) || from.kept !== undefined);
  if (from.state === 'queued' || isOthers) return { ...from, body };
  if (isThere && !mayCorrect) return isOutdated ? from : marked({ ...from, isOutdated: true });
  // No request has begun yet with the text of a correction that is not among the earlier ones.
  const earlier = from.isCorrecting ? [from.earlier ?? []].flat() : textsOf(from);
  const correcting: Delivery = { ...current, body, earlier, isCorrecting: true };
  if (isThere) return { ...correcting, state: 'unknown', notBefore: 0 };
  // The request under way has the text of before: as after a crash, its record is looked up once that is settled.
  return from.state === 'sending' ? { ...correcting, state: 'unknown', notBefore: settledAt } : correcting;
}

/** The experiment of one service: records to it go one after the other. */
export interface Lane {
  readonly baseUrl: string;
  readonly experimentId: string;
}

export const laneKey = ({ baseUrl, experimentId }: Lane): string => `${baseUrl}#${experimentId}`;

export function laneOf(key: string): Lane {
  const at = key.lastIndexOf('#');
  return { baseUrl: key.slice(0, at), experimentId: key.slice(at + 1) };
}

/**
 * Moves a record from another lane to the present destination of its camera, if it may.
 *
 * @param isOutOfReach - true if nobody can ask in its own lane any more if it arrived
 * @returns the record as it is left, itself when it stays where it is; null when nothing is left to do about it
 */
export function broughtHome(from: Delivery, destination: Lane, isOutOfReach: boolean): Delivery | null {
  const lane = laneKey(destination);
  const isSameExperiment = laneOf(from.lane).experimentId === destination.experimentId;
  // No other experiment knows it by its id.
  const remoteId = isSameExperiment ? from.remoteId : null;
  const again: Delivery = {
    ...from,
    lane,
    remoteId,
    state: 'unknown',
    attempts: 0,
    notBefore: 0,
    failure: null,
  };
  switch (from.state) {
    case 'queued':
    case 'refused':
      return again;
    case 'sending':
    case 'unknown':
      return isSameExperiment || isOutOfReach ? again : from;
    case 'withdrawing':
      if (isSameExperiment) return { ...from, lane };
      return isOutOfReach ? null : from;
    default:
      return isSameExperiment ? { ...from, lane } : from;
  }
}

/** End of a record whose job is deleted: it was never sent, it is taken back from there, or it stays there. */
export type RecordFate = 'dropped' | 'withdrawn' | 'left';

/**
 * Decides the end of a record whose job is deleted. One that may have arrived is looked up there before it is taken back,
 * since a record of a job that is gone must never be sent again.
 *
 * @param destination - the camera's present one; null for none, and then nothing is asked there any more
 * @param keepsArrived - true if a record that is known to be there shall stay
 */
export function fateOf(
  delivery: Pick<Delivery, 'state' | 'lane'>,
  destination: Lane | null,
  keepsArrived: boolean,
): RecordFate {
  if (delivery.state === 'queued') return 'dropped';
  const isThere = hasArrived(delivery);
  if (destination === null || laneOf(delivery.lane).baseUrl !== destination.baseUrl)
    return isThere ? 'left' : 'dropped';
  return isThere && keepsArrived ? 'left' : 'withdrawn';
}

/** Counts of the records of snapshots, which a person is told before these are deleted. */
export interface RecordFates {
  /** not sent: they never will be */
  readonly unsent: number;
  /** known to be there, and can be taken back */
  readonly arrived: number;
  /** may be there: they are looked up, and taken back */
  readonly unsettled: number;
  /** there, and nobody asks there any more */
  readonly beyond: number;
}

export function fatesOf(
  deliveries: readonly Pick<Delivery, 'state' | 'lane'>[],
  destination: Lane | null,
): RecordFates {
  const fates = { unsent: 0, arrived: 0, unsettled: 0, beyond: 0 };
  for (const delivery of deliveries) {
    const fate = fateOf(delivery, destination, true);
    if (fate === 'dropped') fates.unsent += 1;
    else if (fate === 'withdrawn') fates.unsettled += 1;
    else if (fateOf(delivery, destination, false) === 'left') fates.beyond += 1;
    else fates.arrived += 1;
  }
  return fates;
}

/** Nothing waits longer: a clock that was set back must not leave a record waiting for a day. */
export const LONGEST_WAIT = 15 * 60_000;

export function isDue(delivery: Pick<Delivery, 'notBefore'>, now: number): boolean {
  return delivery.notBefore <= now || delivery.notBefore > now + LONGEST_WAIT;
}

/**
 * Meaning of a failed request for a record:
 * - `look`: it was answered, but may have been stored: look before sending again
 * - `settle`: it was not answered, and may still be stored in a while: wait, then look
 * - `refuse`: nothing was stored, and the same record would be refused again
 * - `wait`: nothing was stored, and what is in the way passes by itself
 * - `hold`: no other record would fare better; nothing was stored, unless `mayHaveArrived`
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

/** True if a request may have been carried out whose answer the page was not allowed to read. */
export function mayHaveArrived(code: ErrorCode): boolean {
  return code === 'cors-blocked';
}

const MINUTE = 60_000;
const HOLD_WAITS = [MINUTE, 5 * MINUTE, 15 * MINUTE];
/** Nothing changes by itself: a person has to do something first. */
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
 * How long a lane that nothing can pass is left alone before it is tried again.
 *
 * @param times - how often it was held in a row, from 1
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
