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

/** The state of a record that others have changed there; a person may have left it so. */
export function editedState(failure: StoredFailure | null): DeliveryState {
  return failure === null ? 'confirmed' : 'differs';
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
