import { Breather } from '../../browser/breather';
import {
  isSetAside,
  lastBreak,
  standingAfter,
  type CompletedJob,
  type Reference,
} from '../../domain/camera/job';
import type { Embedding } from '../../domain/drift/embedding';
import { uncounted, type Judge } from '../../domain/drift/judge';
import type { GlassFacts } from '../../domain/glass/glass-facts';
import type { GlassLooker } from '../../encoder/glass/glass-looker';
import type { Database } from '../../storage/database';
import { saveJudging } from '../../storage/calibrations';
import { loadEmbeddings, loadScored, type JudgedAnew } from '../../storage/jobs';
import { isWindowedAlike, replayGlass } from '../glass/glass-replay';
import { restoreJudge, type Watched } from './window';

/** Embeddings that are read at a time. */
const BATCH = 1000;

/**
 * What a camera's history is by other settings, or another reference of the same view: of each snapshot what scoring it
 * in capture order would have said, to the last bit. Growth and loss keep their fit; what they say depends on the window
 * and the persistence too.
 *
 * @param watched - the camera with the settings and the reference that are to be in force
 * @param before - the reference that was in force: what was judged by others than these two keeps what it says
 * @param jobs - all that the camera's model has scored, in capture order
 * @returns by job id, with growth and loss only where they say something else; a job whose embedding is lost from storage
 *   keeps what it says, and the window begins anew after it
 */
export async function judgeAnew(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  watched: Watched,
  before: Reference,
  jobs: readonly CompletedJob[],
): Promise<ReadonlyMap<string, JudgedAnew>> {
  const { camera, reference, events } = watched;
  const isOwn = ({ referenceId }: CompletedJob) => referenceId === before.id || referenceId === reference.id;
  const glass = await glassAnew(db, looker, { ...watched, reference: before }, jobs.filter(isOwn));
  const { detector, thresholds, persistence, calibrationId } = camera;
  const settings = { detector, thresholds, persistence, calibrationId, referenceId: reference.id };
  const judged = new Map<string, JudgedAnew>();
  const breather = new Breather();
  const all = [...jobs];
  let embeddings: ReadonlyMap<string, Embedding> = new Map();
  let judge: Judge | null = null;
  /** whether the judge stands right after the job before */
  let isPlaced = false;
  let brokenAt: number | null = null;
  for (const [i, job] of jobs.entries()) {
    if (i % BATCH === 0) {
      const ids = jobs.slice(i, i + BATCH).filter(isOwn);
      embeddings = await loadEmbeddings(
        db,
        ids.map(({ id }) => id),
      );
    }
    await breather.pause();
    const embedding = embeddings.get(job.id);
    const counts = !isSetAside(job);
    if (!isOwn(job) || (counts && !embedding)) {
      isPlaced = false;
      continue;
    }
    const since = lastBreak(events, job.capturedAt);
    if (!judge || !isPlaced || since !== brokenAt) {
      judge = await restoreJudge(db, watched, all.slice(0, i), since, judge);
    }
    [isPlaced, brokenAt] = [true, since];
    const learned = counts && embedding ? judge.update(embedding) : uncounted(judge);
    const last = all[i - 1];
    const isSince = last && (since === null || last.capturedAt >= since);
    const said = counts
      ? glass.get(job.id)
      : standingAnew(glass.get(job.id) ?? job.glass, isSince ? last : null);
    const isOther = said !== undefined && said !== job.glass;
    const facts = { blindness: null, ...learned, ...settings, ...(isOther && { glass: said }) };
    judged.set(job.id, facts);
    all[i] = { ...job, ...facts };
  }
  return judged;
}

/** Makes a camera judge by other settings, and its stored history with it, all or nothing. @throws AppError `disk-full` or `storage-failed` */
export async function changeJudging(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  watched: Watched,
): Promise<void> {
  const { camera, reference } = watched;
  const judged = await judgeAnew({ db, looker }, watched, reference, await loadScored(db, camera));
  await saveJudging(db, camera, judged);
}

/** What growth and loss say of these jobs; none where a window and a persistence as theirs are in force. */
async function glassAnew(
  db: Database,
  looker: GlassLooker,
  watched: Watched,
  own: readonly CompletedJob[],
): Promise<ReadonlyMap<string, GlassFacts>> {
  // Limits of the learned distance change neither growth nor loss.
  if (own.every((job) => isWindowedAlike(job, watched.camera))) return new Map();
  const { id } = watched.reference;
  return replayGlass(db, looker, watched, own, (job) => job.referenceId === id);
}

/** What stands for a snapshot that counts for nothing depends on the verdict before it. */
function standingAnew(
  glass: GlassFacts | null | undefined,
  before: CompletedJob | null,
): GlassFacts | null | undefined {
  const standing = standingAfter(before);
  return glass && glass.standing !== standing ? { ...glass, standing } : glass;
}
