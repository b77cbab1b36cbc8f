import { csvLines, withoutFormula } from '../../../../core/domain/camera/results';
import type { Camera, Reference } from '../../../../core/domain/camera/job';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import { hoursOf, UNITS, type Hours, type Unit } from '../../../../core/domain/usable/hours';
import { spanAt, USABILITIES, type Span, type SpanByHand } from '../../../../core/domain/usable/span';
import type { UsableTime } from '../../../../core/domain/usable/spans';

const HOUR = 3_600_000;

/** The source of the files of a camera's usable time. */
export interface UsableSource {
  readonly camera: Pick<Camera, 'id' | 'name'>;
  readonly time: UsableTime;
  readonly byHand: readonly SpanByHand[];
  /** of the camera: a view goes by its version */
  readonly references: readonly Pick<Reference, 'id' | 'version'>[];
}

/** One row of the intervals: the CSV's columns in order, promised to programs; null (an empty cell) is unknown. */
interface SpanRow {
  readonly camera: string;
  /** ISO 8601 in UTC, whole seconds; `end` does not belong to it */
  readonly begin: string;
  readonly end: string;
  readonly usability: Span['usability'];
  readonly reason: Span['reason'];
  /** the page's finding for most of it */
  readonly found: Span['usability'];
  readonly note: string;
  /** hours from begin to end, nights too, and those of them that snapshots stand for */
  readonly hours: number;
  readonly effort_hours: number;
  readonly snapshots: number;
  /** version of the reference, which is the view */
  readonly view: number | null;
  /** largest share of the glass that was grown over, 0 … 1 */
  readonly cover: number | null;
  /** largest distance in times of its drift limit */
  readonly times_of_limit: number | null;
}

const COLUMNS = [
  'camera',
  'begin',
  'end',
  'usability',
  'reason',
  'found',
  'note',
  'hours',
  'effort_hours',
  'snapshots',
  'view',
  'cover',
  'times_of_limit',
] as const satisfies readonly (keyof SpanRow)[];

function spanRows({ camera, time, byHand, references }: UsableSource): SpanRow[] {
  return time.spans.map((span) => ({
    camera: camera.name,
    begin: isoSeconds(span.begin),
    end: isoSeconds(span.end),
    usability: span.usability,
    reason: span.reason,
    found: foundWithin(time.found, span),
    note: byHand.find(({ id }) => id === span.byHandId)?.note ?? '',
    hours: rounded((span.end - span.begin) / HOUR),
    effort_hours: rounded(span.effort / HOUR),
    snapshots: span.snapshots,
    view: references.find(({ id }) => id === span.referenceId)?.version ?? null,
    cover: span.cover,
    times_of_limit: span.timesOfLimit,
  }));
}

/** The intervals as CSV (RFC 4180). */
export function spansCsv(source: UsableSource): string {
  return csvOf(COLUMNS, spanRows(source));
}

/** Hours of each day, week or month as CSV: of snapshots, and of each use; for silence its whole length. */
export function hoursCsv({ camera, time }: UsableSource, unit: Unit): string {
  const columns = ['camera', 'begin', 'end', 'effort_hours', ...USABILITIES.map((name) => `${name}_hours`)];
  const rows = hoursOf(time.spans, time.efforts, unit).map((hours) => ({
    camera: camera.name,
    ...hoursRow(hours),
  }));
  return csvOf(columns, rows);
}

function hoursRow({ begin, end, of, effort }: Hours) {
  return {
    begin: isoSeconds(begin),
    end: isoSeconds(end),
    effort_hours: rounded(effort / HOUR),
    ...Object.fromEntries(USABILITIES.map((name) => [`${name}_hours`, rounded(of[name] / HOUR)])),
  };
}

/**
 * The times that can't be used in the terms of Camtrap DP, as CSV. Version 1.0 of that standard has no table of failures: it
 * divides a deployment at them, so that `failureStart` is a `deploymentEnd`, and `failureEnd` the next `deploymentStart`.
 */
export function camtrapFailuresCsv(source: UsableSource): string {
  const columns = [
    'deploymentID',
    'cameraID',
    'failureStart',
    'failureEnd',
    'failureReason',
    'failureComments',
  ];
  const { id, name } = source.camera;
  const rows = spanRows(source)
    .filter(({ usability }) => usability !== 'usable')
    .map(({ begin, end, usability, reason, note }) => ({
      deploymentID: id,
      cameraID: name,
      failureStart: begin,
      failureEnd: end,
      failureReason: usability === reason ? usability : `${usability}: ${reason}`,
      failureComments: note,
    }));
  return csvOf(columns, rows);
}

/** @param madeBy - what made it, for who wants to repeat it */
export function usableJson(source: UsableSource, madeBy: object): string {
  const { camera, time, byHand, references } = source;
  const view = (referenceId: string) => references.find(({ id }) => id === referenceId)?.version ?? null;
  const told = {
    made_by: madeBy,
    camera: { id: camera.id, name: camera.name },
    spans: spanRows(source),
    found: spanRows({ ...source, time: { ...time, spans: time.found }, byHand: [] }),
    by_hand: byHand.map(({ usability, begin, end, note, madeAt }) => ({
      usability,
      begin: isoSeconds(begin),
      end: isoSeconds(end),
      note,
      made_at: isoSeconds(madeAt),
    })),
    onsets: time.onsets.map(({ at, low, high, alarmAt, referenceId }) => ({
      suspect_since: isoSeconds(at),
      earliest: isoSeconds(low),
      latest: isoSeconds(high),
      drift_at: isoSeconds(alarmAt),
      view: view(referenceId),
    })),
    hours: Object.fromEntries(
      UNITS.map((unit) => [unit, hoursOf(time.spans, time.efforts, unit).map(hoursRow)]),
    ),
  };
  return `${JSON.stringify(told, null, 2)}\n`;
}

/** The page's finding for most of a span. */
export function foundWithin(
  found: readonly Span[],
  { begin, end }: Pick<Span, 'begin' | 'end'>,
): Span['usability'] {
  const lengths = new Map<Span['usability'], number>();
  for (const span of found) {
    const length = Math.min(end, span.end) - Math.max(begin, span.begin);
    if (length > 0) lengths.set(span.usability, (lengths.get(span.usability) ?? 0) + length);
  }
  const most = [...lengths].sort((a, b) => b[1] - a[1])[0];
  return most?.[0] ?? spanAt(found, begin)?.usability ?? 'unknown';
}

function csvOf<C extends string>(
  columns: readonly C[],
  rows: readonly Readonly<Record<C, string | number | null>>[],
): string {
  const cells = rows.map((row) =>
    columns.map((column) => {
      const value = row[column] ?? '';
      return typeof value === 'number' ? String(value) : withoutFormula(value);
    }),
  );
  return csvLines([[...columns], ...cells]);
}

/** To a hundredth of an hour. */
function rounded(hours: number): number {
  return Math.round(100 * hours) / 100;
}
