import { numberOn, statusOf, type Axis, type FieldRecord, type RecordStatus } from './record-fields';

/** What a table of records can be sorted by. */
export type RecordColumn = 'captured' | 'value' | 'status' | 'image' | 'tags' | 'model';

export interface RecordOrder {
  readonly by: RecordColumn;
  readonly isDescending: boolean;
}

/** From the one that says least to the most urgent. */
const URGENCY: readonly RecordStatus[] = [
  'running',
  'not-checked',
  'warming-up',
  'normal',
  'warning',
  'drift',
];

/** A record with what it is sorted by. */
export interface Keyed<R> {
  readonly record: R;
  /** its place by capture time, the newest first */
  readonly place: number;
  /** null for one that has nothing in the column */
  readonly key: number | string | null;
}

/** @param value - what the column `value` shows */
export function keyed<R extends FieldRecord>(
  record: R,
  place: number,
  by: RecordColumn,
  value: Axis | null,
): Keyed<R> {
  return { record, place, key: by === 'captured' ? -place : keyOf(record, by, value) };
}

/** What has nothing in the column comes last, whichever way it is sorted; of equals the newer one comes first. */
export function comparing(isDescending: boolean): (a: Keyed<unknown>, b: Keyed<unknown>) => number {
  const sign = isDescending ? -1 : 1;
  return (a, b) => {
    if (a.key === b.key) return a.place - b.place;
    if (a.key === null || b.key === null) return a.key === null ? 1 : -1;
    return a.key < b.key ? -sign : sign;
  };
}

function keyOf(
  record: FieldRecord,
  by: Exclude<RecordColumn, 'captured'>,
  value: Axis | null,
): number | string | null {
  switch (by) {
    case 'value':
      return value && numberOn(record, value);
    case 'status':
      return URGENCY.indexOf(statusOf(record));
    case 'image': {
      const name = record.parameters['image_name'];
      return typeof name === 'string' && name !== '' ? name : null;
    }
    case 'tags':
      return record.tags.length > 0 ? record.tags.join(', ') : null;
    case 'model':
      return record.model === '' ? null : record.model;
  }
}
