import type { ErrorCode } from '../../errors';
import type { Job } from '../job';
import { isUnjudged } from '../snapshot-job';
import { isAside } from '../time/clock';
import {
  hasArrived,
  isElsewhere,
  isEdited,
  laneKey,
  laneOf,
  type Delivery,
  type DeliveryState,
  type Destination,
  type Lane,
  type StoredFailure,
} from './delivery';
import type { Consequence } from './retry';

/** When a record is due again; without one, as before. `after as long`: after as long as it has been there. */
export type Due = 'at once' | 'when settled' | 'after a pause' | 'after as long';

/** Too many failures of one record, or refusals in a row for one reason. */
export type Limit = 'fifth failure' | 'third refusal' | 'later refusal';

export interface FailureRule {
  readonly to: DeliveryState | 'deleted';
  readonly due?: Due;
  /** the failure that is stored with the record */
  readonly why?: 'answer' | 'record-poison';
  /** attempts of a record, `alone` if the service took another one since the last; or refusals in a row */
  readonly counts?: 'always' | 'alone' | 'in a row';
  /** it stops if the failure is about more than this record */
  readonly lane: 'stops' | 'goes on';
}
/** By what a failure means, or by the failure itself if it needs a rule of its own. */
export type FailureRules = Readonly<
  Record<Consequence, FailureRule> & Partial<Record<ErrorCode | Limit | 'page ended', FailureRule>>
>;

/**
 * Rules for a record whose request failed. It keeps the mark of the request only if that may have been carried out
 * (`mayHaveArrived`). All other requests read, or remove duplicates: if one fails, the record stays as it is, and the
 * lane stops.
 */
export const FAILED = {
  // POST of a record, which is `sending`.
  sending: {
    look: { to: 'unknown', due: 'at once', why: 'answer', lane: 'stops' },
    'server-failed': { to: 'unknown', due: 'at once', why: 'answer', counts: 'alone', lane: 'stops' },
    settle: { to: 'unknown', due: 'when settled', why: 'answer', lane: 'stops' },
    'cors-blocked': { to: 'unknown', due: 'when settled', lane: 'stops' },
    'page ended': { to: 'unknown', due: 'when settled', lane: 'goes on' },
    wait: { to: 'queued', lane: 'stops' },
    hold: { to: 'queued', lane: 'stops' },
    refuse: { to: 'refused', why: 'answer', counts: 'in a row', lane: 'goes on' },
    'third refusal': { to: 'refused', why: 'answer', lane: 'stops' },
    'later refusal': { to: 'queued', lane: 'stops' },
  },
  // PUT of the present text of a record that is `unknown`.
  replacing: {
    look: { to: 'unknown', due: 'at once', lane: 'stops' },
    'server-failed': { to: 'unknown', due: 'after a pause', why: 'answer', counts: 'alone', lane: 'stops' },
    'fifth failure': { to: 'refused', why: 'record-poison', lane: 'stops' },
    settle: { to: 'unknown', due: 'when settled', lane: 'stops' },
    'cors-blocked': { to: 'unknown', due: 'when settled', lane: 'stops' },
    wait: { to: 'unknown', lane: 'stops' },
    hold: { to: 'unknown', lane: 'stops' },
    refuse: { to: 'refused', why: 'answer', lane: 'goes on' },
  },
  // PUT of a record that is `queued` in place of another device's.
  overwriting: {
    look: { to: 'queued', lane: 'stops' },
    'server-failed': { to: 'queued', counts: 'always', lane: 'stops' },
    'answer-unreadable': { to: 'queued', counts: 'always', lane: 'stops' },
    'fifth failure': { to: 'disagrees', why: 'answer', lane: 'goes on' },
    settle: { to: 'queued', lane: 'stops' },
    wait: { to: 'queued', lane: 'stops' },
    hold: { to: 'queued', lane: 'stops' },
    refuse: { to: 'disagrees', why: 'answer', lane: 'goes on' },
  },
  // Search and DELETE of a record that is `withdrawing`.
  withdrawing: {
    look: { to: 'withdrawing', lane: 'stops' },
    settle: { to: 'withdrawing', lane: 'stops' },
    wait: { to: 'withdrawing', lane: 'stops' },
    hold: { to: 'withdrawing', lane: 'stops' },
    refuse: { to: 'withdrawing', lane: 'stops' },
    // With its experiment the record is gone, too.
    'experiment-missing': { to: 'deleted', lane: 'goes on' },
  },
} as const satisfies Readonly<Record<string, FailureRules>>;

export interface FoundRule {
  readonly to: DeliveryState;
  readonly due?: Due;
  /** the failure that is stored with the record */
  readonly why?: ErrorCode;
  /** the request that brings it there */
  readonly by?: 'POST' | 'PUT' | 'DELETE';
}

/** Rules for a record that was looked up. One that is `withdrawing` is deleted there if it is this device's. */
export const FOUND = {
  // It may have arrived: records of its job.
  unknown: {
    'as sent': { to: 'sent', due: 'when settled' },
    'an earlier text': { to: 'sent', by: 'PUT' },
    'an earlier text, no consent': { to: 'sent', due: 'when settled' },
    'changed by others': { to: 'differs', why: 'record-changed' },
    'changed, left so': { to: 'confirmed' },
    'put there by others': { to: 'differs', why: 'record-differs' },
    'put there, left so': { to: 'confirmed' },
    'deleted there': { to: 'refused', why: 'record-missing' },
    nothing: { to: 'queued', due: 'at once' },
    'nothing after a failure': { to: 'queued', due: 'after a pause' },
    'nothing after five failures': { to: 'refused', why: 'record-poison' },
  },
  // In the audit: records of its job, and those of other devices with the same picture.
  sent: {
    'as sent': { to: 'confirmed' },
    'as corrected': { to: 'corrected' },
    'as sent, outdated by now': { to: 'outdated' },
    'an earlier text': { to: 'unknown', due: 'at once' },
    'changed by others': { to: 'differs', why: 'record-changed' },
    'changed, left so': { to: 'confirmed' },
    'deleted there': { to: 'refused', why: 'record-missing' },
    'an older one of the same verdict': { to: 'elsewhere', by: 'DELETE' },
    'an older one of another verdict': { to: 'disagrees', by: 'DELETE' },
    'a younger one, too': { to: 'sent', due: 'after as long' },
  },
  // Right before it is sent: records of other devices with the same picture.
  queued: {
    nothing: { to: 'sending', by: 'POST' },
    'the same verdict': { to: 'elsewhere' },
    'another verdict': { to: 'disagrees' },
    'one to overwrite': { to: 'elsewhere', by: 'PUT' },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, FoundRule>>>>;
export type Finding<State extends keyof typeof FOUND> = keyof (typeof FOUND)[State];

/** True if a stored job is to be sent there; nobody else is told a time that can't be right. */
export function isMeantFor(destination: Destination, job: Job): boolean {
  const counts = !isAside(job) && !isUnjudged(job);
  return counts && job.cameraId === destination.cameraId && job.createdAt >= destination.since;
}

/** Texts that this device may have put there, with the present one. */
export function textsOf({ body, earlier = [] }: Pick<Delivery, 'body' | 'earlier'>): readonly string[] {
  return [...new Set([body, ...[earlier].flat()])];
}

/** True if `body` may replace a record there only after the user has agreed; earlier versions did not say it. */
export function needsConsent({ isCorrecting, earlier }: Delivery): boolean {
  return isCorrecting === true || typeof earlier === 'string';
}

/** The state of a record that was found there exactly once, as it was sent. */
function verifiedState(delivery: Delivery): DeliveryState {
  return FOUND.sent[verifiedFinding(delivery)].to;
}

export function verifiedFinding({ isOutdated, isCorrected }: Delivery) {
  if (isOutdated) return 'as sent, outdated by now';
  return isCorrected ? 'as corrected' : 'as sent';
}

/**
 * A record after a failed request.
 *
 * @param from - as it was marked for the request if that may have been carried out, else as before
 * @returns itself when nothing changes, null to delete it
 */
export function afterFailure(
  from: Delivery,
  { to, why, counts }: FailureRule,
  notBefore: number,
  failure: StoredFailure | null = null,
): Delivery | null {
  if (to === 'deleted') return null;
  if (to === 'disagrees') return { ...elsewhere(from, to), failure };
  if (to === from.state && notBefore === from.notBefore && counts === undefined) return from;
  const poison: StoredFailure = { code: 'record-poison', detail: failure?.detail ?? '' };
  const stored = why === 'answer' ? { failure } : why && { sentAt: null, failure: poison };
  return { ...from, state: to, notBefore, ...stored };
}

/**
 * A record after a look-up, or after the answer that it is there.
 *
 * @param remoteId - of this device's record there; null if none was found
 */
export function afterFinding(
  from: Delivery,
  { to, due, why }: FoundRule,
  notBefore: number,
  remoteId: string | null,
): Delivery {
  if (due === 'after as long') return { ...from, notBefore };
  const { isOutdated: _isOutdated, ...current } = from;
  const detail = why === 'record-poison' ? (from.failure?.detail ?? '') : '';
  const failure = why === undefined ? null : { code: why, detail };
  const gone = why !== 'record-poison' && { remoteId: null };
  switch (to) {
    case 'queued':
      return { ...from, ...gone, state: to, notBefore, sentAt: null };
    case 'refused':
      return { ...from, ...gone, state: to, sentAt: null, failure };
    case 'elsewhere':
    case 'disagrees':
      return elsewhere(from, to);
    case 'unknown':
      return { ...current, state: to, notBefore, isCorrecting: true };
    default: {
      if (remoteId === null) return { ...from, state: to, failure };
      const found: Delivery = from.state === 'sent' && to !== 'outdated' ? current : from;
      const { earlier, isCorrecting: _isCorrecting, isOverwriting: _isOverwriting, ...there } = found;
      const mayStillArrive = to === 'sent' && earlier !== undefined && { earlier: [earlier].flat() };
      return { ...there, ...mayStillArrive, state: to, remoteId, notBefore, failure };
    }
  }
}

/** Another device has sent a record of the picture: none is sent from here. */
function elsewhere(from: Delivery, state: 'elsewhere' | 'disagrees'): Delivery {
  const { earlier: _earlier, isCorrecting: _isCorrecting, isCorrected: _isCorrected, ...rest } = from;
  const { isOutdated: _isOutdated, kept: _kept, isOverwriting: _isOverwriting, ...bare } = rest;
  return { ...bare, state, attempts: 0, notBefore: 0, sentAt: null, remoteId: null, failure: null };
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
  // The record there is compared with it.
  if (isElsewhere(from)) return { ...from, body, state: 'queued' };
  if (isThere && !mayCorrect) return isOutdated ? from : marked({ ...from, isOutdated: true });
  // No request has begun yet with the text of a correction that is not among the earlier ones.
  const earlier = from.isCorrecting ? [from.earlier ?? []].flat() : textsOf(from);
  const correcting: Delivery = { ...current, body, earlier, isCorrecting: true };
  if (isThere) return { ...correcting, state: 'unknown', notBefore: 0 };
  // The request under way has the text of before: as after a crash, its record is looked up once that is settled.
  return from.state === 'sending' ? { ...correcting, state: 'unknown', notBefore: settledAt } : correcting;
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
