import { lastBreak } from '../../core/domain/camera/event';
import type { CompletedJob } from '../../core/domain/camera/job';
import type { Reference } from '../../core/domain/camera/reference';
import type { GlassFit } from '../../core/domain/glass/glass';
import type { GlassSight } from '../../core/domain/glass/sight';
import { LEAST_MOVE, positionOf } from '../../core/domain/glass/glass-facts';
import { distanceOf } from '../../core/domain/glass/move';
import { ENOUGH_CLEAN } from '../../core/domain/camera/reference-size';
import { isTurned, turnOf } from '../../core/domain/glass/turn';
import { fittingReference } from '../../core/domain/glass/views';
import type { Cameras } from '../../core/session/cameras.svelte';
import { fitOfReference } from '../../core/session/glass/fit-of-reference';
import type { Sources } from '../../core/session/history/contents';
import { loadThumbnail } from '../../core/storage/jobs';
import type { Session } from '../../core/session/session.svelte';

/** The chosen camera and its history; a session has them. */
type ChosenCamera = Pick<Session, 'cameras' | 'history'>;

/** Snapshots by which a camera is known to look as an earlier reference has it. */
export const LATELY = 6;

/** The newest snapshots in a row of the chosen camera's present reference that show another view; none while that may be a fish. */
export function elsewhereOf(seen: ChosenCamera): readonly CompletedJob[] {
  const run: CompletedJob[] = [];
  for (const job of newestFirst(seen)) {
    if (!job.glass?.view.isAside) break;
    run.push(job);
  }
  return run[0]?.glass?.view.isAlarming ? run.reverse() : [];
}

/**
 * The newest snapshots in a row that count and show the camera turned as it is now, oldest first; none while it is in place
 * or looks elsewhere.
 */
export function turnedOf(seen: ChosenCamera): readonly CompletedJob[] {
  const run: CompletedJob[] = [];
  for (const job of newestFirst(seen)) {
    const { glass } = job;
    if (glass?.view.isAside) break;
    if (!glass?.growth) continue;
    const [here, now] = [positionOf(glass), positionOf((run[0] ?? job).glass!)];
    if (!turnOf(glass) || distanceOf(here, now) >= LEAST_MOVE) break;
    run.push(job);
  }
  return run.reverse();
}

/** Those of them that can be the reference of the new view: it needs one, and there are enough. */
export function ofNewView(turned: readonly CompletedJob[]): readonly CompletedJob[] {
  const far = turned.slice(turned.findLastIndex(({ glass }) => !isTurned(glass)) + 1);
  return far.length < ENOUGH_CLEAN ? [] : far;
}

/**
 * The chosen camera's snapshots by its present model and reference since the last cleaning or new view: what was before is
 * no longer so. Only those that are asked for are looked at.
 */
function* newestFirst({ cameras, history }: ChosenCamera): Generator<CompletedJob> {
  const { chosen: camera, events } = cameras;
  const from = lastBreak(events, cameras.clock()) ?? -Infinity;
  for (let i = history.jobs.length - 1; i >= 0; i -= 1) {
    const job = history.jobs[i]!;
    if (job.capturedAt < from) return;
    if (job.jobStatus !== 'Completed' || job.modelSha256 !== camera?.modelSha256) continue;
    if (job.referenceId === camera.referenceId) yield job;
  }
}

/** The earlier reference whose view the camera has again. @param elsewhere - snapshots in a row with another view */
export async function earlierView(
  { references, reference, events }: Cameras,
  sources: Sources,
  elsewhere: readonly CompletedJob[],
): Promise<Reference | null> {
  if (elsewhere.length < LATELY) return null;
  // The cycles of one view look alike: the newest speaks for all.
  const turnedAt = events.flatMap(({ at, beginsCycle }) => (beginsCycle ? at : []));
  const viewOf = ({ version, beganAt = -Infinity }: Reference) =>
    [version, turnedAt.filter((at) => at <= beganAt).length].join(' ');
  const newest = new Map(references.map((each) => [viewOf(each), each]));
  const others = [...newest.values()].filter(
    ({ id, modelSha256 }) => id !== reference?.id && modelSha256 === reference?.modelSha256,
  );
  const looks: { fit: GlassFit; sights: GlassSight[] }[] = [];
  const looked: Reference[] = [];
  for (const other of others) {
    const fit = await fitOfReference(sources, other.id);
    if (!fit) continue;
    const thumbnails = await Promise.all(
      elsewhere.slice(-LATELY).map(({ id }) => loadThumbnail(sources.db, id)),
    );
    const seen = await sources.looker.look(
      fit,
      thumbnails.filter((thumbnail) => thumbnail !== null),
    );
    looked.push(other);
    looks.push({ fit, sights: seen.filter((sight) => sight !== null) });
  }
  const fitting = fittingReference(looks);
  return fitting === null ? null : looked[fitting]!;
}
