import type { Camera, Reference } from '../../../../core/domain/camera/job';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import { tableCsv, tableRow } from '../../../../core/domain/files/csv';
import { hoursOf, UNITS, type Hours, type Unit } from './hours';
import { spanAt, USABILITIES, type Span, type SpanByHand } from '../../../../core/domain/usable/span';
import type { UsableTime } from './spans';

const HOUR = 3_600_000;

/** The source of the files of a camera's usable time. */
export interface UsableSource {
  readonly camera: Pick<Camera, 'id' | 'name'>;
  readonly time: UsableTime;
  readonly byHand: readonly SpanByHand[];
  /** of the camera: a view goes by its version */
  readonly references: readonly Pick<Reference, 'id' | 'version'>[];
}

/** The intervals. */
const SPANS = {
  camera: (_: Span, { camera }: UsableSource) => camera.name,
  /** ISO 8601 in UTC, whole seconds; `end` does not belong to it */
  begin: ({ begin }: Span) => isoSeconds(begin),
  end: ({ end }: Span) => isoSeconds(end),
  usability: ({ usability }: Span) => usability,
  reason: ({ reason }: Span) => reason,
  /** the page's finding for most of it */
  found: (span: Span, { time }: UsableSource) => foundWithin(time.found, span),
  note: ({ byHandId }: Span, { byHand }: UsableSource) =>
    byHand.find(({ id }) => id === byHandId)?.note ?? '',
  /** hours from begin to end, nights too, and those of them that snapshots stand for */
  hours: ({ begin, end }: Span) => hours(end - begin),
  effort_hours: ({ effort }: Span) => hours(effort),
  snapshots: ({ snapshots }: Span) => snapshots,
  /** version of the reference, which is the view */
  view: ({ referenceId }: Span, { references }: UsableSource) =>
    references.find(({ id }) => id === referenceId)?.version ?? null,
  /** largest share of the glass that was grown over, 0 … 1 */
  cover: ({ cover }: Span) => cover,
  /** largest distance in times of its drift limit */
  times_of_limit: ({ timesOfLimit }: Span) => timesOfLimit,
};

/** The intervals as CSV (RFC 4180). */
export function spansCsv(source: UsableSource): string {
  return tableCsv(SPANS, source.time.spans, source);
}

/** Hours of a day, week or month: of snapshots, and of each use; for silence its whole length. */
const HOURS = {
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

/** In the terms of Camtrap DP. */
const FAILURES = {
  deploymentID: (_: Span, { camera }: UsableSource) => camera.id,
  cameraID: SPANS.camera,
  failureStart: SPANS.begin,
  failureEnd: SPANS.end,
  failureReason: ({ usability, reason }: Span) =>
    usability === reason ? usability : `${usability}: ${reason}`,
  failureComments: SPANS.note,
};

/**
 * The times that can't be used in the terms of Camtrap DP, as CSV. Version 1.0 of that standard has no table of failures: it
 * divides a deployment at them, so that `failureStart` is a `deploymentEnd`, and `failureEnd` the next `deploymentStart`.
 */
export function camtrapFailuresCsv(source: UsableSource): string {
  const failures = source.time.spans.filter(({ usability }) => usability !== 'usable');
  return tableCsv(FAILURES, failures, source);
}

/** @param madeBy - what made it, for who wants to repeat it */
export function usableJson(source: UsableSource, madeBy: object): string {
  const { camera, time, byHand, references } = source;
  const view = (referenceId: string) => references.find(({ id }) => id === referenceId)?.version ?? null;
  const told = {
    made_by: madeBy,
    camera: { id: camera.id, name: camera.name },
    spans: time.spans.map((span) => tableRow(SPANS, span, source)),
    found: time.found.map((span) => tableRow(SPANS, span, { ...source, byHand: [] })),
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
      UNITS.map((unit) => [
        unit,
        hoursOf(time.spans, time.efforts, unit).map((each) => tableRow(HOURS, each, null)),
      ]),
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

/** Milliseconds in hours, to a hundredth. */
function hours(milliseconds: number): number {
  return Math.round(100 * (milliseconds / HOUR)) / 100;
}
