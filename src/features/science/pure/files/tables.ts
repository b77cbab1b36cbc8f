import type { Camera } from '../../../../core/domain/camera/camera';
import type { CompletedJob, Job } from '../../../../core/domain/camera/job';
import type { Reference } from '../../../../core/domain/camera/reference';
import {
  oceansitesOf,
  testColumns,
  type OceansitesFlag,
  type QartodFlag,
} from '../../../../core/domain/camera/qartod';
import { isoSeconds } from '../../../../core/domain/camera/summary';
import { spanAt, type Span, type SpanByHand } from '../../../../core/domain/usable/span';
import type { UsableTime } from '../usable/spans';
import { flagOfUse, testFlagsOfUse } from '../usable/use-flag';

const HOUR = 3_600_000;

/** The source of the files of a camera's usable time. */
export interface UsableSource {
  readonly camera: Pick<Camera, 'id' | 'name' | 'deployment'>;
  readonly time: UsableTime;
  readonly byHand: readonly SpanByHand[];
  /** of the camera: a view goes by its version */
  readonly references: readonly Pick<Reference, 'id' | 'version'>[];
  /** one for each snapshot, in capture order */
  readonly jobs: readonly Job[];
  /** of exports, for who wants to repeat it */
  readonly madeBy: { readonly version: string };
}

/** Columns of the table of intervals. */
export const INTERVALS = {
  camera: (_: Span, { camera }: UsableSource) => camera.name,
  /** ISO 8601 in UTC, whole seconds; `end` does not belong to it */
  begin: ({ begin }: Span) => isoSeconds(begin),
  end: ({ end }: Span) => isoSeconds(end),
  usability: ({ usability }: Span) => usability,
  reason: ({ reason }: Span) => reason,
  /** the page's finding for most of it */
  found: (span: Span, { time }: UsableSource) => foundWithin(time.found, span),
  note: (span: Span, { byHand }: UsableSource) => wordOn(span, byHand)?.note ?? '',
  /** hours from begin to end, nights too, and those of them that snapshots stand for */
  hours: ({ begin, end }: Span) => hours(end - begin),
  effort_hours: ({ effort }: Span) => hours(effort),
  snapshots: ({ snapshots }: Span) => snapshots,
  /** version of the reference, which is the view */
  view: viewOf,
  /** largest share of the glass that was grown over, 0 … 1 */
  cover: ({ cover }: Span) => cover,
  /** largest distance in times of its drift limit */
  times_of_limit: ({ timesOfLimit }: Span) => timesOfLimit,
  qartod_flag: ({ usability, reason }: Span) => flagOfUse(usability, reason),
  oceansites_qc: ({ usability, reason }: Span) => oceansitesOf(flagOfUse(usability, reason)),
  ...testColumns(({ usability, reason }: Span) => testFlagsOfUse(usability, reason)),
};

/** The version of the reference by which something was seen; null for one that is gone. */
export function viewOf(
  { referenceId }: { readonly referenceId: string | null },
  { references }: UsableSource,
): number | null {
  return references.find(({ id }) => id === referenceId)?.version ?? null;
}

/** A row of the table of snapshots: those that could be read, each as the interval that it lies in. */
export interface Snapshot extends Pick<Span, 'usability' | 'reason'> {
  readonly job: CompletedJob;
  /** its name; of several with one name all but the first have the begin of their SHA-256 before it */
  readonly key: string;
  /** share of the glass that is grown over, 0 … 1; null where growth was not seen */
  readonly cover: number | null;
  readonly qartod: QartodFlag;
  readonly oceansites: OceansitesFlag;
  /** a person's word that makes it so; null for what the page found */
  readonly word: SpanByHand | null;
}

/** The table of snapshots, in capture order. */
export function snapshotsOf({ jobs, time, byHand }: UsableSource): readonly Snapshot[] {
  const taken = new Set<string>();
  return jobs.flatMap((job): readonly Snapshot[] => {
    const span = spanAt(time.spans, job.capturedAt);
    if (job.jobStatus !== 'Completed' || !span) return [];
    const { usability, reason } = span;
    const key = taken.has(job.imageName)
      ? `${job.contentSha256.slice(0, 8)}/${job.imageName}`
      : job.imageName;
    taken.add(key);
    const qartod = flagOfUse(usability, reason);
    return [
      {
        ...{ job, key, usability, reason, qartod, oceansites: oceansitesOf(qartod) },
        cover: job.glass?.growth ? job.glass.cover : null,
        word: wordOn(span, byHand),
      },
    ];
  });
}

function wordOn({ byHandId }: Span, byHand: readonly SpanByHand[]): SpanByHand | null {
  return byHand.find(({ id }) => id === byHandId) ?? null;
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
export function hours(milliseconds: number): number {
  return Math.round(100 * (milliseconds / HOUR)) / 100;
}
