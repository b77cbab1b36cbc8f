import type { Detail } from '../../detail';
import type { ErrorCode } from '../../errors';

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
  /** the model name in the records */
  readonly model: string;
  /** jobs stored since then are sent, milliseconds since 1970; 0 for all */
  readonly since: number;
  /** the user has agreed that records there are corrected when their jobs are judged again */
  readonly corrects?: true;
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
  /** the record as others changed it, seen by a person and left so: found again, it is no news */
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
