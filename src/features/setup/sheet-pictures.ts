import { loadReferenceThumbnail } from '../../core/storage/cameras';
import type { Database } from '../../core/storage/database';

/** Addresses of a reference's pictures, to be revoked by who asked; null for one that was frozen without. */
export async function referencePictures(
  db: Database,
  referenceId: string,
  indices: readonly number[],
): Promise<readonly (string | null)[]> {
  const pictures = await Promise.all(indices.map((index) => loadReferenceThumbnail(db, referenceId, index)));
  return pictures.map((bytes) => bytes && URL.createObjectURL(new Blob([bytes], { type: 'image/jpeg' })));
}
