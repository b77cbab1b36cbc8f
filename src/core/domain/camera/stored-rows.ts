import { isDetail } from '../detail';
import { DETECTOR_LAYOUTS, type Detections, type StoredDetector } from '../detection/detection';
import type { Calibration } from '../drift/calibration';
import { DELIVERY_STATES, type Delivery } from './records/delivery';
import { BY_EYE, EVENT_KINDS, type Camera, type CameraEvent, type Job, type Reference } from './job';
import { COVER_PLACES, LOSS_PARTS } from '../glass/glass-facts';
import { SCENE_ANSWERS } from '../glass/scene-change';
import { USABILITIES, type SpanByHand } from '../usable/span';
import { IMAGE_PROPERTIES, type ImageProperty } from '../picture/property-table';
import { INSTANT, isWithin } from '../ranges';

/** Rows that are checked when read from storage, by store. */
export interface GuardedRows {
  cameras: Camera;
  references: Reference;
  jobs: Job;
  events: CameraEvent;
  calibrations: Calibration;
  spansByHand: SpanByHand;
  deliveries: Delivery;
  detectors: StoredDetector;
  detections: Detections;
}

export type GuardedStore = keyof GuardedRows;

type Check = (value: unknown) => boolean;
/** Fields that are looked at, in this order; a field may have fields of its own. */
interface Checks {
  readonly [field: string]: Check | Checks;
}

const isText: Check = (value) => typeof value === 'string';
const isNumber: Check = (value) => Number.isFinite(value);
const isMoment: Check = (value) => isWithin(INSTANT, value);
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isOneOrMore: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
const isPositive: Check = (value) => Number.isFinite(value) && (value as number) > 0;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
/** Rows of earlier versions lack it. */
const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const oneOf = (values: readonly unknown[]): Check => {
  const known = new Set(values);
  return (value) => known.has(value);
};
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const whole =
  (checks: Checks): Check =>
  (value) =>
    isObject(value) && faultBy(checks, value) === null;

const DETECTOR: Checks = { name: isText, windowSize: isOneOrMore, sigma: isPositive };
const THRESHOLDS: Checks = { warning: isNumber, drift: isNumber };
const PERSISTENCE: Checks = { raiseAfter: isOneOrMore, clearAfter: isOneOrMore, clearBelow: isNumber };
const JUDGING: Checks = { detector: DETECTOR, thresholds: THRESHOLDS, persistence: PERSISTENCE };
const SIZE: Checks = { height: isOneOrMore, width: isOneOrMore };
const isTriple: Check = (value) => Array.isArray(value) && value.length === 3 && value.every(isNumber);
const TRANSFORM: Checks = { resize: SIZE, mean: isTriple, std: isTriple };
const NUMBER = {
  never: isNumber,
  absent: orAbsent(isNumber),
};
const propertyChecks = (table: readonly ImageProperty[]): Checks => ({
  width: isCount,
  height: isCount,
  ...Object.fromEntries(table.map(({ key, lacking }) => [key, NUMBER[lacking]])),
});
const isEmbedding: Check = (value) => value instanceof Float32Array && value.length > 0;

const CLOCK_CORRECTION: Checks = { from: isNumber, to: isNumber, by: isNumber, madeAt: isNumber };

const ENTERED_AT = whole({ at: isMoment });
const CAMERA: Checks = {
  id: isText,
  name: isText,
  modelSha256: isText,
  transform: TRANSFORM,
  ...JUDGING,
  referenceId: orNull(isText),
  warmUp: oneOf(['reference', 'snapshots', 'none']),
  configToml: orNull(isText),
  isDemo: isFlag,
  flagsSinceOnset: orAbsent(isFlag),
  timeZone: orAbsent(isText),
  timeOffset: orAbsent(isNumber),
  clockCorrections: orAbsent(listOf(whole(CLOCK_CORRECTION))),
  horizon: orAbsent(isNumber),
  horizonAsEntered: orAbsent(ENTERED_AT),
  judgedInOrder: orAbsent(isFlag),
  timeline: orAbsent(listOf(whole({ at: isNumber, referenceId: isText, asEntered: orAbsent(ENTERED_AT) }))),
  createdAt: isMoment,
};

const referenceChecks = (properties: Checks): Checks => ({
  id: isText,
  cameraId: isText,
  version: isCount,
  modelSha256: isText,
  transform: TRANSFORM,
  names: listOf(isText),
  contentSha256: orAbsent(listOf(isText)),
  embeddings: listOf(isEmbedding),
  warmUpEmbeddings: listOf(isEmbedding),
  properties: orAbsent(listOf(whole(properties))),
  capturedAt: orAbsent(listOf(orNull(isNumber))),
  wallClocks: orAbsent(listOf(orNull(isNumber))),
  offGlass: orAbsent(listOf(isCount)),
  isOwnModel: orAbsent(isFlag),
  createdAt: isMoment,
});

const JOB: Checks = {
  id: isText,
  cameraId: isText,
  imageName: isText,
  contentSha256: isText,
  capturedAt: isMoment,
  capturedAtSource: oneOf(['file-name', 'exif', 'file-date']),
  createdAt: isMoment,
  statedAt: orAbsent(isMoment),
  statedOffset: orAbsent(orNull(isNumber)),
  wallClock: orAbsent(isMoment),
  jobStatus: oneOf(['Completed', 'Failed']),
};
const FAILED: Checks = { code: isText, detail: isDetail };
const isDriftStatus = oneOf(['warming-up', 'normal', 'warning', 'drift']);
const STREAM: Checks = { distance: orNull(isNumber), driftStatus: isDriftStatus };
const LOSS: Checks = { ...STREAM, part: oneOf(LOSS_PARTS) };
const PLACES: Checks = { growth: listOf(isCount), loss: listOf(isCount) };
const MOVE: Checks = { down: isNumber, right: isNumber };
const GLASS: Checks = {
  growth: orNull(whole(STREAM)),
  loss: orNull(whole(LOSS)),
  changed: orAbsent(whole({ ...PLACES, since: isMoment, rest: { growth: STREAM, loss: LOSS } })),
  cover: isNumber,
  thickest: orNull(oneOf([...COVER_PLACES, 'allOver'])),
  view: { isAside: isFlag, asideInARow: isCount, isAlarming: isFlag, hasMoved: isFlag },
  isDark: isFlag,
  standing: orAbsent(oneOf(['normal', 'warning', 'drift'])),
  visible: orNull(isNumber),
  move: MOVE,
  isOwnModel: isFlag,
};
const completedChecks = (properties: Checks): Checks => ({
  distance: orNull(isNumber),
  windowFill: isCount,
  thresholds: THRESHOLDS,
  detector: DETECTOR,
  persistence: orAbsent(whole(PERSISTENCE)),
  driftStatus: orAbsent(isDriftStatus),
  blindness: orAbsent(orNull(isText)),
  referenceId: isText,
  modelSha256: isText,
  properties,
  glass: orAbsent(orNull(whole(GLASS))),
  byEye: orAbsent(oneOf(BY_EYE)),
});

const SCENE: Checks = {
  ...PLACES,
  referenceId: isText,
  answer: oneOf(SCENE_ANSWERS),
  position: MOVE,
  liftedAt: orAbsent(isMoment),
};
const EVENT: Checks = {
  id: isText,
  cameraId: isText,
  kind: oneOf(EVENT_KINDS),
  at: isMoment,
  note: isText,
  isNewView: orAbsent(isFlag),
  scene: orAbsent(whole(SCENE)),
  asEntered: orAbsent(ENTERED_AT),
};

const CALIBRATION: Checks = {
  id: isText,
  cameraId: isText,
  version: isCount,
  referenceId: isText,
  modelSha256: isText,
  createdAt: isMoment,
  ...JUDGING,
  evidence: orNull(isObject),
};

const SPAN_BY_HAND: Checks = {
  id: isText,
  cameraId: isText,
  usability: oneOf(USABILITIES),
  begin: isMoment,
  end: isMoment,
  note: isText,
  asEntered: orAbsent(whole({ begin: isMoment, end: isMoment })),
  madeAt: isMoment,
};

const DELIVERY: Checks = {
  lane: isText,
  jobId: isText,
  cameraId: isText,
  imageName: isText,
  capturedAt: isMoment,
  body: isText,
  state: oneOf(DELIVERY_STATES),
  attempts: isCount,
  notBefore: isNumber,
  sentAt: orNull(isNumber),
  remoteId: orNull(isText),
  failure: orNull(whole(FAILED)),
  earlier: orAbsent((value) => isText(value) || listOf(isText)(value)),
};

const STORED_DETECTOR: Checks = {
  sha256: isText,
  name: isText,
  classes: listOf(isText),
  isNamed: isFlag,
  layout: oneOf(DETECTOR_LAYOUTS),
  input: SIZE,
  bytes: isCount,
  milliseconds: isNumber,
  addedAt: isMoment,
};

const BOX: Checks = {
  left: isNumber,
  top: isNumber,
  width: isNumber,
  height: isNumber,
  score: isNumber,
  classId: isCount,
};

const DETECTIONS: Checks = {
  jobId: isText,
  cameraId: isText,
  detectorSha256: isText,
  boxes: listOf(whole(BOX)),
  size: SIZE,
  overlap: orNull(isNumber),
  madeAt: isMoment,
};

/** Checks of each store's rows; a scored job's image properties are checked by the table. */
export function rowChecks(table = IMAGE_PROPERTIES) {
  const properties = propertyChecks(table);
  const stores: Readonly<Record<GuardedStore, Checks>> = {
    cameras: CAMERA,
    references: referenceChecks(properties),
    jobs: JOB,
    events: EVENT,
    calibrations: CALIBRATION,
    spansByHand: SPAN_BY_HAND,
    deliveries: DELIVERY,
    detectors: STORED_DETECTOR,
    detections: DETECTIONS,
  };
  return { stores, completed: completedChecks(properties) };
}
const CHECKS = rowChecks();

export const GUARDED_STORES = Object.keys(CHECKS.stores) as readonly GuardedStore[];

/**
 * Finds the field that makes a stored row unusable. It checks types that the page depends on, not sense: a number must
 * be one, a moment one that can be written, a text a text. About 2 ms for 1,000 jobs.
 *
 * @returns the path of the first such field, `properties.contrast`; null for a row that can be used
 */
export function faultIn(store: GuardedStore, row: unknown, checks = CHECKS): string | null {
  if (!isObject(row)) return 'row';
  const fault = faultBy(checks.stores[store], row);
  if (fault !== null || store !== 'jobs') return fault;
  return faultBy(row['jobStatus'] === 'Failed' ? FAILED : checks.completed, row);
}

function faultBy(checks: Checks, row: Readonly<Record<string, unknown>>): string | null {
  for (const field in checks) {
    const [check, value] = [checks[field]!, row[field]];
    if (typeof check === 'function') {
      if (!check(value)) return field;
      continue;
    }
    if (!isObject(value)) return field;
    const inner = faultBy(check, value);
    if (inner !== null) return `${field}.${inner}`;
  }
  return null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
