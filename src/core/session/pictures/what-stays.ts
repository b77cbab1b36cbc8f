import { hoursApart } from '../../domain/camera/time/same-hour';
import type { CameraEvent } from '../../domain/camera/event';
import type { CompletedJob, Job } from '../../domain/camera/job';
import { judgingReference, type Reference } from '../../domain/camera/reference';
import { isSetAside } from '../../domain/camera/verdict';
import { placeOf, windowBehind } from '../../domain/camera/window';
import { GLASS_MEMORY } from '../../domain/glass/glass-facts';
import { NO_MOVE, type Move } from '../../domain/glass/move';
import { LEAST_STAYING } from '../../domain/picture/what-stays';
import type { GlassLooker, Median } from '../../encoder/glass/glass-looker';
import { referenceThumbnailKey } from '../../storage/cameras';
import type { Database } from '../../storage/database';
import { loadThumbnail } from '../../storage/jobs';
import { fitOfReference } from '../glass/fit-of-reference';
import { base64 } from './thumbnail-texts';

/** Pictures of one median: a fish that rests for an hour is in fewer than half of them. */
const MOST = 12;
/** On the clock, in milliseconds. */
const SIMILAR = 6 * 3_600_000;
const FARTHEST = 2 * SIMILAR;

/** A median that is shown. */
interface ShownMedian {
  /** a data URL */
  readonly address: string;
  /** of so many pictures */
  readonly count: number;
  /** width by height */
  readonly proportions: number;
}

/** The median of the newest snapshots and of the reference's; null where too few pictures are left. */
export interface Stays {
  /** capture time of the newest snapshot */
  readonly at: number;
  readonly own: ShownMedian | null;
  /** absent without a reference of this view */
  readonly clean?: ShownMedian | null | undefined;
}

/** The snapshots that `whatStays` at a job: counted ones of its reference since the last break, the newest last. */
export function stretchOf(job: CompletedJob, jobs: readonly Job[], events: readonly CameraEvent[]) {
  const stretch = windowBehind(jobs, placeOf(job, jobs), events, GLASS_MEMORY);
  return stretch.filter(({ referenceId }) => referenceId === job.referenceId);
}

/**
 * Light goes by the hour of the day: the newest dozen within six hours of the newest snapshot's counts, and for each
 * of it the reference's picture of the nearest hour.
 *
 * @param jobs - of one view, the newest last
 * @param references - of the camera
 */
export async function whatStays(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  jobs: readonly CompletedJob[],
  references: readonly Reference[],
): Promise<Stays> {
  const newest = jobs.at(-1)!;
  const at = newest.capturedAt;
  // A snapshot that is set aside shows another view than its reference.
  const reference = isSetAside(newest) ? null : judgingReference(newest, references);
  /** by the keys of thumbnails; a move that is not known is found */
  const medianOf = async (shots: readonly { readonly key: string; readonly move?: Move | undefined }[]) => {
    const loaded = await Promise.all(shots.map(({ key }) => loadThumbnail(db, key)));
    const known = shots.flatMap(({ move }, i) => (loaded[i] ? [{ source: loaded[i], move }] : []));
    const sources = known.map(({ source }) => source);
    const isFound = known.every(({ move }) => move);
    const fitted = () => (reference ? fitOfReference({ db, looker }, reference.id) : looker.fit(sources, []));
    const fit = isFound ? null : await fitted();
    const sights = fit ? await looker.look(fit, sources) : [];
    return shown(
      await looker.stays(
        known.map(({ source, move }, i) => ({ source, move: move ?? sights[i]?.move ?? NO_MOVE })),
      ),
    );
  };
  const dozen = jobs.filter(({ capturedAt }) => hoursApart(capturedAt, at) <= SIMILAR).slice(-MOST);
  const keys = reference && ofTheirHours(dozen, reference).map((i) => referenceThumbnailKey(reference.id, i));
  const [own, clean] = await Promise.all([
    medianOf(dozen.map(({ id, glass }) => ({ key: id, move: reference ? glass?.move : undefined }))),
    keys ? medianOf(keys.map((key) => ({ key }))) : undefined,
  ]);
  return { at, own, clean };
}

/** The same at a job, for a file that is written without it too: null with too few snapshots, or if it can't be made. */
export async function staysAt(
  session: Parameters<typeof whatStays>[0],
  job: CompletedJob,
  jobs: readonly Job[],
  events: readonly CameraEvent[],
  references: readonly Reference[],
): Promise<Stays | null> {
  const stretch = stretchOf(job, jobs, events);
  return stretch.length < LEAST_STAYING ? null : whatStays(session, stretch, references).catch(() => null);
}

/** Places of a reference's pictures, one for each snapshot while there are some left. */
function ofTheirHours(
  own: readonly CompletedJob[],
  { embeddings, capturedAt = [] }: Reference,
): readonly number[] {
  const left = [...embeddings.keys()];
  const apart = (i: number, at: number) => hoursApart(capturedAt[i] ?? at + FARTHEST, at);
  return own.slice(0, left.length).map((job) => {
    const nearest = left.reduce((a, b) => (apart(b, job.capturedAt) < apart(a, job.capturedAt) ? b : a));
    left.splice(left.indexOf(nearest), 1);
    return nearest;
  });
}

function shown(median: Median | null): ShownMedian | null {
  if (!median) return null;
  const { jpeg, count, width, height } = median;
  return { address: `data:image/jpeg;base64,${base64(jpeg)}`, count, proportions: width / height };
}
