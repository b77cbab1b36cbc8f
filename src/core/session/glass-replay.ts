import { lastCleaning, type CompletedJob } from '../domain/camera/job';
import type { GlassFacts } from '../domain/glass/glass-facts';
import type { GlassLooker } from '../encoder/glass-looker';
import type { Database } from '../storage/database';
import { loadSights } from '../storage/glass';
import { GlassWatch } from './glass-watch';
import type { Watched } from './window';

/** Sights that are read at a time: 1 MB. */
const BATCH = 500;

/**
 * What growth and loss say of a history by other settings, such as other cells that are not on the glass: as if they had
 * been in force from its first snapshot on, from the stored sights.
 *
 * @param jobs - of one camera, in capture order; those of another reference, or without a sight, are left out
 * @returns facts by job id; none where the reference has no fit
 */
export async function replayGlass(
  db: Database,
  looker: GlassLooker,
  watched: Watched,
  jobs: readonly CompletedJob[],
): Promise<ReadonlyMap<string, GlassFacts>> {
  const facts = new Map<string, GlassFacts>();
  const watch = await GlassWatch.open(db, looker, watched);
  if (!watch) return facts;
  const own = jobs.filter(({ glass, referenceId }) => glass && referenceId === watched.reference.id);
  let cleanedAt: number | null = null;
  for (let next = 0; next < own.length; next += BATCH) {
    const some = own.slice(next, next + BATCH);
    const sights = await loadSights(
      db,
      some.map(({ id }) => id),
    );
    for (const { id, capturedAt, glass } of some) {
      const sight = sights.get(id);
      if (!sight) continue;
      const since = lastCleaning(watched.events, capturedAt);
      if (since !== cleanedAt) watch.empty();
      cleanedAt = since;
      const { facts: found } = watch.take(sight);
      facts.set(id, glass?.isAfterwards ? { ...found, isAfterwards: true } : found);
    }
  }
  return facts;
}
