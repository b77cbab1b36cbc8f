import type { DriftStatus } from '../drift/thresholds';

/** Status of the lens by a record or a job; a `running` one has none yet. */
export type RecordStatus = DriftStatus | 'not-checked' | 'running';

/** Something that records can be plotted along. */
export interface Axis {
  readonly key: string;
  readonly of: 'captured' | 'created' | 'parameter';
  /** dotted, into the parameters; empty for the others */
  readonly path: string;
  readonly kind: 'time' | 'number';
}

/** When the snapshot was taken, or, where its writer did not say, when it was sent. */
export const CAPTURED: Axis = { key: 'captured', of: 'captured', path: '', kind: 'time' };

/** A record's place in a plot. */
export interface RecordPoint<R> {
  readonly x: number;
  readonly y: number;
  readonly status: RecordStatus;
  readonly record: R;
}

/** A limit over the plotted records: one number when all agree, else its course along x; null when none has one. */
export type LimitCourse = number | readonly { readonly x: number; readonly y: number }[] | null;

const STATUSES: readonly RecordStatus[] = [
  'drift',
  'warning',
  'normal',
  'warming-up',
  'running',
  'not-checked',
];

/** How many points there are of each status that occurs, the most urgent first. */
export function countsOf(
  points: readonly Pick<RecordPoint<unknown>, 'status'>[],
): readonly { readonly status: RecordStatus; readonly count: number }[] {
  const counts = new Map(STATUSES.map((status) => [status, 0]));
  for (const { status } of points) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => ({ status, count })).filter(({ count }) => count > 0);
}
