import { AppError } from '../../domain/errors';
import type { Camera, Reference } from '../../domain/camera/job';
import type { JudgedAgain } from '../../storage/jobs';
import { isMadeFor } from '../../domain/model/own-model';
import { saveReference, type WithReference } from '../../storage/cameras';
import type { NewReference } from './reference-builder';
import { timelineOf, withInForce } from '../../domain/camera/timeline';
import type { InForce } from '../../domain/camera/job';
import { scoredBy } from '../history/history';
import type { Session } from '../session.svelte';

/**
 * The camera's references in force with one more.
 *
 * @param at - capture time from which it judges; after the newest snapshot unless told
 */
export function inForceFrom(
  { present }: Pick<Session, 'present'>,
  referenceId: string,
  at?: number,
): readonly InForce[] {
  if (!present) return [{ at: 0, referenceId }];
  const jobs = scoredBy(present.camera.modelSha256, present.jobs);
  const known = timelineOf(present, jobs, present.events);
  const newest = present.jobs.at(-1)?.capturedAt;
  return withInForce(known, { at: at ?? (newest === undefined ? 0 : newest + 1), referenceId });
}

/**
 * Stores a camera's next reference version with what its pictures show of a clean lens, and makes the camera use it: all
 * or nothing.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was stored
 */
export async function storeReference(
  session: Pick<Session, 'db' | 'looker' | 'now' | 'models' | 'camera' | 'present' | 'pictureOf'>,
  camera: Camera,
  { reference, thumbnails, glass }: NewReference,
  more: Omit<WithReference, 'thumbnails'> = {},
): Promise<void> {
  const { db, looker, models } = session;
  const glassFit =
    more.glassFit ??
    (await looker.fit(glass, reference.capturedAt ?? []).catch((error: unknown) => {
      // It is made later, from the stored pictures.
      if (error instanceof AppError) return null;
      throw error;
    }));
  const manifest = models.find(reference.modelSha256)?.manifest;
  const known = manifest ? { isOwnModel: isMadeFor(manifest, reference.embeddings) } : {};
  const stored = { ...reference, ...known };
  const { again, using } = more.again
    ? { again: more.again, using: camera }
    : await asInForce(session, camera, stored, { ...more, glassFit });
  await saveReference(db, using, stored, { ...more, thumbnails, glassFit, ...(again && { again }) });
}

/** The camera with a reference in force from now on, or from a new view on, and what that makes of its history. */
async function asInForce(
  session: Pick<Session, 'db' | 'looker' | 'now' | 'camera' | 'present' | 'pictureOf'>,
  camera: Camera,
  reference: Reference,
  { glassFit = null, events = [] }: Pick<WithReference, 'glassFit' | 'events'>,
): Promise<{ readonly using: Camera; readonly again?: JudgedAgain }> {
  const present = session.camera?.id === camera.id ? session.present : null;
  const at = events[0]?.at;
  const timeline = inForceFrom({ present }, reference.id, at);
  const using = { ...camera, referenceId: reference.id, timeline };
  if (!present || at === undefined) return { using };
  const { judgedBy } = await import('../history/change-inputs');
  const { db, looker, pictureOf } = session;
  const now = () => session.now();
  const by = { db, looker, pictureOf, now, fits: new Map([[reference.id, glassFit]]) };
  return { using, again: await judgedBy(by, present, { camera: using, reference, events }, { from: [at] }) };
}
