import { DETECTORS, prepareFit } from '../../domain/drift/detectors';
import type { Embedding } from '../../domain/drift/embedding';
import {
  historyKey,
  isSetAside,
  learnedVerdictOf,
  type Camera,
  type CameraEvent,
  type CompletedJob,
  type Reference,
} from '../../domain/camera/job';
import { warmUpEmbeddings } from '../../domain/camera/warm-up';
import { Judge, type Judging } from '../../domain/drift/judge';
import type { DetectorSettings } from '../../domain/model/model';
import type { Database } from '../../storage/database';
import { loadEmbeddings } from '../../storage/jobs';
import { Breather } from '../../browser/breather';

/** What decides how a camera's snapshots are judged; it is changed as a whole. */
export interface Watched {
  readonly camera: Camera;
  readonly reference: Reference;
  /** in capture order */
  readonly events: readonly CameraEvent[];
}

/**
 * The judge as it stood after the last of these jobs: its window filled from the stored embeddings, so that the next
 * distance is the same to the last bit as without a reload, and its alarm as the stored distances left it.
 *
 * @param earlier - what the camera's present model scored before the next snapshot, in capture order; what an earlier
 * model said of the same snapshots, a standing alarm too, is no part of this; where an embedding is lost from storage, the
 * window begins anew after it
 * @param since - when the lens was cleaned last before the next snapshot; nothing before it is in the window
 * @param fitted - a judge of the same settings and reference, which spares fitting it again (n² / 2 kernels)
 */
export async function restoreJudge(
  db: Database,
  { camera, reference }: Watched,
  earlier: readonly CompletedJob[],
  since: number | null,
  fitted: Judge | null,
): Promise<Judge> {
  const counted = earlier.filter((job) => !isSetAside(job));
  const scored = since === null ? counted : counted.filter((job) => job.capturedAt >= since);
  const newest = scored.slice(-camera.detector.windowSize).map((job) => job.id);
  const stored = await loadEmbeddings(db, newest);
  // What came before a lost embedding, clean ones of the reference too, would stand for snapshots that it is not of.
  const lost = newest.findLastIndex((id) => !stored.has(id));
  const known = newest.slice(lost + 1).map((id) => stored.get(id)!);
  const before = since === null && lost < 0 ? warmUpEmbeddings(camera, reference) : [];
  const window = [...before, ...known];
  const judge = fitted ?? (await fit(camera, reference.embeddings));
  const key = historyKey(camera);
  const others = scored.findLastIndex((job) => historyKey(job) !== key);
  const standing = others < 0 ? 'not-checked' : learnedVerdictOf(scored[others]!);
  judge.restore(
    window.slice(-camera.detector.windowSize),
    scored.slice(others + 1).map((job) => job.distance),
    standing === 'not-checked' ? 'normal' : standing,
  );
  return judge;
}

/**
 * A judge of these settings, while the page goes on answering.
 *
 * @throws AppError when the settings or the reference can't be used
 */
export async function fit(judging: Judging, reference: readonly Embedding[]): Promise<Judge> {
  await prepare(judging.detector, reference);
  return new Judge(judging, reference);
}

/** Does what takes long of comparing with a reference, a part at a time; comparing is quick afterwards. */
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
