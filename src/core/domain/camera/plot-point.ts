import type { DriftStatus } from '../drift/thresholds';

export type RecordStatus = DriftStatus | 'not-checked';

/** A record's position in a plot. */
export interface RecordPoint<R> {
  readonly x: number;
  readonly y: number;
  readonly status: RecordStatus;
  readonly record: R;
}

/** A limit over the plotted records: one number when all agree, else its course along x; null when none has one. */
export type LimitCourse = number | readonly { readonly x: number; readonly y: number }[] | null;

const STATUSES: readonly RecordStatus[] = ['drift', 'warning', 'normal', 'warming-up', 'not-checked'];

/** Number of points for each status that occurs, the most urgent first. */
export function countsOf(
  points: readonly Pick<RecordPoint<unknown>, 'status'>[],
): readonly { readonly status: RecordStatus; readonly count: number }[] {
  const counts = new Map(STATUSES.map((status) => [status, 0]));
  for (const { status } of points) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => ({ status, count })).filter(({ count }) => count > 0);
}
