import { lastBreak, type CompletedJob } from '../../domain/camera/job';
import type { Judging } from '../../domain/drift/judge';
import { NO_PERSISTENCE } from '../../domain/drift/persistence';
import type { GlassFacts } from '../../domain/glass/glass-facts';
import type { GlassLooker } from '../../encoder/glass/glass-looker';
import type { Database } from '../../storage/database';
import { loadSights } from '../../storage/glass-fits';
import { loadThumbnail } from '../../storage/jobs';
import { GlassWatch } from './glass-watch';
import type { Watched } from '../history/window';

/** Sights that are read at a time: 1 MB. */
const BATCH = 500;

/**
 * What growth and loss say of a history by other settings of its reference, such as other cells that are not on the glass:
 * as if they had been in force from its first snapshot on, from the stored sights. What was seen no more than in its
 * thumbnail, as after an export of before, is seen again there.
 *
 * @param jobs - of one camera, in capture order
 * @param isTaken - which of them; unless told those of another reference, or that were judged by another window or
 *   persistence than the camera's present one, keep what they say
 * @returns facts by job id; none where the reference has no fit
 */
export async function replayGlass(
  db: Database,
  looker: GlassLooker,
  watched: Watched,
  jobs: readonly CompletedJob[],
  isTaken: (job: CompletedJob) => boolean = (job) => isJudgedAlike(job, watched),
): Promise<ReadonlyMap<string, GlassFacts>> {
  const facts = new Map<string, GlassFacts>();
  const watch = await GlassWatch.open(db, looker, watched);
  if (!watch) return facts;
  const own = jobs.filter((job) => job.glass && isTaken(job));
  let brokenAt: number | null = null;
  for (let next = 0; next < own.length; next += BATCH) {
    const some = own.slice(next, next + BATCH);
    const sights = await loadSights(
      db,
      some.map(({ id }) => id),
    );
    for (const job of some) {
      const since = lastBreak(watched.events, job.capturedAt);
      if (since !== brokenAt) watch.empty();
      brokenAt = since;
      const sight = sights.get(job.id);
      const thumbnail = sight ? null : await loadThumbnail(db, job.id);
      const seen = sight ? watch.take(sight) : thumbnail && (await watch.see(thumbnail));
      // What it said stands, and is in no window.
      if (!seen) continue;
      const glass = {
        ...seen.facts,
        ...(job.glass?.isAfterwards && { isAfterwards: true as const }),
      };
      facts.set(job.id, glass);
      watch.passed({ ...job, glass });
    }
  }
  return facts;
}

function isJudgedAlike(job: CompletedJob, { camera, reference }: Watched): boolean {
  return job.referenceId === reference.id && isWindowedAlike(job, camera);
}

/** Whether a job was judged by the same window and persistence. */
export function isWindowedAlike(job: CompletedJob, { detector, persistence }: Judging): boolean {
  const { raiseAfter, clearAfter, clearBelow } = job.persistence ?? NO_PERSISTENCE;
  return (
    job.detector.windowSize === detector.windowSize &&
    raiseAfter === persistence.raiseAfter &&
    clearAfter === persistence.clearAfter &&
    clearBelow === persistence.clearBelow
  );
}
