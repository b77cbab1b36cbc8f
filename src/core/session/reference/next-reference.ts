import type { Camera } from '../../domain/camera/camera';
import type { CompletedJob, Job } from '../../domain/camera/job';
import { sameView, type Reference } from '../../domain/camera/reference';
import { isSetAside } from '../../domain/camera/verdict';
import { wallClocksOf } from '../../domain/camera/time/reference-times';
import { earliestDays } from '../../domain/camera/earliest-days';
import { toWall } from '../../domain/camera/time/zone';
import { wallClockOf } from '../../domain/camera/time/job-time';
import { loadReferenceThumbnail } from '../../storage/cameras';
import type { Database } from '../../storage/database';
import { loadEmbeddings, loadThumbnail } from '../../storage/jobs';
import { countedBy } from '../history/history';
import { freezeReference, type KnownSnapshot, type NewReference } from './reference-builder';

/**
 * The jobs of these that can join a reference: of its model and transform and its view, not in it yet, and out of the
 * window that the next snapshot will be judged with, since a window that shares snapshots with the reference scores low.
 *
 * @param jobs - all of the camera, in capture order
 */
export function joinable(
  candidates: readonly CompletedJob[],
  { camera, reference, jobs }: { camera: Camera; reference: Reference; jobs: readonly Job[] },
): readonly CompletedJob[] {
  const names = new Set(reference.names);
  const inWindow = new Set<string>();
  for (let i = jobs.length - 1; i >= 0 && inWindow.size < camera.detector.windowSize; i -= 1) {
    for (const { id } of countedBy(reference.modelSha256, [jobs[i]!])) inWindow.add(id);
  }
  return candidates.filter(
    (job) =>
      !inWindow.has(job.id) &&
      !names.has(job.imageName) &&
      !isSetAside(job) &&
      job.modelSha256 === reference.modelSha256,
  );
}

/** The clean snapshots of a reference, as they are stored. */
export function referenceSnapshots(db: Database, reference: Reference): Promise<KnownSnapshot[]> {
  const wallClocks = wallClocksOf(reference);
  return Promise.all(
    reference.embeddings.map(async (embedding, i) => ({
      name: reference.names[i] ?? '',
      contentSha256: reference.contentSha256?.[i] ?? '',
      embedding,
      capturedAt: reference.capturedAt?.[i] ?? null,
      wallClock: wallClocks[i] ?? null,
      properties: reference.properties?.[i] ?? null,
      thumbnail: await loadReferenceThumbnail(db, reference.id, i),
    })),
  );
}

/** A camera's next reference version: its present one and more snapshots that were scored and found clean. */
export async function extendedReference(
  db: Database,
  camera: Camera,
  reference: Reference,
  version: number,
  jobs: readonly CompletedJob[],
): Promise<NewReference> {
  const present = await referenceSnapshots(db, reference);
  const added = await snapshotsOf(db, jobs);
  const frozen = freezeReference(camera, version, [...present, ...added]);
  const { warmUpEmbeddings, besideTimes } = reference;
  const ofWarmUp = reference.contentSha256?.slice(reference.names.length) ?? [];
  const contentSha256 = [...(frozen.reference.contentSha256 ?? []), ...ofWarmUp];
  const next = {
    ...{ ...frozen.reference, contentSha256, warmUpEmbeddings, ...sameView(reference) },
    ...(besideTimes && { besideTimes }),
  };
  return { ...frozen, reference: next };
}

/** A camera's next reference version from scored snapshots alone: their earliest days, as after it was turned to another view. */
export async function referenceOf(
  db: Database,
  camera: Camera,
  version: number,
  jobs: readonly CompletedJob[],
): Promise<NewReference> {
  const walls = jobs.map(({ capturedAt, capturedAtSource }) =>
    capturedAtSource === 'file-date' ? null : toWall(capturedAt, camera),
  );
  const first = earliestDays(walls).map((place) => jobs[place]!);
  return freezeReference(camera, version, await snapshotsOf(db, first));
}

/** Scored snapshots as a reference takes them; one whose embedding is lost is left out. */
async function snapshotsOf(db: Database, jobs: readonly CompletedJob[]): Promise<KnownSnapshot[]> {
  const embeddings = await loadEmbeddings(
    db,
    jobs.map(({ id }) => id),
  );
  const added: KnownSnapshot[] = [];
  for (const job of jobs) {
    const { id, imageName: name, contentSha256, capturedAt, properties } = job;
    const embedding = embeddings.get(id);
    if (!embedding) continue;
    const thumbnail = await loadThumbnail(db, id);
    const wallClock = wallClockOf(job);
    added.push({ name, contentSha256, embedding, capturedAt, wallClock, properties, thumbnail });
  }
  return added;
}
