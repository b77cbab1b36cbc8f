import type { Axis, LimitCourse, RecordPoint, RecordStatus } from '../../../core/domain/camera/plot-point';
import { csvLines, withoutFormula } from '../../../core/domain/files/csv';
import { classify } from '../../../core/domain/drift/thresholds';
import { INSTANT, isWithin } from '../../../core/domain/ranges';

/** A record of DriftWatch as far as it is read here: anybody's module may have written its parameters. */
export interface FieldRecord {
  readonly id: string;
  /** in UTC, with or without a zone in the text */
  readonly created_at: string;
  readonly job_status: string;
  readonly model: string;
  readonly drift_detected: boolean;
  readonly tags: readonly string[];
  readonly parameters: Parameters;
}

type Parameters = Readonly<Record<string, unknown>>;

/** The field with the moment of a record. */
export type CapturedFrom = 'captured_at_ms' | 'captured_at' | 'created_at';

/** Tags added to the camera's: DriftWatch's GUI finds jobs to plot by them, and jobs that are no alarm. */
export const STATE_TAGS = ['checked', 'warming-up', 'not-checked', 'failed'] as const;

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?\s?(Z|[+-]\d\d:?\d\d)?)?$/i;

/**
 * Reads a date as Python, JavaScript and people write it; without a zone it is UTC.
 *
 * @returns milliseconds since 1970, within `INSTANT`, or null for anything else
 */
export function instantOf(text: string): number | null {
  const [, day, minutes, seconds = ':00', fraction = '', zone = 'Z'] = ISO.exec(text.trim()) ?? [];
  if (day === undefined) return null;
  if (minutes === undefined) return instant(`${day}T00:00:00Z`);
  // Browsers agree on milliseconds and on zones with a colon; Python writes microseconds.
  const offset = zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return instant(`${day}T${minutes}${seconds}${fraction.slice(0, 4)}${offset}`);
}

function instant(iso: string): number | null {
  const at = Date.parse(iso);
  return isWithin(INSTANT, at) ? at : null;
}

/** A record's capture time, and its source; null when it has none that can be read. */
export function capturedAtOf(record: FieldRecord): { at: number | null; from: CapturedFrom } {
  const { captured_at_ms: milliseconds, captured_at: text } = record.parameters;
  if (isWithin(INSTANT, milliseconds)) {
    return { at: milliseconds, from: 'captured_at_ms' };
  }
  const at = typeof text === 'string' ? instantOf(text) : null;
  return at === null ? { at: instantOf(record.created_at), from: 'created_at' } : { at, from: 'captured_at' };
}

/**
 * When a record's picture was taken, for an order by time; null for a failed job that does not say it: the moment when it
 * was sent, or a file's date, would put it among the newest.
 */
export function placedAt(record: FieldRecord): number | null {
  const { at, from } = capturedAtOf(record);
  const isGuessed = from === 'created_at' || record.parameters['captured_at_source'] === 'file-date';
  return record.job_status === 'Failed' && isGuessed ? null : at;
}

/** The value at a dotted path; a key that has dots itself is found as well. */
export function valueAt(parameters: Parameters, path: string): unknown {
  if (Object.hasOwn(parameters, path)) return parameters[path];
  for (let dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
    const inner = Object.hasOwn(parameters, path.slice(0, dot)) ? parameters[path.slice(0, dot)] : null;
    const value = isObject(inner) ? valueAt(inner, path.slice(dot + 1)) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

/** All parameters with their dotted paths; lists and empty objects are values. */
export function leavesOf(parameters: Parameters, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(parameters).flatMap(([key, value]) =>
    isObject(value) && Object.keys(value).length > 0
      ? leavesOf(value, `${prefix}${key}.`)
      : [[`${prefix}${key}`, value] as [string, unknown]],
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The lens's state in a record. One without a usable distance never counts as healthy. */
export function statusOf(record: FieldRecord): RecordStatus {
  if (record.job_status === 'Running') return 'running';
  if (record.job_status !== 'Completed') return 'not-checked';
  if (record.drift_detected) return 'drift';
  const { conclusion, distance, drift_distance, reason_code, result_id, warning } = record.parameters;
  const { warning_distance, window_fill } = record.parameters;
  if (warning === true) return 'warning';
  // Its distance may be one that has no say.
  if (typeof result_id === 'string' && typeof conclusion === 'string') {
    if (warning !== false) return 'not-checked';
    return conclusion === 'warming-up' ? 'warming-up' : 'normal';
  }
  if (reason_code === 'detector-blind') return 'not-checked';
  if (!isFinite(distance)) {
    // Python writes NaN if there was nothing to measure; our own records leave an unknown distance out.
    if (typeof distance === 'number') return 'not-checked';
    return isFinite(drift_distance) || isFinite(window_fill) ? 'warming-up' : 'normal';
  }
  return isFinite(warning_distance)
    ? classify(distance, { warning: warning_distance, drift: Infinity })
    : 'normal';
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

/** The parameter on Y until a person chooses: the distance, or the next best. */
export function usualY(axes: readonly Axis[]): Axis | null {
  const parameters = axes.filter((axis) => axis.of === 'parameter');
  return (
    parameters.find(({ path }) => path === 'distance') ??
    parameters.find(isDistance) ??
    parameters.find(({ kind }) => kind === 'number') ??
    null
  );
}

/** True if the limits of the records belong to this axis. */
function isDistance({ path }: Axis): boolean {
  return /distance$/i.test(path) && !/(drift|warning)_distance$/i.test(path);
}

/** A record's number on an axis, milliseconds since 1970 for times; null when it has none. */
export function numberOn(record: FieldRecord, axis: Axis): number | null {
  if (axis.of === 'captured') return capturedAtOf(record).at;
  if (axis.of === 'created') return instantOf(record.created_at);
  const value = valueAt(record.parameters, axis.path);
  if (axis.kind === 'time') return typeof value === 'string' ? instantOf(value) : null;
  return isFinite(value) ? value : null;
}

/** The records that have a number on both axes, from left to right. */
export function pointsOf<R extends FieldRecord>(records: readonly R[], x: Axis, y: Axis): RecordPoint<R>[] {
  return records
    .flatMap((record) => {
      const [across, up] = [numberOn(record, x), numberOn(record, y)];
      return across === null || up === null ? [] : [{ x: across, y: up, status: statusOf(record), record }];
    })
    .sort((a, b) => a.x - b.x);
}

/** The limits that belong to the Y axis, read beside it or else from the top. */
export function limitCourses<R extends FieldRecord>(
  points: readonly RecordPoint<R>[],
  y: Axis,
): { readonly warning: LimitCourse; readonly drift: LimitCourse } {
  if (!isDistance(y)) return { warning: null, drift: null };
  const beside = y.path.slice(0, y.path.lastIndexOf('.') + 1);
  return {
    warning: courseOf(points, [`${beside}warning_distance`, 'warning_distance']),
    drift: courseOf(points, [`${beside}drift_distance`, 'drift_distance']),
  };
}

function courseOf<R extends FieldRecord>(
  points: readonly RecordPoint<R>[],
  paths: readonly string[],
): LimitCourse {
  const course = points.flatMap(({ x, record }) => {
    const value = paths.map((path) => valueAt(record.parameters, path)).find(isFinite);
    return value === undefined ? [] : [{ x, y: value }];
  });
  const [first] = course;
  if (!first) return null;
  if (course.every(({ y }) => y === first.y)) return first.y;
  // The ends of a run of equal values are enough to draw it.
  return course.filter(({ y }, i) => y !== course[i - 1]?.y || y !== course[i + 1]?.y);
}

const COLUMNS = ['id', 'created_at', 'job_status', 'model', 'drift_detected', 'tags'] as const;

/**
 * The records as CSV (RFC 4180), in the order given: DriftWatch's own fields, then every parameter under its dotted
 * path, with `parameters.` in front if it has the name of a field.
 *
 * Texts that a spreadsheet would run as a formula get an apostrophe, names of columns too; numbers never do.
 */
export function recordsCsv(records: readonly FieldRecord[]): string {
  const all = records.map((record) => ({ record, leaves: new Map(leavesOf(record.parameters)) }));
  const paths = [...new Set(all.flatMap(({ leaves }) => [...leaves.keys()]))].sort();
  const titles = paths.map((path) =>
    withoutFormula((COLUMNS as readonly string[]).includes(path) ? `parameters.${path}` : path),
  );
  const rows = all.map(({ record, leaves }) => [
    ...COLUMNS.map((column) => cell(column === 'tags' ? record.tags.join(';') : record[column])),
    ...paths.map((path) => cell(leaves.get(path))),
  ]);
  return csvLines([[...COLUMNS, ...titles], ...rows]);
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'number' ? String(value) : withoutFormula(parameterText(value));
}

/** A parameter's value as a person reads it, whole and unrounded. */
export function parameterText(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The records as JSON Lines, each as DriftWatch gave it; NaN, which JSON does not have, becomes null. */
export function recordsJsonLines(records: readonly FieldRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** The address when a value is one that a browser may open, else null: a `javascript:` link never is one. */
export function webAddress(value: unknown): string | null {
  return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value) ? value : null;
}
