import { hoursApart } from '../../domain/camera/time/same-hour';
import type { CameraEvent, CompletedJob, Job, Reference } from '../../domain/camera/job';
import { placeOf, windowBehind } from '../../domain/camera/window';
import { GLASS_MEMORY } from '../../domain/glass/glass-facts';
import { NO_MOVE, type Move } from '../../domain/glass/move';
import type { GlassLooker, Median } from '../../encoder/glass/glass-looker';
import { allUnpacked } from '../../encoder/packed-file';
import { referenceThumbnailKey } from '../../storage/cameras';
import type { Database } from '../../storage/database';
import { loadGlassFit } from '../../storage/glass-fits';
import { loadThumbnail } from '../../storage/jobs';
import { base64 } from './thumbnail-texts';

/** Pictures of one median: a fish that rests for an hour is in fewer than half of them. */
const MOST = 12;
/** On the clock, in milliseconds. */
const SIMILAR = 6 * 3_600_000;
const FARTHEST = 2 * SIMILAR;
/** Pictures of a folder whose hours and moves nobody knows. */
export const MOST_OF_FOLDER = 40;

/** A median that is shown. */
interface Shown {
  /** a data URL */
  readonly address: string;
  /** of so many pictures */
  readonly count: number;
  /** width by height */
  readonly proportions: number;
}

/** The median of the newest snapshots and of the reference's; null where too few pictures are left. */
export interface Stays {
  readonly own: Shown | null;
  readonly clean: Shown | null;
}

interface Shot {
  readonly key: string;
  /** how far it shows the scene from where the reference has it; null if that is to be found */
  readonly move: Move | null;
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
 * @param reference - of clean pictures of this view; null if there is none
 */
export async function whatStays(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  jobs: readonly CompletedJob[],
  reference: Reference | null,
): Promise<Stays> {
  const newest = jobs.at(-1)?.capturedAt ?? 0;
  const medianOf = async (shots: readonly Shot[]) => {
    const loaded = await Promise.all(shots.map(({ key }) => loadThumbnail(db, key)));
    const known = shots.flatMap(({ move }, i) => (loaded[i] ? [{ picture: loaded[i], move }] : []));
    const pictures = known.map(({ picture }) => picture);
    const isMoved = known.some(({ move }) => move === null);
    const fitted = () => (reference ? loadGlassFit(db, reference.id) : looker.fit(pictures, []));
    const fit = isMoved ? await fitted() : null;
    const sights = fit ? await looker.look(fit, pictures) : [];
    return looker.stays(
      pictures.map((picture) => new Blob([picture])),
      known.map(({ move }, i) => move ?? sights[i]?.move ?? NO_MOVE),
    );
  };
  const own = jobs.filter(({ capturedAt }) => hoursApart(capturedAt, newest) <= SIMILAR).slice(-MOST);
  const clean = reference ? ofTheirHours(own, reference) : [];
  const made = await Promise.all([
    medianOf(own.map(({ id, glass }) => ({ key: id, move: (reference && glass?.move) ?? null }))),
    reference && medianOf(clean.map((i) => ({ key: referenceThumbnailKey(reference.id, i), move: null }))),
  ]);
  return { own: shown(made[0]), clean: shown(made[1]) };
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

/** The same of files that no camera is set up from yet, or of an even choice of them; they are not moved. */
export async function whatStaysInFiles(looker: GlassLooker, files: readonly File[]): Promise<Stays> {
  const count = Math.min(files.length, MOST_OF_FOLDER);
  const chosen = Array.from({ length: count }, (_, i) => files[Math.floor((i * files.length) / count)]!);
  const readable = (await allUnpacked(chosen)).filter((file) => file instanceof File);
  return { own: shown(await looker.stays(readable, [])), clean: null };
}

function shown(median: Median | null): Shown | null {
  if (!median) return null;
  const { jpeg, count, width, height } = median;
  return { address: `data:image/jpeg;base64,${base64(jpeg)}`, count, proportions: width / height };
}
