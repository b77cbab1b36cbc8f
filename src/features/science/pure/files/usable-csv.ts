import { isoSeconds } from '../../../../core/domain/camera/summary';
import { tableCsv } from '../../../../core/domain/files/csv';
import { USABILITIES } from '../../../../core/domain/usable/span';
import { hoursOf, type Hours, type Unit } from '../usable/hours';
import { hours, INTERVALS, type UsableSource } from './tables';

/** The intervals as CSV (RFC 4180). */
export function spansCsv(source: UsableSource): string {
  return tableCsv(INTERVALS, source.time.spans, source);
}

/** Hours of a day, week or month: of snapshots, and of each use; for silence its whole length. */
export const HOURS = {
  begin: ({ begin }: Hours) => isoSeconds(begin),
  end: ({ end }: Hours) => isoSeconds(end),
  effort_hours: ({ effort }: Hours) => hours(effort),
  ...Object.fromEntries(USABILITIES.map((name) => [`${name}_hours`, ({ of }: Hours) => hours(of[name])])),
};

/** Hours of each day, week or month as CSV. */
export function hoursCsv({ camera, time }: UsableSource, unit: Unit): string {
  const columns = { camera: () => camera.name, ...HOURS };
  return tableCsv(columns, hoursOf(time.spans, time.efforts, unit), null);
}
