import { type CompletedJob } from '../../core/domain/camera/job';
import type { GlassSight } from '../../core/domain/glass/glass';
import { LEAST_MOVE } from '../../core/domain/glass/glass-facts';
import { GLASS_WIDTH } from '../../core/domain/glass/picture';
import { fittingReference } from '../../core/domain/glass/views';
import { historyKey } from '../../core/domain/camera/job';
import type { Reference } from '../../core/domain/camera/job';
import type { Session } from '../../core/session/session.svelte';
import { loadGlassFit } from '../../core/storage/glass';
import { loadThumbnail } from '../../core/storage/jobs';

/** Snapshots by which a camera is known to look as an earlier reference has it. */
const LATELY = 6;
/** So many make a reference that is calm: with 12 about half of the clean windows were above the warning limit. */
export const NEEDED = 40;

/** The present history of the chosen camera: what its model said of its snapshots through its reference. */
export function presentJobs({ camera, monitor }: Session): readonly CompletedJob[] {
  const key = camera && historyKey(camera);
  return monitor.jobs.filter(
    (job): job is CompletedJob => job.jobStatus === 'Completed' && historyKey(job) === key,
  );
}

/** The newest snapshots in a row that show another view; none while that may be a fish. */
export function elsewhereOf(jobs: readonly CompletedJob[]): readonly CompletedJob[] {
  const first = jobs.findLastIndex(({ glass }) => !glass?.view.isAside) + 1;
  return jobs.at(-1)?.glass?.view.isAlarming ? jobs.slice(first) : [];
}

/** Whether the newest snapshots agree on a view that is not the reference's. */
export function hasMoved(jobs: readonly CompletedJob[]): boolean {
  const newest = jobs.at(-1);
  return newest?.glass?.view.hasMoved ?? false;
}

/** Since when the scene is so far from where the reference has it; null where it is in place. */
export function smallMove(
  jobs: readonly CompletedJob[],
): { readonly at: number; readonly share: number } | null {
  const seen = jobs.filter(({ glass }) => glass && !glass.view.isAside && !glass.isDark);
  const sizeOf = ({ glass }: CompletedJob) => Math.hypot(glass!.move.down, glass!.move.right);
  const newest = seen.at(-1);
  if (!newest || sizeOf(newest) < LEAST_MOVE) return null;
  const before = seen.findLastIndex((job) => sizeOf(job) < LEAST_MOVE);
  return { at: seen[before + 1]!.capturedAt, share: sizeOf(newest) / GLASS_WIDTH };
}

/**
 * The earlier reference whose view the camera has again.
 *
 * @param elsewhere - snapshots in a row that show another view than the present reference's
 */
export async function earlierView(
  { db, looker, references, reference }: Session,
  elsewhere: readonly CompletedJob[],
): Promise<Reference | null> {
  if (elsewhere.length < LATELY) return null;
  const others = references.filter(
    ({ id, modelSha256 }) => id !== reference?.id && modelSha256 === reference?.modelSha256,
  );
  const sights: GlassSight[][] = [];
  const looked: Reference[] = [];
  for (const other of others) {
    const fit = await loadGlassFit(db, other.id);
    if (!fit) continue;
    const thumbnails = await Promise.all(elsewhere.slice(-LATELY).map(({ id }) => loadThumbnail(db, id)));
    const seen = await looker.look(
      fit,
      thumbnails.filter((thumbnail) => thumbnail !== null),
      [],
    );
    looked.push(other);
    sights.push(seen.filter((sight) => sight !== null));
  }
  const fitting = fittingReference(sights);
  return fitting === null ? null : looked[fitting]!;
}
