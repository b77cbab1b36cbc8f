import { AppError } from '../../domain/errors';
import type { Camera, InForce } from '../../domain/camera/camera';
import type { Job } from '../../domain/camera/job';
import type { Reference } from '../../domain/camera/reference';
import { isUntaught } from '../../domain/camera/verdict';
import { cleanMissing } from '../../domain/camera/reference-size';
import { isUnjudged } from '../../domain/camera/snapshot-job';
import type { JudgedAgain } from '../../storage/judged-again';
import { isMadeFor } from '../../domain/model/own-model';
import { saveReference, type WithReference } from '../../storage/inputs';
import type { NewReference } from './reference-builder';
import { timelineOf, withInForce } from '../../domain/camera/timeline';
import type { Present } from '../history/change-inputs';
import type { Models } from '../models.svelte';
import type { Session } from '../session.svelte';

/**
 * The camera's references in force with one more.
 *
 * @param at - capture time from which it judges
 */
export function inForceFrom(present: Present, referenceId: string, at: number): readonly InForce[] {
  return withInForce(timelineOf(present), { at, referenceId });
}

/** The cameras and what a reference of one is made and judged with; a session has them. */
export type ReferenceParts = Pick<Session, 'sources' | 'models' | 'cameras'>;

/** The capture time right after the newest snapshot that was judged, and is not ahead of now. */
function afterNewest({ jobs }: Present, now: number): number {
  const isNewest = (job: Job) =>
    job.jobStatus === 'Completed' && !isUnjudged(job) && !isUntaught(job) && job.capturedAt <= now;
  return (jobs.findLast(isNewest)?.capturedAt ?? -1) + 1;
}

/** A reference that says if the model was made for its camera. */
export function withOwnModel(models: Models, reference: Reference): Reference {
  const manifest = models.find(reference.modelSha256)?.manifest;
  return manifest ? { ...reference, isOwnModel: isMadeFor(manifest, reference.embeddings) } : reference;
}

/**
 * Stores a camera's next reference version with what its pictures show of a clean lens, and makes the camera use it: all
 * or nothing.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was stored
 */
export async function storeReference(
  parts: ReferenceParts,
  camera: Camera,
  { reference, thumbnails, glass }: NewReference,
  more: Omit<WithReference, 'thumbnails' | 'glassFit' | 'again'> = {},
): Promise<void> {
  const { models, sources } = parts;
  const { db, looker } = sources;
  const fit = () =>
    looker.fit(glass, reference.capturedAt ?? []).catch((error: unknown) => {
      // It is made later, from the stored pictures.
      if (error instanceof AppError) return null;
      throw error;
    });
  const glassFit = cleanMissing(reference) > 0 ? null : await fit();
  const stored = withOwnModel(models, reference);
  const { again, using } = more.isBeside
    ? { using: camera, again: undefined }
    : await asInForce(parts, camera, stored, { ...more, glassFit });
  await saveReference(db, using, stored, { ...more, thumbnails, glassFit, ...(again && { again }) });
}

/** The camera with a reference in force from now on, or from a new view on, and its history judged by it. */
async function asInForce(
  { cameras, sources }: ReferenceParts,
  camera: Camera,
  reference: Reference,
  { glassFit = null, events = [] }: Pick<WithReference, 'glassFit' | 'events'>,
): Promise<{ readonly using: Camera; readonly again?: JudgedAgain }> {
  const present = cameras.chosen?.id === camera.id ? cameras.present : null;
  const using = { ...camera, referenceId: reference.id };
  if (!present) return { using: { ...using, timeline: [{ at: 0, referenceId: reference.id }] } };
  const at = events[0]?.at ?? afterNewest(present, sources.now());
  const timeline = inForceFrom(present, reference.id, at);
  const { judgedBy } = await import('../history/change-inputs');
  const withFit = { ...sources, fits: new Map([[reference.id, glassFit]]) };
  const next = { ...using, timeline };
  const again = await judgedBy(
    withFit,
    present,
    { camera: next, references: [reference], events },
    { from: [at] },
  );
  return { using: next, again };
}
