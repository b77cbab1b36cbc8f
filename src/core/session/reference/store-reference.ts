import { AppError } from '../../domain/errors';
import type { Camera } from '../../domain/camera/job';
import { isMadeFor } from '../../domain/model/own-model';
import { saveReference, type WithReference } from '../../storage/cameras';
import type { NewReference } from './reference-builder';
import type { Session } from '../session.svelte';

/**
 * Stores a camera's next reference version with what its pictures show of a clean lens, and makes the camera use it: all
 * or nothing.
 *
 * @throws AppError `disk-full` or `storage-failed`; then nothing was stored
 */
export async function storeReference(
  { db, looker, models }: Pick<Session, 'db' | 'looker' | 'models'>,
  camera: Camera,
  { reference, thumbnails, glass }: NewReference,
  more: Omit<WithReference, 'thumbnails'> = {},
): Promise<void> {
  const glassFit =
    more.glassFit ??
    (await looker.fit(glass, reference.capturedAt ?? []).catch((error: unknown) => {
      // It is made later, from the stored pictures.
      if (error instanceof AppError) return null;
      throw error;
    }));
  const manifest = models.find(reference.modelSha256)?.manifest;
  const known = manifest ? { isOwnModel: isMadeFor(manifest, reference.embeddings) } : {};
  await saveReference(db, camera, { ...reference, ...known }, { ...more, thumbnails, glassFit });
}
