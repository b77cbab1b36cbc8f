import { Breather } from '../browser/breather';
import { isSetAside, lastBreak, type CompletedJob, type Reference } from '../domain/camera/job';
import type { GlassFacts } from '../domain/glass/glass-facts';
import type { GlassLooker } from '../encoder/glass-looker';
import type { Database } from '../storage/database';
import { loadEmbeddings, type JudgedAnew } from '../storage/jobs';
import { isWindowedAlike, replayGlass } from './glass-replay';
import { fit, uncounted, warmUpEmbeddings, type Watched } from './window';

/** Embeddings that are read at a time. */
const BATCH = 1000;

/**
 * What a camera's history is by other settings: as if they had been in force from its first snapshot on, to the last bit.
 * Growth and loss keep their fit; what they say depends on the window and the persistence too.
 *
 * @param watched - the camera with the settings and the reference that are to be in force
 * @param before - the reference that the jobs were judged by: those of earlier ones keep what they say
 * @param jobs - scored by the camera's model, in capture order
 * @returns by job id; a job whose embedding is lost from storage keeps what it says, and the window begins anew after it
 */
export async function judgeAnew(
  { db, looker }: { readonly db: Database; readonly looker: GlassLooker },
  { camera, reference, events }: Watched,
  before: Reference,
  jobs: readonly CompletedJob[],
): Promise<ReadonlyMap<string, JudgedAnew>> {
  const own = jobs.filter(({ referenceId }) => referenceId === before.id);
  // Limits change neither growth nor loss.
  const isHeardAlike = own.every((job) => isWindowedAlike(job, camera));
  const glass = isHeardAlike
    ? new Map<string, GlassFacts>()
    : await replayGlass(db, looker, { camera, reference: before, events }, own, () => true);
  const judge = await fit(camera, reference.embeddings);
  const { detector, thresholds, persistence, calibrationId } = camera;
  const settings = { detector, thresholds, persistence, calibrationId, referenceId: reference.id };
  const judged = new Map<string, JudgedAnew>();
  const breather = new Breather();
  let brokenAt = own[0] ? lastBreak(events, own[0].capturedAt) : null;
  if (brokenAt === null) judge.restore(warmUpEmbeddings(camera, reference), []);
  for (let next = 0; next < own.length; next += BATCH) {
    const some = own.slice(next, next + BATCH);
    const embeddings = await loadEmbeddings(
      db,
      some.map(({ id }) => id),
    );
    for (const job of some) {
      const since = lastBreak(events, job.capturedAt);
      if (since !== brokenAt) judge.empty();
      brokenAt = since;
      const embedding = embeddings.get(job.id);
      if (!embedding) {
        judge.empty();
        continue;
      }
      const facts = isSetAside(job) ? uncounted(judge) : judge.update(embedding);
      const said = glass.get(job.id) ?? job.glass;
      judged.set(job.id, {
        blindness: null,
        ...facts,
        ...settings,
        ...(said !== undefined && { glass: said }),
      });
    }
    await breather.pause();
  }
  return judged;
}
