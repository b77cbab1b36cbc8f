import { CALIBRATION } from '../drift/judging';
import { isObject, type RowOf } from '../row';
import { SPAN_BY_HAND } from '../usable/span';
import { DELIVERY } from './records/delivery';
import { EARLIER_BOXES, EARLIER_DETECTOR } from './earlier-boxes';
import { CAMERA } from './camera';
import { CAMERA_EVENT } from './event';
import { JOB } from './job';
import { REFERENCE } from './reference';

/** Checks for rows that are read from storage, by store. */
const ROWS = {
  cameras: CAMERA,
  references: REFERENCE,
  jobs: JOB,
  events: CAMERA_EVENT,
  calibrations: CALIBRATION,
  spansByHand: SPAN_BY_HAND,
  deliveries: DELIVERY,
  detectors: EARLIER_DETECTOR,
  detections: EARLIER_BOXES,
};

export type GuardedStore = keyof typeof ROWS;
export type GuardedRows = { readonly [S in GuardedStore]: RowOf<(typeof ROWS)[S]> };

export const GUARDED_STORES = Object.keys(ROWS) as readonly GuardedStore[];

/**
 * Path of the first field that makes a stored row unusable, such as `properties.contrast`; null for a row that can be
 * used. It checks only types and ranges that the page depends on: a number must be a number, a moment one
 * that can be written, a text a text. About 2 ms for 1,000 jobs.
 */
export function faultIn(store: GuardedStore, row: unknown): string | null {
  const kind = ROWS[store];
  if (kind.isUsable(row)) return null;
  return isObject(row) ? kind.faultIn(row) : 'row';
}
