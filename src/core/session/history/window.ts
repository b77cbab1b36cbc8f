import { DETECTORS, prepareFit } from '../../domain/drift/detectors';
import type { Embedding } from '../../domain/drift/embedding';
import type { Camera } from '../../domain/camera/camera';
import type { CameraEvent } from '../../domain/camera/event';
import type { CompletedJob } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { Judge } from '../../domain/drift/judge';
import type { Judging } from '../../domain/drift/judging';
import type { DetectorSettings } from '../../domain/model/model';
import type { Database } from '../../storage/database';
import { loadEmbeddings } from '../../storage/jobs';
import { Breather } from '../../browser/breather';

/** Everything that decides how a camera's snapshots are judged; it is changed as a whole. */
export interface WatchedCamera {
  readonly camera: Camera;
  /** the reference that judges the newest snapshots */
  readonly reference: Reference;
  /** all versions, oldest first */
  readonly references: readonly Reference[];
  /** in capture order */
  readonly events: readonly CameraEvent[];
}

/**
 * Makes a judge of these settings, while the page goes on answering.
 *
 * @throws AppError when the settings or the reference can't be used
 */
export async function fit(judging: Judging, reference: readonly Embedding[]): Promise<Judge> {
  await prepare(judging.detector, reference);
  return new Judge(judging, reference);
}

/** Does the slow part of comparing with a reference, a part at a time; comparing is quick afterwards. */
export async function prepare(detector: DetectorSettings, reference: readonly Embedding[]): Promise<void> {
  const breather = new Breather();
  await prepareFit(detector, reference, () => breather.pause());
}

/**
 * The distance of the snapshots in a window that is not full yet, for a person who waits to see whether cleaning
 * helped. It is the rougher the fewer they are; no verdict rests on it.
 *
 * @returns null for fewer than two
 */
export async function earlyDistance(
  db: Database,
  reference: Reference,
  jobs: readonly CompletedJob[],
): Promise<number | null> {
  const [newest] = jobs.slice(-1);
  const kind = newest && DETECTORS.get(newest.detector.name);
  if (!kind || jobs.length < 2) return null;
  const ids = jobs.map(({ id }) => id);
  const embeddings = [...(await loadEmbeddings(db, ids)).values()];
  if (embeddings.length < 2) return null;
  await prepare(newest.detector, reference.embeddings);
  return kind.distanceOf(reference.embeddings, embeddings, newest.detector);
}
