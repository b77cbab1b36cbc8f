import { DETAIL } from '../../detail';
import type { ErrorCode } from '../../errors';
import { isRemoteId } from '../../remote-id';
import * as kind from '../../row';
import { isText, type RowOf } from '../../row';

/** The experiment that a camera's results are sent to, and the camera's description there. */
export const DESTINATION = kind.row({
  cameraId: kind.id,
  /** the kind of service: the database and exports name it, though there is one alone */
  target: kind.oneOf(['driftwatch']),
  /** API root without a trailing slash: a full URL, or a path of this page's origin */
  baseUrl: kind.matching(/^(?:https?:\/\/[^\s#?@\\]+|\/[^\s#?/\\][^\s#?\\]*)$/, 500),
  experimentId: kind.single<string>(isText, isRemoteId),
  experimentName: kind.name,
  /** as DriftWatch bounds them: 20 characters, as Python counts them */
  tags: kind.listOf(
    kind.single<string>(isText, (tag) => tag !== '' && Array.from(tag).length <= 20),
    50,
  ),
  /** the model name in the records */
  model: kind.matching(/./su, 200),
  /** jobs stored since then are sent, milliseconds since 1970; 0 for all */
  since: kind.instant,
  /** the user has agreed that records there are corrected when their jobs are judged again */
  corrects: kind.yes,
});
export type Destination = RowOf<typeof DESTINATION>;

/**
 * How far a record has come:
 * - `queued`: not sent
 * - `sending`: a request is under way, or was when the page died
 * - `unknown`: it may have arrived, so it is looked up before it is sent again
 * - `sent`: the service said that it has it
 * - `confirmed`: the audit found it there exactly once, as it was sent
 * - `corrected`: the same, after its job was judged again and the record was replaced
 * - `outdated`: the same, but its job says something else now, and nobody has agreed to a correction
 * - `differs`: others have changed it there, or have put it there: it stays, and a person may compare
 * - `elsewhere`: another device has sent a record of the same picture: none is sent beside it
 * - `disagrees`: the same, but it gives another verdict than is known here
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
  'differs',
  'elsewhere',
  'disagrees',
  'refused',
  'withdrawing',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** States of records that have not reached the service as far as is known, and still should. */
export const WAITING: readonly DeliveryState[] = ['queued', 'unknown', 'sending', 'refused'];
export const UNFINISHED: readonly DeliveryState[] = [...WAITING, 'withdrawing'];
/** States of records that are known to be there. */
export const ARRIVED: readonly DeliveryState[] = ['sent', 'confirmed', 'corrected', 'outdated', 'differs'];

export function hasArrived({ state }: Pick<Delivery, 'state'>): boolean {
  return ARRIVED.includes(state);
}

/** True if another device has sent a record of the same picture. */
export function isElsewhere({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'elsewhere' || state === 'disagrees';
}

/** Why something did not go through, in a form that can be stored. */
const STORED_FAILURE = kind.row({
  code: kind.single<ErrorCode>(isText),
  detail: DETAIL,
});
export type StoredFailure = RowOf<typeof STORED_FAILURE>;

/** One job on its way to one experiment. Times are milliseconds since 1970. */
export const DELIVERY = kind.row({
  lane: kind.text(),
  /** also the record's `result_id`, by which it is found again */
  jobId: kind.id,
  cameraId: kind.id,
  imageName: kind.name,
  capturedAt: kind.instant,
  /** the exact text that is sent, the same with every attempt until the job is judged again */
  body: kind.text(),
  /**
   * every text that a request of this device may have put there since the record was last verified; one string in rows
   * of earlier versions
   */
  earlier: kind.optional(
    kind.single<string | readonly string[]>(
      (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
    ),
  ),
  /** `body` replaces a text of this device that may be there, after the user has agreed to corrections */
  isCorrecting: kind.yes,
  /** a correction has replaced the record there */
  isCorrected: kind.yes,
  /** the job says something else than `body` now, and nobody has agreed to a correction */
  isOutdated: kind.yes,
  /** a person wants `body` there, whatever others have made of the record */
  isOverwriting: kind.optional(kind.flag),
  /** the record as others changed it, seen by a person and left so: found again, it is no news */
  kept: kind.optional(kind.text()),
  state: kind.oneOf(DELIVERY_STATES),
  /** how often the service failed on this record while it answered others */
  attempts: kind.count(),
  notBefore: kind.anyInstant,
  /** when it was sent last; null when it can't have arrived */
  sentAt: kind.orNull(kind.anyInstant),
  remoteId: kind.orNull(kind.text()),
  failure: kind.orNull(STORED_FAILURE),
});
export type Delivery = RowOf<typeof DELIVERY>;

/** The experiment of one service: records to it go oldest first. */
export interface Lane {
  readonly baseUrl: string;
  readonly experimentId: string;
}

export const laneKey = ({ baseUrl, experimentId }: Lane): string => `${baseUrl}#${experimentId}`;

export function laneOf(key: string): Lane {
  const at = key.lastIndexOf('#');
  return { baseUrl: key.slice(0, at), experimentId: key.slice(at + 1) };
}

/** Failures of records that others have changed there, or have put there themselves. */
const EDITED: readonly ErrorCode[] = ['record-changed', 'record-differs'];

export function isEdited({ failure }: Pick<Delivery, 'failure'>): boolean {
  return failure !== null && EDITED.includes(failure.code);
}
